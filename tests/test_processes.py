"""One object in many threads, in forked and in spawned processes, and at the end of the interpreter."""

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from lives import assert_same

import facilis as fc
from facilis import _core
from facilis.replicates import workers

MODEL = fc.Model.example("bistable")
TABLE = MODEL.replace(rate=fc.Table.from_function(MODEL.rate, upper=8.0))
REGION = fc.Region.basin(MODEL)
PULSE = fc.Pulse(1.0, 3.0, 3.0)
THREADS = 8
SOL = fc.solve_limit(MODEL, 20.0, potential=2.0, calcium=9.0)
RUN = fc.simulate(MODEL, 30, 20.0, potential=2.0, calcium=9.0, rng=1)


def answers():
    """What the shared objects answer, as arrays by name."""
    start = {"potential": 2.0, "calcium": 9.0}
    times = fc.memory_times(TABLE, 20, 50.0, region=REGION, replicates=20, workers=2, rng=1, **start)
    return {
        "rate": TABLE.rate(np.linspace(0.0, 9.0, 1000)),
        "run": fc.simulate(MODEL, 30, 20.0, stimulus=PULSE, rng=1).potential,
        "table": fc.simulate(TABLE, 30, 20.0, rng=1, **start).potential,
        "limit": fc.solve_limit(TABLE, 20.0, stimulus=PULSE).potential,
        "dense": SOL(np.linspace(0.0, 20.0, 100)),
        "covariance": SOL.covariance,
        "equilibria": np.array([point.potential for point in fc.equilibria(MODEL)]),
        "region": np.array(REGION.contains(np.linspace(0.0, 3.0, 50), 5.0)),
        "times": times.time,
        "mean": np.array(times.restricted_mean().value),
        "spikes": RUN.spikes.of(3),
    }


def test_eight_threads_use_the_same_objects():
    alone = answers()
    with ThreadPoolExecutor(THREADS) as pool:
        for found in pool.map(lambda _: answers(), range(3 * THREADS)):
            assert_same(found, alone)


def test_eight_threads_ask_one_simulation():
    """One advances; the others look, copy, save and pickle, and each sees a simulation that is whole."""
    simulation, whole = (fc.Simulation(MODEL, 200, potential=2.0, calcium=9.0, rng=1) for _ in range(2))
    seen, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            twin = pickle.loads(pickle.dumps(simulation))
            seen.append((twin.t, twin.state().potential, simulation.copy().t >= twin.t))

    others = [threading.Thread(target=look) for _ in range(THREADS - 1)]
    for other in others:
        other.start()
    while len({t for t, *_ in list(seen)}) < 10:
        simulation.advance(simulation.t + 0.5, grid=None, spikes=False)
    stop.set()
    for other in others:
        other.join()
    for t, potential, later in sorted(seen, key=lambda one: one[0])[:: max(len(seen) // 50, 1)]:
        whole.advance(t, grid=None, spikes=False)
        np.testing.assert_array_equal(potential, whole.state().potential)
        assert later


def test_two_threads_do_not_advance_one_simulation_at_once():
    simulation = fc.Simulation(MODEL, 10**4, potential=2.0, calcium=9.0, rng=1)
    inside, asked = threading.Event(), threading.Event()

    def wait(fraction):
        inside.set()
        asked.wait()

    thread = threading.Thread(target=simulation.advance, args=(1.0,), kwargs={"progress": wait})
    thread.start()
    inside.wait()
    with pytest.raises(RuntimeError, match="advancing already, in another thread"):
        simulation.advance(2.0)
    asked.set()
    thread.join()
    assert simulation.advance(2.0).t_start == 1.0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_every_kind_use_the_same_objects(method):
    alone = answers()  # on threads of the core, before the fork
    with multiprocessing.get_context(method).Pool(2) as pool:
        for found in [pool.apply_async(answers) for _ in range(4)]:
            assert_same(found.get(timeout=60), alone)


# Its last breath takes long: threads that come back from the core meanwhile find no interpreter.
EXIT = """
import sys, threading, time
import facilis as fc

class Slow:
    def __del__(self, sleep=time.sleep):
        sleep(0.2)

slow = sys.slow = Slow()
model = fc.Model.example("bistable")

def work():
    while True:
        fc.solve_limit(model, 500.0, potential=2.0, calcium=9.0, grid=None)
        fc.simulate(model, 1000, 10.0, potential=2.0, calcium=9.0)
        fc.ensemble(model, 100, 10.0, potential=2.0, calcium=9.0, replicates=10, workers=2)

for _ in range(40):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)
"""


@pytest.mark.slow
def test_the_interpreter_ends_while_daemon_threads_are_in_the_core():
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", EXIT], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


def test_an_affinity_is_respected():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system has no affinities")
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    code += "from facilis.replicates.workers import processors; print(processors())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_the_least_that_is_told_counts(monkeypatch):
    assert 1 <= workers.processors() <= _core.processors()
    monkeypatch.setattr(os, "process_cpu_count", lambda: 1, raising=False)
    assert workers.processors() == 1
    monkeypatch.setattr(os, "process_cpu_count", lambda: None)
    assert workers.processors() == 1
    monkeypatch.setattr(os, "process_cpu_count", lambda: 10**6)
    assert workers.processors() == _core.processors()
