"""Work that is killed and begun again, or shared by two programs: what processes of their own run."""

import importlib.util
import multiprocessing
import os
import signal
import time

import numpy as np

import facilis as fc
from facilis.replicates.experiment import Experiment
from facilis.simulation import checkpoint
from facilis.sweeps.point import Point

WITH_XARRAY = importlib.util.find_spec("xarray") is not None
MODEL = fc.Model.example("memory")
START = {"model": MODEL, "potential": 2.0, "calcium": 9.0, "rng": 1}
# A server without threads of its own forks the processes: they begin at once.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["facilis", "pytest", *(["xarray"] if WITH_XARRAY else [])])


def run(folder):
    """Run a network with a checkpoint, which is written as often as possible."""
    checkpoint._SHARE = 2
    path = None if folder is None else folder / "run.npz"
    kept = {"snapshots": [100.0, 300.0], "watch": [3, 5], "grid": 500}
    made = fc.simulate(n=1000, t_end=400.0, checkpoint=path, every=1e-3, **kept, **START)
    return {name: values for name, (_, values) in made._arrays().items()}


def ensemble(folder):
    """Run an ensemble whose chunks are kept."""
    kept = {"grid": 20, "replicates": 400, "chunk": 10}
    made = fc.ensemble(n=200, t_end=200.0, directory=folder, workers=2, **kept, **START)
    return {name: values for name, (_, values) in made._arrays().items()}


def sweep(folder):
    """Run a sweep whose points are kept."""
    region = fc.Region.potential_above(0.7)
    over = {"alpha": [0.18, 0.20, 0.21, 0.22], "n": [50, 60, 70, 80]}
    options = {"over": over, "t_max": 1e3, "replicates": 60, "workers": 1, "region": region}
    made = fc.sweep(fc.memory_times, directory=folder, **options, **START)
    return {str(name): variable.values for name, variable in made.variables.items()}


KINDS = [run, ensemble, *([sweep] if WITH_XARRAY else [])]


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def survive(kind, folder, kills, longest):
    """Kill the work again and again, until it ends by itself; do so until so many kills are counted.

    Returns
    -------
    kills, ends : int
        How many kills there were, and how many times the work ended, with the same bits as work that nobody kills.
    """
    whole, random = kind(None), np.random.default_rng(1)
    killed = ends = 0
    while killed < kills:
        place = folder / f"{kind.__name__}-{ends}"
        place.mkdir()
        patience = longest
        while True:
            process = processes.Process(target=kind, args=(place,))
            process.start()
            process.join(random.uniform(0.0, patience))
            alive = process.is_alive()
            if alive:
                os.kill(process.pid, signal.SIGKILL)
            process.join()
            if process.exitcode == 0:
                break
            assert process.exitcode == -signal.SIGKILL
            killed += 1
            patience *= 1.05  # so that it ends, on the slowest machine
        assert_same(kind(place), whole)  # read from the files
        ends += 1
    return killed, ends


def share(kind, folder, barrier, results):
    """Do the work when all are ready; tell what it gave, and how many pieces this process has computed."""
    counted = []
    owner = Point if kind is sweep else Experiment
    owner.run = counting(owner.run, counted)
    barrier.wait()
    results.put((kind(folder), len(counted)))


def counting(function, counted):
    def count(*args, **options):
        counted.append(time.perf_counter())
        return function(*args, **options)

    return count


def together(kind, folder, programs=2):
    """Let so many processes do the same work in one folder at once; return what each gave, and what it computed."""
    barrier, results = processes.Barrier(programs), processes.Queue()
    arguments = (kind, folder, barrier, results)
    started = [processes.Process(target=share, args=arguments) for _ in range(programs)]
    for process in started:
        process.start()
    found = [results.get(timeout=120) for _ in started]
    for process in started:
        process.join()
        assert process.exitcode == 0
    return found
