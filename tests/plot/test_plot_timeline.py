"""Pictures over time: rasters, traces of one run, and quantiles of many."""

import numpy as np
import pytest
from tests.plot.drawn import MODEL, PULSES, labels

import facilis as fc


def test_a_raster_shows_every_spike(run):
    (dots,) = fc.plot.raster(run).lines
    np.testing.assert_array_equal(dots.get_xdata(), run.spikes.time)
    np.testing.assert_array_equal(dots.get_ydata(), run.spikes.neuron)


def test_a_raster_says_that_it_shows_some_neurons_only(run):
    ax = fc.plot.raster(run, most=10)
    assert ax.get_ylabel() == "neuron (10 of 50)"
    assert len(ax.lines[0].get_xdata()) == np.count_nonzero(run.spikes.neuron < 10)


def test_a_raster_of_chosen_neurons_has_a_row_for_each():
    chosen = fc.simulate(MODEL, 50, 20.0, stimulus=PULSES, spikes=[7, 3], rng=1)
    ax = fc.plot.raster(chosen)
    assert ax.get_ylim() == (-0.5, 1.5)
    expected = np.where(chosen.spikes.neuron == 7, 1, 0)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), expected)


def test_traces_show_both_means_and_the_limit(run, sol):
    ax = fc.plot.traces(run, limit=sol)
    _, twin = ax.figure.axes
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), run.potential)
    np.testing.assert_array_equal(twin.lines[0].get_ydata(), run.calcium)
    band = r"limit $\pm\,2\sigma$"
    assert labels(ax) == ["mean potential", "mean calcium", r"limit $N\to\infty$", band, "stimulus"]


def test_each_pulse_is_shaded_and_named_once(run):
    ax = fc.plot.raster(run)
    assert len(ax.patches) == len(PULSES)
    assert ax.get_legend_handles_labels()[1] == ["stimulus"]


def test_the_band_around_the_limit_is_of_two_deviations(run, sol):
    ax = fc.plot.traces(run, limit=sol, means="potential")
    (band,) = ax.collections
    edge = band.get_paths()[0].vertices
    deviation = np.sqrt(np.maximum(sol.covariance[:, 0, 0], 0.0) / run.n)
    assert edge[:, 1].max() == pytest.approx(np.max(sol.potential + 2.0 * deviation))
    two = fc.plot.traces([run, fc.simulate(MODEL, 20, 40.0, rng=1)], limit=sol)
    assert not two.collections


def test_an_ensemble_shows_quantiles():
    ens = fc.ensemble(MODEL, 20, 40.0, replicates=40, stimulus=PULSES, grid=9, rng=1)
    axes = ens.plot(label="mean")
    wide, half = axes["potential"].collections
    ends = np.quantile(ens.potential, [0.05, 0.25, 0.75, 0.95], axis=0)
    assert wide.get_paths()[0].vertices[:, 1].max() == pytest.approx(ends[3].max())
    assert half.get_paths()[0].vertices[:, 1].max() == pytest.approx(ends[2].max())
    assert {"mean", "90% of them", "50% of them"} < set(labels(axes["calcium"]))
