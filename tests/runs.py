"""The kernel as the tests of the law use it: one call per run, replicate k with the stream (seed, k)."""

import numpy as np

import facilis as fc
from facilis import _core
from facilis import seed as seeds
from facilis.model.stimulus import Current


def simulation(model, n, potential=0.0, calcium=0.0, pulses=(), seed=0, k=0):
    start = [np.atleast_1d(np.asarray(x, float)) for x in (potential, calcium)]
    words = seeds.words(seeds.replicate(seed, (), k))
    return _core.Simulation(model._handle, n, *start, Current(tuple(pulses)).handle, words)


def above(potential=-np.inf, calcium=-np.inf):
    """Return the region of means at or above both thresholds."""
    return fc.Region.box((potential, np.inf), (calcium, np.inf))._handle


def record(
    sim, until, times=(), spikes=False, region=None, exit_after=0.0, max_spikes=None, snapshots=(), watch=()
):
    """Advance; return the recorded arrays with `stop` and `exit_time` beside them."""
    plan = _core.Recording(
        sim,
        until,
        np.asarray(times, float),
        np.asarray(snapshots, float),
        np.asarray(watch, np.uint32),
        spikes,
        region,
        exit_after,
        max_spikes,
    )
    stop = None
    while stop is None:
        stop = plan.advance(sim, 1_000_000)
    return plan.arrays() | {"stop": stop, "exit_time": plan.exit_time}


def same(a, b):
    """Two results, or parts of them, agree to the last bit."""
    np.testing.assert_array_equal(a.potential, b.potential)
    np.testing.assert_array_equal(a.calcium, b.calcium)
    assert np.array_equal(a.t, b.t)


def same_spikes(a, b):
    np.testing.assert_array_equal(a.spikes.time, b.spikes.time)
    np.testing.assert_array_equal(a.spikes.neuron, b.spikes.neuron)
