"""Ctrl-C and progress in the middle of many networks."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from ctrl_c import CtrlC
from many_networks import MODEL, REGION, assert_same, times

import facilis as fc

# Firing for ever: without an interruption this would take years.
FOR_EVER = fc.Model(0.5, 1.0, 0.1, fc.Hill(1.0, 1.0, 4, base=0.1))


def endless(n=1000, **options):
    return fc.ensemble(FOR_EVER, n, 1e9, potential=4.0, calcium=9.0, grid=None, replicates=10**6, **options)


@pytest.mark.parametrize("n", [2, 1000])
def test_ctrl_c_stops_all_threads_soon(n):
    threads = threading.active_count()
    with CtrlC() as ctrl_c, pytest.raises(KeyboardInterrupt):
        endless(n, workers=4)
    assert time.perf_counter() - ctrl_c.time < 2.0  # 0.5 s on a machine with nothing else to do
    assert threading.active_count() <= threads


@pytest.mark.parametrize("options", [{"workers": 2}, {"chunk": 100}])
def test_ctrl_c_can_return_the_finished_replicates(options):
    struck = []

    def strike(fraction):
        if fraction > 0.0 and not struck:
            struck.append(fraction)
            os.kill(os.getpid(), signal.SIGINT)

    start = {"potential": 2.0, "calcium": 9.0, "region": REGION, "replicates": 10**6, "rng": 1}
    found = fc.memory_times(MODEL, 100, 1e4, progress=strike, on_interrupt="return", **start, **options)
    assert 0 < len(found.time) < 10**6
    assert np.all(np.diff(found.index.astype(int)) > 0)
    k = int(found.index[-1])
    assert found.rerun(k, grid=None, spikes=False).exit_time == found.time[-1]


def test_ctrl_c_pressed_twice_loses_nothing():
    options = {"potential": 2.0, "calcium": 9.0, "region": REGION, "replicates": 10**8, "rng": 1}
    with CtrlC(0.5), CtrlC(0.52):
        found = fc.memory_times(MODEL, 2, 1e4, on_interrupt="return", **options)
    assert len(found.time) > 100


def test_an_interrupt_before_anything_is_finished_returns_nothing():
    with CtrlC():
        found = endless(on_interrupt="return")
    assert found.potential.shape == (0, 0)
    assert found.index.size == 0


def test_an_interrupted_run_goes_on_from_its_directory(tmp_path):
    def interrupt(fraction):
        if fraction > 0.3:
            raise KeyboardInterrupt

    # A chunk must take longer to compute than to store: else all are computed before a third is stored.
    with pytest.raises(KeyboardInterrupt):
        times(replicates=20_000, directory=tmp_path, chunk=1000, progress=interrupt)
    assert 0 < len(list(tmp_path.iterdir())) < 20
    assert_same(times(replicates=20_000, directory=tmp_path), times(replicates=20_000))


@pytest.mark.parametrize("options", [{}, {"chunk": 5}])
def test_progress_never_falls_and_ends_at_one(options):
    fractions = []
    times(replicates=500, progress=fractions.append, **options)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_worker_process_obeys_ctrl_c():
    """In a worker's main thread a chunk must not keep the interpreter from hearing the signal."""
    program = (
        "import os, signal, threading, numpy as np, facilis as fc\n"
        "from facilis.replicates import engine\n"
        "from facilis.replicates.experiment import design\n"
        "model = fc.Model(0.5, 1.0, 0.1, fc.Hill(1.0, 1.0, 4, base=0.1))\n"
        "made = design(model, 1000, 1e9, potential=4.0, calcium=9.0, stimulus=(), grid=None,\n"
        "              exit_from=None, exit_after=None, rng=1)\n"
        "threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try:\n"
        "    engine.run_chunk(made, 0, 5)\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "stopped\n"
