"""Spike trains in the forms of Neo and pynapple."""

import numpy as np
import pytest
from short_runs import make

import facilis as fc

PULSES = [fc.Pulse(1.0, 2.0, 3.0), fc.Pulse(1.5, 4.0, 1 / 3)]


@pytest.mark.parametrize("options", [{}, {"spikes": [7, 3], "grid": None}, {"stimulus": PULSES}])
def test_neo_has_a_train_for_each_neuron_kept(options):
    pytest.importorskip("neo")
    run = make(**options)
    (segment,) = run.to_neo(units="ms").segments
    trains = list(segment.spiketrains)
    assert [train.annotations["channel_id"] for train in trains] == run.spikes.neurons.tolist()
    for train, times in zip(trains, run.spikes, strict=True):
        np.testing.assert_array_equal(train.magnitude, times)
        assert (str(train.units), float(train.t_start), float(train.t_stop)) == ("1.0 ms", 0.0, 5.0)
        assert train.segment is segment
    channels, times = segment.spiketrains.multiplexed
    np.testing.assert_array_equal(times.magnitude, run.spikes.time)
    np.testing.assert_array_equal(channels, run.spikes.neuron)


def test_neo_has_the_means_and_the_stimulus():
    pytest.importorskip("neo")
    run = make(stimulus=PULSES)
    (segment,) = run.to_neo("ms").segments
    potential, calcium = segment.irregularlysampledsignals
    assert (potential.name, calcium.name) == ("mean potential", "mean calcium")
    for signal, values in ((potential, run.potential), (calcium, run.calcium)):
        np.testing.assert_array_equal(signal.times.rescale("ms").magnitude, run.t)
        np.testing.assert_array_equal(signal.magnitude[:, 0], values)
    (epoch,) = segment.epochs
    np.testing.assert_array_equal(epoch.times.rescale("ms").magnitude, [1.0, 1.5])
    np.testing.assert_array_equal(epoch.durations.rescale("ms").magnitude, [1.0, 2.5])
    np.testing.assert_array_equal(epoch.array_annotations["current"], [3.0, 1 / 3])
    assert list(epoch.labels) == ["current 3", "current 0.333333"]
    bare = make(grid=None).to_neo().segments[0]
    assert (len(bare.irregularlysampledsignals), len(bare.epochs)) == (0, 0)


def test_neo_keeps_the_last_spike_inside_the_interval():
    pytest.importorskip("neo")
    with pytest.warns(RuntimeWarning, match="max_spikes"):
        run = make(max_spikes=50)
    assert run.spikes.time[-1] == run.t_stop
    for units in ("s", "ms", "d"):
        (segment,) = run.to_neo(units).segments
        for train in segment.spiketrains:
            seconds = train.rescale("us")
            assert (seconds.magnitude < float(seconds.t_stop)).all()
            assert float(train.t_stop) == pytest.approx(run.t_stop, rel=1e-15)
        assert sum(map(len, segment.spiketrains)) == 50


def test_neo_takes_units_of_quantities():
    pytest.importorskip("neo")
    import quantities

    for units in ("us", quantities.us):
        assert make().to_neo(units).segments[0].spiketrains[0].units == quantities.us
    with pytest.raises(ValueError, match=r"^units must be 's' or .*, got 'mV'"):
        make().to_neo(quantities.mV)


def test_neo_takes_many_spikes_at_once():
    neo = pytest.importorskip("neo")
    run = fc.simulate(fc.Model(1.0, 1.0, 1.0, fc.Constant(1.0)), 20_000, 10.0, rng=1)
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neo.SpikeTrain, "__new__", lambda *given, **named: made.append(given))
        trains = run.to_neo().segments[0].spiketrains
    assert not made  # no object per neuron
    assert len(trains) == 20_000


@pytest.mark.parametrize("units", ["s", "ms"])
def test_pynapple_has_trains_and_means_on_the_interval_of_the_run(units):
    pytest.importorskip("pynapple")
    run = make()
    scale = {"s": 1.0, "ms": 1e-3}[units]
    out = run.to_pynapple(units)
    assert list(out["spikes"].keys()) == list(range(20))
    for one in (*(out["spikes"][i] for i in range(20)), out["spikes"], out["means"]):
        np.testing.assert_allclose(one.time_support.values, [[0.0, 5.0 * scale]])
    for i in range(20):
        np.testing.assert_allclose(out["spikes"][i].t, scale * run.spikes.of(i), atol=1e-9)
        assert out["spikes"].rates[i] == pytest.approx(run.spikes.of(i).size / (5.0 * scale))
    np.testing.assert_allclose(out["means"]["calcium"].d, run.calcium)


def test_pynapple_keeps_the_last_spike_and_silent_neurons():
    pytest.importorskip("pynapple")
    with pytest.warns(RuntimeWarning, match="max_spikes"):
        run = make(max_spikes=10)
    out = run.to_pynapple()["spikes"]
    assert sum(len(out[i]) for i in range(20)) == 10
    assert min(len(out[i]) for i in range(20)) == 0


@pytest.mark.parametrize("method", ["to_neo", "to_pynapple"])
def test_spike_trains_need_spikes(method):
    pytest.importorskip("neo" if method == "to_neo" else "pynapple")
    with pytest.raises(ValueError, match="spikes=True"):
        getattr(make(spikes=False), method)()
    with pytest.raises(ValueError, match=r"units must be 's' or 'ms' or 'us'.*, got 'foo'"):
        getattr(make(), method)("foo")
    with pytest.raises(TypeError, match=r"units must be 's' or 'ms' or 'us'"):
        getattr(make(), method)(None)
