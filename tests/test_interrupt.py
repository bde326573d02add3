"""Progress, and Ctrl-C in the middle of a run."""

import signal
import sys
import threading
import time

import numpy as np
import pytest
from ctrl_c import CtrlC

import facilis as fc

# Firing for ever: without an interruption these runs would take days.
MODEL = fc.Model(0.5, 1.0, 0.1, fc.Hill(1.0, 1.0, 4, base=0.1))
FOR_EVER = {"grid": None, "spikes": False}


def start(n=1000):
    return fc.Simulation(MODEL, n, potential=4.0, calcium=9.0, rng=1)


@pytest.mark.parametrize("n", [2, 1000, 10**6])
def test_ctrl_c_raises_soon_and_leaves_the_simulation_usable(n):
    simulation = start(n)
    with CtrlC() as ctrl_c, pytest.raises(KeyboardInterrupt):
        simulation.advance(1e12, **FOR_EVER)
    assert time.perf_counter() - ctrl_c.time < 2.0
    stopped = simulation.t
    assert stopped > 0.0
    run = simulation.advance(stopped + 0.01, grid=None)
    assert (run.stop, run.final.t) == ("t_end", stopped + 0.01)


def test_ctrl_c_can_return_what_was_simulated():
    simulation = start()
    with CtrlC():
        run = simulation.advance(
            1e12, grid=np.arange(1e4), spikes=[3], on_interrupt="return", max_spikes=10**15
        )
    assert run.stop == "interrupted"
    assert run.final.t == simulation.t > 0.0
    np.testing.assert_array_equal(run.t, np.arange(1e4)[: run.t.size])
    assert run.t.size == min(np.floor(run.final.t) + 1, 1e4)
    again = start().advance(run.final.t, spikes=[3], max_spikes=10**15)
    np.testing.assert_array_equal(again.spikes.time, run.spikes.time)
    np.testing.assert_array_equal(again.final.potential, run.final.potential)


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["watch", "snapshots"])
def test_keeping_much_does_not_put_off_ctrl_c(kept):
    times = np.linspace(0.0, 0.02, 1000)
    options = {"watch": range(10**5), "grid": times} if kept == "watch" else {"snapshots": times}
    looks = [time.perf_counter()]
    start(10**5).advance(0.02, progress=lambda fraction: looks.append(time.perf_counter()), **options)
    assert len(looks) > 10
    assert np.median(np.diff(looks)) < 0.1


def test_an_interrupted_run_goes_on_as_if_nothing_had_been():
    calls = []

    def interrupt(fraction):
        calls.append(fraction)
        if len(calls) == 3:
            raise KeyboardInterrupt

    simulation = start(50)
    with pytest.raises(KeyboardInterrupt):
        simulation.advance(1e6, progress=interrupt, **FOR_EVER)
    assert 0.0 < simulation.t < 1e6
    rest = simulation.advance(1e6, **FOR_EVER)
    whole = start(50).advance(1e6, **FOR_EVER)
    np.testing.assert_array_equal(rest.final.potential, whole.final.potential)
    np.testing.assert_array_equal(rest.final.calcium, whole.final.calcium)


def test_simulate_passes_the_interruption_on():
    with CtrlC(), pytest.raises(KeyboardInterrupt):
        fc.simulate(MODEL, 100, 1e12, potential=4.0, calcium=9.0, **FOR_EVER)
    with CtrlC():
        run = fc.simulate(
            MODEL,
            100,
            np.inf,
            potential=4.0,
            calcium=9.0,
            max_spikes=10**15,
            on_interrupt="return",
            **FOR_EVER,
        )
    assert run.stop == "interrupted"


@pytest.mark.parametrize("bound", [{"until": 3e5}, {"until": np.inf, "max_spikes": 10**7}])
@pytest.mark.filterwarnings("ignore:stopped at t")
def test_progress_never_falls_and_ends_at_one(bound):
    fractions = []
    start(50).advance(progress=fractions.append, **bound, **FOR_EVER)
    assert len(fractions) > 2
    assert fractions == sorted(fractions)
    assert 0.0 <= fractions[0] < fractions[1] < 1.0 == fractions[-1]


def test_progress_is_shown_by_tqdm_where_it_is_installed(capsys):
    pytest.importorskip("tqdm")
    start(50).advance(3e4, progress=True, **FOR_EVER)
    assert "100%" in capsys.readouterr().err


def test_progress_is_text_elsewhere(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    start(50).advance(3e5, progress=True, **FOR_EVER)
    shown = capsys.readouterr().err
    assert shown.endswith("\r100%\n")
    assert shown.count("\r") > 3


def test_nothing_is_shown_by_default(capsys):
    start(50).advance(100.0)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_a_failing_progress_function_leaves_the_simulation_usable():
    simulation = start(50)
    with pytest.raises(ZeroDivisionError):
        simulation.advance(3e4, progress=lambda fraction: 1 / 0, **FOR_EVER)
    assert simulation.advance(simulation.t + 1.0).stop == "t_end"


def test_simulations_run_in_other_threads():
    results = []
    threads = [threading.Thread(target=lambda: results.append(start(50).advance(100.0))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(results[0].spikes.time, results[1].spikes.time)


def test_a_simulation_may_be_looked_at_while_another_thread_advances_it():
    simulation = start(200)
    thread = threading.Thread(target=lambda: simulation.advance(2e4, grid=None, spikes=False))
    thread.start()
    looks = []
    while thread.is_alive():
        looks.append((simulation.t, repr(simulation)))
    thread.join()
    assert simulation.t == 2e4
    assert sorted(looks) == looks or len({t for t, _ in looks}) > 1


def test_two_threads_cannot_advance_one_simulation():
    simulation, messages = start(200), []

    def advance(fraction):
        if not messages:
            thread = threading.Thread(target=attempt)
            thread.start()
            thread.join()

    def attempt():
        with pytest.raises(RuntimeError, match="advancing already") as caught:
            simulation.advance(1e9, grid=None, spikes=False)
        messages.append(str(caught.value))

    simulation.advance(100.0, grid=None, spikes=False, progress=advance)
    assert messages


def test_ctrl_c_stops_a_long_limit():
    """A hundred thousand atoms take minutes; a signal to this process after 0.3 s ends it at once."""
    potential = np.linspace(0.0, 5.0, 100_000)
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    begun = time.perf_counter()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fc.solve_limit(MODEL, 1e4, potential=potential, calcium=potential)
    assert time.perf_counter() - begun < 10.0
