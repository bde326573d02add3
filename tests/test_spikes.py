"""Statistics of spikes, against plain NumPy, and against Elephant where it is installed."""

import math
import warnings
from itertools import pairwise

import numpy as np
import pytest

import facilis as fc

MODEL = fc.Model.example("bistable")
START = {"potential": 2.9, "calcium": 9.9, "rng": 1}
PULSE = fc.Pulse(50.0, 80.0, 1.0)
RUN = fc.simulate(MODEL, 40, 300.0, stimulus=PULSE, **START)
CHOSEN = fc.simulate(MODEL, 40, 300.0, stimulus=PULSE, spikes=[7, 3, 11], **START)
SIMULATION = fc.Simulation(MODEL, 40, **START)
SIMULATION.advance(100.0)
LATER = SIMULATION.advance(257.3)
RUNS = {"all": RUN, "chosen": CHOSEN, "a later piece": LATER}


def made(time, neuron, n=4, chosen=None, t_start=0.0, t_stop=10.0):
    return fc.Spikes(np.array(time, float), np.array(neuron, np.uint32), n, chosen, t_start, t_stop)


FEW = made([1.0, 2.0, 4.0, 5.0, 9.0, 10.0], [2, 1, 2, 2, 0, 0])  # neuron 3 is silent


@pytest.fixture(params=RUNS.values(), ids=RUNS)
def spikes(request):
    return request.param.spikes


def test_a_loop_goes_through_the_neurons(spikes):
    trains = list(spikes)
    assert len(trains) == len(spikes.neurons)
    for i, times in zip(spikes.neurons, trains, strict=True):
        np.testing.assert_array_equal(times, spikes.of(i))
    assert sum(map(len, trains)) == len(spikes)


def test_neurons_are_those_whose_spikes_were_kept():
    np.testing.assert_array_equal(RUN.spikes.neurons, np.arange(40))
    np.testing.assert_array_equal(CHOSEN.spikes.neurons, [3, 7, 11])
    for i in (3, 7, 11):
        np.testing.assert_array_equal(CHOSEN.spikes.of(i), RUN.spikes.of(i))


def test_the_interval_is_that_of_the_run():
    assert (RUN.spikes.t_start, RUN.spikes.t_stop) == (0.0, 300.0)
    assert (LATER.spikes.t_start, LATER.spikes.t_stop) == (100.0, 257.3)


def test_intervals(spikes):
    for i, times in zip(spikes.neurons, spikes, strict=True):
        np.testing.assert_array_equal(spikes.isi(i), np.diff(times))


def test_variation_against_numpy(spikes):
    expected = [np.std(np.diff(times)) / np.mean(np.diff(times)) for times in spikes]
    np.testing.assert_allclose(spikes.cv(), expected, rtol=1e-12)
    np.testing.assert_array_equal(spikes.cv([11, 3]), spikes.cv()[np.searchsorted(spikes.neurons, [11, 3])])


@pytest.mark.parametrize("width", [0.7, 5.0, 50.0])
def test_counts_against_numpy(spikes, width):
    bins = math.floor((spikes.t_stop - spikes.t_start) / width)
    edges = spikes.t_start + width * np.arange(bins + 1)
    expected = np.array([np.histogram(times, edges)[0] for times in spikes])
    counts = spikes.count(width)
    assert counts.dtype == np.int64
    np.testing.assert_array_equal(counts, expected)
    np.testing.assert_array_equal(
        spikes.count(width, [11, 7]), expected[[spikes.neurons.tolist().index(i) for i in (11, 7)]]
    )
    np.testing.assert_allclose(spikes.fano(width), expected.var(axis=1) / expected.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(spikes.correlation(width), np.corrcoef(expected), atol=1e-12)
    np.testing.assert_array_equal(np.diag(spikes.correlation(width)), 1.0)


def test_counts_are_those_of_the_rate():
    centres, rate = RUN.rate(0.7)
    np.testing.assert_allclose(RUN.spikes.count(0.7).sum(axis=0), rate * 40 * 0.7, rtol=1e-12)
    assert centres.size == RUN.spikes.count(0.7).shape[1]


def test_few_spikes_and_none():
    np.testing.assert_array_equal(FEW.cv(), [np.nan, np.nan, 0.5, np.nan])
    np.testing.assert_array_equal(FEW.count(5.0), [[0, 2], [1, 0], [2, 1], [0, 0]])
    np.testing.assert_allclose(FEW.fano(5.0), [1.0, 0.5, 1 / 6, np.nan])
    expected = [[1.0, -1.0, np.nan], [-1.0, 1.0, np.nan], [np.nan] * 3]
    np.testing.assert_allclose(FEW.correlation(5.0, [0, 1, 3]), expected, rtol=1e-15)
    np.testing.assert_array_equal(FEW.isi(1), [])
    np.testing.assert_array_equal(FEW.isi(3), [])
    assert [times.tolist() for times in FEW] == [[9.0, 10.0], [2.0], [1.0, 4.0, 5.0], []]
    np.testing.assert_array_equal(FEW.cv([]), [])
    np.testing.assert_array_equal(FEW.cv(2), [0.5])
    assert FEW.count(1.0, []).shape == (0, 10)
    assert FEW.correlation(1.0, []).shape == (0, 0)


def test_one_bin_has_counts_but_no_variability():
    np.testing.assert_array_equal(FEW.count(10.0)[:, 0], [2, 1, 3, 0])
    np.testing.assert_array_equal(FEW.count(6.0)[:, 0], [0, 1, 3, 0])
    assert np.isnan(FEW.fano(10.0)).all()
    assert np.isnan(FEW.correlation(10.0)).all()


def test_nothing_at_all():
    silent = fc.simulate(MODEL, 3, 10.0, rng=1).spikes
    assert np.isnan(silent.cv()).all()
    assert np.isnan(silent.fano(1.0)).all()
    assert not silent.count(1.0).any()
    assert [len(times) for times in silent] == [0, 0, 0]
    nobody = fc.simulate(MODEL, 3, 10.0, spikes=[], rng=1).spikes
    assert list(nobody) == []
    assert nobody.cv().shape == (0,)
    assert nobody.count(1.0).shape == (0, 10)


def test_a_spike_at_the_last_edge_belongs_to_the_last_bin():
    edges = made([0.0, 5.0, 10.0], [0, 0, 0], n=1)
    np.testing.assert_array_equal(edges.count(5.0), [[1, 2]])
    np.testing.assert_array_equal(edges.count(4.0), [[1, 1]])  # from 8 to 10 is no whole bin
    np.testing.assert_array_equal(made([0.3], [0], n=1, t_stop=0.3).count(0.1), [[0, 0, 1]])


@pytest.mark.parametrize("method", ["count", "fano", "correlation"])
def test_widths_that_make_no_sense_are_refused(method):
    for width in (0.0, -1.0, 10.0 + 1e-9, np.inf, np.nan, 1e-9):
        with pytest.raises(
            ValueError, match=r"^width must be a number from .* to the run's duration 10\.0, got"
        ):
            getattr(FEW, method)(width)
    for width in ("1", None, [1.0], True):
        with pytest.raises(TypeError, match=r"^width must be a number"):
            getattr(FEW, method)(width)
    with pytest.raises(ValueError, match=r"^width must be"):
        getattr(made([], [], t_stop=0.0), method)(1.0)


@pytest.mark.parametrize("method", ["cv", "count", "fano", "correlation"])
def test_neurons_that_are_none_are_refused(method):
    def ask(neurons, spikes=FEW):
        return getattr(spikes, method)(*(() if method == "cv" else (1.0,)), neurons)

    for neurons in ([4], [-1], [1, 1], 2**40, -1):
        with pytest.raises(ValueError, match=r"^neurons must be"):
            ask(neurons)
    for neurons in ([0.5], "1", [[0, 1]], True, [True], [[0], [1, 2]], 1.0):
        with pytest.raises(TypeError, match=r"^neurons must be"):
            ask(neurons)
    with pytest.raises(
        ValueError, match=r"^neurons must be among those whose spikes were kept, got neurons\[1\] = 2"
    ):
        ask([1, 2], made([1.0], [1], chosen=np.array([3, 1], np.uint32)))


@pytest.mark.parametrize("i", [-1, 4, 1.0, "1", None, True])
def test_a_neuron_that_is_none_is_refused(i):
    with pytest.raises((TypeError, ValueError), match=r"^i must be"):
        FEW.isi(i)


def poisson():
    return fc.simulate(fc.Model(1.0, 1.0, 1.0, fc.Constant(2.0)), 200, 1000.0, rng=5).spikes


def test_of_independent_poisson_processes():
    """The means over 200 neurons lie within 5 standard errors: each of them is wrong once in 1.7 million times."""
    spikes, bins = poisson(), 200
    # The variance of cv is about 1/(number of intervals), of a Fano factor 2/bins, of a correlation 1/bins.
    assert abs(spikes.cv().mean() - 1.0) < 5.0 * math.sqrt(1.0 / 2000 / 200) + 1.0 / 2000
    assert abs(spikes.fano(5.0).mean() - (1.0 - 1.0 / bins)) < 5.0 * math.sqrt(2.0 / bins / 200)
    pairs = spikes.correlation(5.0)[np.triu_indices(200, 1)]
    assert abs(pairs.mean()) < 5.0 * math.sqrt(1.0 / bins / pairs.size)


@pytest.fixture
def trains(spikes):
    pytest.importorskip("elephant")
    neo = pytest.importorskip("neo")
    span = {"units": "s", "t_start": spikes.t_start, "t_stop": spikes.t_stop}
    return [neo.SpikeTrain(times, **span) for times in spikes]


def test_intervals_and_variation_against_elephant(spikes, trains):
    from elephant.statistics import cv, isi

    for i, train in zip(spikes.neurons, trains, strict=True):
        np.testing.assert_array_equal(spikes.isi(i), isi(train).magnitude)
        np.testing.assert_allclose(spikes.cv(i), cv(isi(train)), rtol=1e-12)


def test_counts_against_elephant(spikes, trains):
    import quantities as pq
    from elephant.conversion import BinnedSpikeTrain
    from elephant.spike_train_correlation import correlation_coefficient
    from elephant.statistics import fanofactor

    width, bins = 7.0, spikes.count(7.0).shape[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells that the last bin is not whole
        binned = BinnedSpikeTrain(trains, bin_size=width * pq.s, n_bins=bins, t_start=spikes.t_start * pq.s)
    np.testing.assert_array_equal(spikes.count(width), binned.to_array())
    np.testing.assert_allclose(spikes.correlation(width), correlation_coefficient(binned), atol=1e-12)
    edges = spikes.t_start + width * np.arange(bins + 1)
    for k, train in enumerate(trains):
        pieces = [train[(train.magnitude >= a) & (train.magnitude < b)] for a, b in pairwise(edges)]
        np.testing.assert_allclose(spikes.fano(width)[k], fanofactor(pieces), rtol=1e-12)
