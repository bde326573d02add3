"""What `simulate` and `Simulation` promise about why a run stops, and where: rest, bounds, explosions, exits."""

import numpy as np
import pytest
from runs import same, same_spikes

import facilis as fc

MODEL = fc.Model.example("memory")
BUSY = MODEL.replace(alpha=0.5)
ABOVE = fc.Region.potential_above(0.7)
PULSES = (fc.Pulse(5.0, 20.0, 2.0), fc.Pulse(12.0, 30.0, 1.0))


@pytest.mark.parametrize("stimulus", [(), fc.Pulse(1.0, 2.0, 0.3)])
def test_an_extinct_network_decays_in_closed_form_to_the_end(stimulus):
    model = MODEL.replace(alpha=0.05)
    run = fc.simulate(model, 30, 400.0, potential=1.5, calcium=2.0, stimulus=stimulus, rng=1, grid=401)
    assert run.stop == "extinct"
    assert (run.t[-1], run.final.t, run.t.size) == (400.0, 400.0, 401)
    last = run.spikes.time[-1]
    assert last < 200.0
    after = run.t > max(last, 2.0)
    first = np.argmax(after)
    quiet = run.t[after] - run.t[first]
    np.testing.assert_allclose(run.potential[after], run.potential[first] * np.exp(-quiet), rtol=1e-11)
    np.testing.assert_allclose(run.calcium[after], run.calcium[first] * np.exp(-0.1 * quiet), rtol=1e-11)
    np.testing.assert_array_equal(run.spike_count[after], len(run.spikes))


def test_a_run_without_end_stops_at_the_last_spike():
    model = MODEL.replace(alpha=0.05)
    options = {"potential": 1.5, "calcium": 2.0, "rng": 1}
    run = fc.simulate(model, 30, np.inf, grid=None, **options)
    assert (run.stop, run.t.size) == ("extinct", 0)
    assert run.final.t == run.spikes.time[-1]
    finite = fc.simulate(model, 30, 400.0, **options)
    same_spikes(run, finite)
    array = fc.simulate(model, 30, np.inf, grid=[1.0, 400.0], **options)
    same(array, fc.simulate(model, 30, 400.0, grid=[1.0, 400.0], **options))


def test_a_run_is_extinct_once_its_last_spike_is_behind():
    model = MODEL.replace(alpha=0.05)
    options = {"potential": 1.5, "calcium": 2.0, "rng": 1}
    last = fc.simulate(model, 30, np.inf, grid=None, **options).final.t
    assert fc.simulate(model, 30, np.nextafter(last, 0.0), **options).stop == "t_end"
    assert fc.simulate(model, 30, last, **options).stop == "extinct"
    simulation = fc.Simulation(model, 30, **options)
    assert simulation.advance(last + 1.0).stop == "extinct"
    rest = simulation.advance(np.inf, grid=None)
    assert (rest.stop, rest.final.t, simulation.t) == ("extinct", last + 1.0, last + 1.0)


def test_a_network_at_rest_is_extinct_unless_a_pulse_is_ahead():
    rest = fc.simulate(MODEL, 20, 50.0, rng=1, grid=11)
    assert (rest.stop, rest.stats.spikes, rest.final.t) == ("extinct", 0, 50.0)
    np.testing.assert_array_equal(rest.potential, np.zeros(11))
    pulsed = fc.simulate(MODEL, 20, 50.0, rng=1, stimulus=fc.Pulse(40.0, 45.0, 3.0))
    assert len(pulsed.spikes) > 0
    assert pulsed.spikes.time[0] > 40.0


def test_zero_time_is_a_run():
    run = fc.simulate(MODEL, 20, 0.0, potential=2.0, calcium=9.0, rng=1)
    assert (run.stop, run.t.tolist(), run.potential.tolist()) == ("t_end", [0.0], [2.0])
    assert run.final.t == 0.0
    assert "0 to 0" in run.summary()


def test_an_unbounded_rate_can_explode():
    model = MODEL.replace(rate=fc.Exponential(1.0, 1.0, np.inf))
    run = fc.simulate(model, 20, 1e3, potential=2.0, calcium=9.0, rng=1, grid=10**5)
    assert run.stop == "explosion"
    assert 0.0 < run.final.t < 10.0
    assert run.t.size > 1
    assert np.all(np.isfinite(run.potential))
    assert run.t[-1] <= run.final.t


def test_max_spikes_stops_with_a_warning_and_all_up_to_there():
    options = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    whole = fc.simulate(BUSY, 40, 30.0, **options)
    with pytest.warns(RuntimeWarning, match="max_spikes = 100"):
        run = fc.simulate(BUSY, 40, 30.0, max_spikes=100, **options)
    assert (run.stop, run.stats.spikes, len(run.spikes)) == ("max_spikes", 100, 100)
    np.testing.assert_array_equal(run.spikes.time, whole.spikes.time[:100])
    assert run.final.t == run.spikes.time[-1]
    np.testing.assert_array_equal(run.t, whole.t[whole.t <= run.final.t])
    with pytest.warns(RuntimeWarning):
        silent = fc.simulate(BUSY, 40, 30.0, max_spikes=100, spikes=False, **options)
    assert silent.final.t == run.final.t


def test_only_recorded_spikes_are_bounded_by_default(monkeypatch):
    monkeypatch.setattr("facilis.simulation.plan._MOST_RECORDED_SPIKES", 100)
    options = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    for spikes in (True, [3]):
        with pytest.warns(RuntimeWarning, match="max_spikes"):
            assert fc.simulate(BUSY, 40, 30.0, spikes=spikes, **options).stop == "max_spikes"
    assert fc.simulate(BUSY, 40, 30.0, spikes=False, **options).stop == "t_end"


def test_max_spikes_counts_the_spikes_of_one_call():
    simulation = fc.Simulation(BUSY, 40, potential=2.0, calcium=9.0, rng=1)
    times = []
    for _ in range(3):
        with pytest.warns(RuntimeWarning):
            times.append(simulation.advance(30.0, max_spikes=100).spikes.time)
    whole = fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1)
    np.testing.assert_array_equal(np.concatenate(times), whole.spikes.time[:300])


@pytest.mark.parametrize("t_end", [10.0, np.inf])
def test_an_exit_by_decay_is_exact(t_end):
    silent = MODEL.replace(rate=fc.Constant(0.0))
    run = fc.simulate(silent, 10, t_end, potential=2.0, calcium=9.0, exit_from=ABOVE, grid=None, rng=1)
    assert run.stop == "exit"
    np.testing.assert_allclose(run.exit_time, np.log(2.0 / 0.7), rtol=1e-14)
    assert run.final.t == run.exit_time
    box = fc.Region.box((0.1, 3.0), (8.0, 10.0))
    run = fc.simulate(silent, 10, t_end, potential=2.0, calcium=9.0, exit_from=box, grid=None, rng=1)
    np.testing.assert_allclose(run.exit_time, 10.0 * np.log(9.0 / 8.0), rtol=1e-13)


def test_an_exit_long_before_the_next_spike_leaves_the_state_of_the_exit():
    rare = MODEL.replace(rate=fc.Constant(1e-4))
    simulation = fc.Simulation(rare, 10, potential=2.0, calcium=9.0, rng=1)
    run = simulation.advance(1e6, exit_from=ABOVE, grid=None)
    assert (run.stop, run.stats.spikes) == ("exit", 0)
    np.testing.assert_allclose(run.final.potential, 0.7, rtol=1e-14)
    np.testing.assert_allclose(run.final.calcium, 9.0 * np.exp(-0.1 * run.final.t), rtol=1e-14)
    rest = simulation.advance(1e6, grid=None)
    whole = fc.simulate(rare, 10, 1e6, potential=2.0, calcium=9.0, rng=1, grid=None)
    same_spikes(rest, whole)
    assert len(whole.spikes) > 100
    same(rest.final, whole.final)


def test_a_region_with_the_origin_is_never_left_by_decay():
    silent = MODEL.replace(rate=fc.Constant(0.0))
    region = fc.Region.box((-1.0, 3.0))
    run = fc.simulate(silent, 10, 50.0, potential=2.0, calcium=9.0, exit_from=region, rng=1)
    assert run.stop == "extinct"
    assert np.isnan(run.exit_time)


def test_the_arrays_end_at_an_exit():
    run = fc.simulate(MODEL, 50, 1e4, potential=2.0, calcium=9.0, exit_from=ABOVE, grid=10001, rng=1)
    assert run.stop == "exit"
    assert run.exit_time == run.final.t < 1e4
    np.testing.assert_array_equal(run.t, np.arange(np.floor(run.exit_time) + 1.0))
    assert np.all(run.potential >= 0.7)
    np.testing.assert_allclose(run.final.potential.mean(), 0.7, rtol=1e-12)


def test_a_stop_at_once_keeps_the_state_of_that_time():
    pulse = fc.Pulse(1.0, 2.0, 3.0)
    run = fc.simulate(
        MODEL,
        100,
        9.0,
        stimulus=pulse,
        exit_from=ABOVE,
        exit_after=0.0,
        snapshots=[0.0],
        grid=[0.0, 1.0],
        rng=1,
    )
    assert (run.stop, run.exit_time) == ("exit", 0.0)
    assert run.t.tolist() == run.snapshots.t.tolist() == [0.0]
    wild = fc.Model(1.0, 1.0, 1.0, fc.Exponential(1.0, 5.0, np.inf))
    run = fc.simulate(wild, 50, 10.0, potential=50.0, calcium=5.0, grid=[0.0, 1.0], rng=1)
    assert (run.stop, run.final.t, run.t.tolist()) == ("explosion", 0.0, [0.0])


def test_pieces_exit_where_the_whole_does():
    options = {"grid": None, "exit_from": ABOVE}
    whole = fc.simulate(MODEL, 50, 1e4, potential=2.0, calcium=9.0, rng=1, **options)
    simulation = fc.Simulation(MODEL, 50, potential=2.0, calcium=9.0, rng=1)
    while (piece := simulation.advance(simulation.t + 1.7, **options)).stop != "exit":
        assert piece.stop == "t_end"
        assert np.isnan(piece.exit_time)
    assert piece.exit_time == whole.exit_time
    same(piece.final, whole.final)


def test_an_exit_is_watched_and_counted_from_the_end_of_the_last_pulse():
    pulse = fc.Pulse(10.0, 30.0, 3.0)
    run = fc.simulate(MODEL, 100, 1e4, stimulus=pulse, exit_from=ABOVE, grid=None, rng=1)
    assert run.stop == "exit"
    assert run.exit_time == run.final.t - 30.0 > 0.0
    later = fc.simulate(MODEL, 100, 1e4, stimulus=pulse, exit_from=ABOVE, exit_after=35, grid=None, rng=1)
    assert later.final.t == run.final.t
    assert later.exit_time == run.final.t - 35.0
    never = fc.simulate(MODEL, 100, 20.0, stimulus=pulse, exit_from=ABOVE, rng=1)
    assert never.stop == "t_end"


def test_outside_when_the_watch_begins_is_an_exit_at_once():
    weak = fc.Pulse(10.0, 12.0, 0.1)
    run = fc.simulate(MODEL, 50, 100.0, stimulus=weak, exit_from=ABOVE, rng=1)
    assert (run.stop, run.exit_time, run.final.t) == ("exit", 0.0, 12.0)
    run = fc.simulate(MODEL, 50, 12.0, stimulus=weak, exit_from=ABOVE, rng=1)
    assert (run.stop, run.exit_time) == ("exit", 0.0)
    run = fc.simulate(MODEL, 50, 100.0, stimulus=weak, exit_from=ABOVE, exit_after=0.0, rng=1)
    assert (run.stop, run.exit_time, run.final.t) == ("exit", 0.0, 0.0)


def test_a_start_outside_without_pulses_is_a_mistake():
    with pytest.raises(ValueError, match=r"exit_from must be .* inside at t = 0.0, got mean potential 0.5"):
        fc.simulate(MODEL, 50, 100.0, potential=0.5, exit_from=ABOVE)
    simulation = fc.Simulation(MODEL, 50, stimulus=PULSES, rng=1)
    simulation.advance(400.0, spikes=False)
    with pytest.raises(ValueError, match=r"exit_from must be .* inside at t = 400.0"):
        simulation.advance(500.0, exit_from=fc.Region.potential_above(1e6))
