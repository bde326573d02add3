"""Histograms of intervals, rates and memory times."""

import numpy as np
import pytest
from tests.plot.drawn import MODEL, labels

import facilis as fc


def test_intervals_and_rates_are_those_of_the_trains(run):
    trains = [run.spikes.of(i) for i in range(run.n)]
    intervals = np.concatenate([np.diff(train) for train in trains])
    ax = fc.plot.isi_histogram(run, bins=[0.0, 1.0, 2.0, 100.0])
    heights = np.histogram(intervals, [0.0, 1.0, 2.0, 100.0])[0] / intervals.size / [1.0, 1.0, 98.0]
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], heights)
    assert f"mean CV {np.nanmean(run.spikes.cv()):.3g}" in labels(ax)[0]
    some = fc.plot.isi_histogram(run, neurons=[3, 4], bins=2)
    assert labels(some)[0].startswith(f"{len(trains[3]) + len(trains[4]) - 2} intervals")
    counts = np.array([len(train) for train in trains])
    ax = fc.plot.rate_histogram(run)
    assert sum(bar.get_height() * bar.get_width() for bar in ax.patches) == pytest.approx(1.0)
    assert labels(ax) == [f"50 neurons, mean {counts.mean() / run.final.t:.3g}"]
    (stairs,) = [patch for patch in fc.plot.firing_rate(run, width=2.0).patches if hasattr(patch, "get_data")]
    np.testing.assert_array_equal(stairs.get_data().values, run.rate(2.0)[1])


def test_histograms_refuse_what_they_cannot_show(run):
    silent = fc.simulate(MODEL, 10, 1.0, rng=1)
    with pytest.raises(ValueError, match="a neuron that spiked twice"):
        fc.plot.isi_histogram(silent)
    with pytest.raises(ValueError, match="run must take some time"):
        fc.plot.rate_histogram(fc.simulate(MODEL, 10, 0.0, rng=1))
    with pytest.raises(ValueError, match=r"simulated with spikes=\[\]"):
        fc.plot.rate_histogram(fc.simulate(MODEL, 10, 1.0, spikes=[], rng=1))
    region = fc.Region.potential_above(0.7)
    kept = fc.memory_times(MODEL, 20, 0.1, region=region, replicates=5, potential=2.0, calcium=9.0, rng=1)
    with pytest.raises(ValueError, match="all 5 networks remembered"):
        fc.plot.memory_histogram(kept)
    assert list(kept.plot()) == ["survival"]
