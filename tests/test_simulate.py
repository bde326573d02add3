"""What `simulate` and `Simulation` promise about pieces, copies, grids, stops and exits."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

import facilis as fc

MODEL = fc.Model.example("memory")
BUSY = MODEL.replace(alpha=0.5)
ABOVE = fc.Region.potential_above(0.7)
PULSES = (fc.Pulse(5.0, 20.0, 2.0), fc.Pulse(12.0, 30.0, 1.0))
STARTS = {
    "equal": {"potential": 2.0, "calcium": 9.0},
    "unequal": {"potential": np.linspace(0.0, 3.0, 40), "calcium": np.linspace(12.0, 5.0, 40)},
    "pulses": {"stimulus": PULSES},
}


def same(a, b):
    """Two results, or parts of them, agree to the last bit."""
    np.testing.assert_array_equal(a.potential, b.potential)
    np.testing.assert_array_equal(a.calcium, b.calcium)
    assert np.array_equal(a.t, b.t)


def same_spikes(a, b):
    np.testing.assert_array_equal(a.spikes.time, b.spikes.time)
    np.testing.assert_array_equal(a.spikes.neuron, b.spikes.neuron)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("recipients", ["others", "all"])
def test_pieces_equal_the_whole(start, transmits, recipients):
    model = BUSY.replace(transmits=transmits, recipients=recipients)
    grid = np.linspace(0.0, 60.0, 121)
    whole = fc.simulate(model, 40, 60.0, **STARTS[start], rng=1, grid=grid)
    simulation = fc.Simulation(model, 40, **STARTS[start], rng=1)
    cuts = [0.0, 0.0, 1e-9, 5.0, 11.3, 11.3, 30.0, 47.25, 60.0]
    pieces = []
    for cut in cuts:
        inside = (grid > simulation.t) & (grid <= cut) if pieces else grid == 0.0
        pieces.append(simulation.advance(cut, grid=grid[inside]))
        simulation = pickle.loads(pickle.dumps(simulation))
    for name in ("t", "potential", "calcium", "calcium_var", "spike_count"):
        joined = np.concatenate([getattr(piece, name) for piece in pieces])
        np.testing.assert_array_equal(joined, getattr(whole, name), err_msg=name)
    for name in ("time", "neuron"):
        joined = np.concatenate([getattr(piece.spikes, name) for piece in pieces])
        np.testing.assert_array_equal(joined, getattr(whole.spikes, name))
    same(pieces[-1].final, whole.final)
    assert sum(piece.stats.spikes for piece in pieces) == whole.stats.spikes == len(whole.spikes) > 100
    assert sum(piece.stats.proposals for piece in pieces) == whole.stats.proposals


@pytest.mark.parametrize("start", STARTS)
def test_what_is_kept_changes_nothing(start):
    plain = fc.simulate(BUSY, 40, 60.0, **STARTS[start], rng=1, grid=None)
    full = fc.simulate(
        BUSY, 40, 60.0, **STARTS[start], rng=1, grid=5000, watch=[3, 0], snapshots=[0.0, 7.0, 60.0]
    )
    same_spikes(plain, full)
    same(plain.final, full.final)
    none = fc.simulate(BUSY, 40, 60.0, **STARTS[start], rng=1, spikes=False)
    same(plain.final, none.final)
    assert none.spikes is None
    assert none.stats.spikes == plain.stats.spikes


def test_what_is_kept_fits_together():
    times = np.linspace(0.0, 60.0, 61)
    run = fc.simulate(BUSY, 40, 60.0, **STARTS["unequal"], rng=1, grid=61, watch=[39, 0, 7], snapshots=times)
    np.testing.assert_array_equal(run.t, times)
    states = run.snapshots
    assert states.potential.shape == states.calcium.shape == (61, 40)
    np.testing.assert_allclose(run.potential, states.potential.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(run.calcium, states.calcium.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(run.calcium_var, states.calcium.var(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(run.spike_count, np.searchsorted(run.spikes.time, times, side="right"))
    assert run.spike_count.dtype == np.int64
    np.testing.assert_array_equal(run.watched.neuron, [39, 0, 7])
    np.testing.assert_array_equal(run.watched.potential, states.potential[:, [39, 0, 7]].T)
    np.testing.assert_array_equal(run.watched.calcium, states.calcium[:, [39, 0, 7]].T)
    same(run.final, states[-1])
    assert len(list(states)) == len(states) == 61
    assert run.spikes.time.dtype == np.float64
    assert run.spikes.neuron.dtype == np.uint32
    arrays = (run.t, run.potential, run.watched.potential, states.calcium, run.final.potential)
    assert all(array.flags.c_contiguous for array in arrays)


def test_calcium_counts_the_spikes_of_each_neuron():
    run = fc.simulate(BUSY, 40, 30.0, **STARTS["unequal"], rng=1)
    expected = STARTS["unequal"]["calcium"] * np.exp(-0.1 * 30.0)
    for i in range(40):
        expected[i] += np.exp(-0.1 * (30.0 - run.spikes.of(i))).sum()
    np.testing.assert_allclose(run.final.calcium, expected, rtol=1e-12)


def test_chosen_spikes_are_those_of_all_that_were_chosen():
    everyone = fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1).spikes
    chosen = fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1, spikes=[7, 3]).spikes
    kept = np.isin(everyone.neuron, [3, 7])
    np.testing.assert_array_equal(chosen.time, everyone.time[kept])
    np.testing.assert_array_equal(chosen.neuron, everyone.neuron[kept])
    np.testing.assert_array_equal(chosen.of(3), everyone.of(3))
    with pytest.raises(ValueError, match="i must be one of the neurons whose spikes were kept, got 4"):
        chosen.of(4)
    nobody = fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1, spikes=[])
    assert len(nobody.spikes) == 0
    assert nobody.stats.spikes == len(everyone)


def test_the_rate_counts_spikes_in_bins():
    run = fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1)
    centres, rate = run.rate(1.0)
    np.testing.assert_allclose(centres, np.arange(30) + 0.5)
    np.testing.assert_allclose(rate.sum() * 40, len(run.spikes))
    centres, rate = run.rate(0.1)
    assert centres.size == 300
    centres, rate = run.rate(7.0)
    np.testing.assert_allclose(rate.sum() * 7.0 * 40, np.sum(run.spikes.time < 28.0))
    chosen = fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1, spikes=[3])
    np.testing.assert_allclose(chosen.rate(30.0)[1], chosen.spikes.of(3).size / 30.0)


def test_rates_of_a_piece_begin_where_it_begins():
    simulation = fc.Simulation(BUSY, 40, potential=2.0, calcium=9.0, rng=1)
    simulation.advance(10.0)
    piece = simulation.advance(14.0)
    centres, rate = piece.rate(2.0)
    np.testing.assert_allclose(centres, [11.0, 13.0])
    np.testing.assert_allclose(rate.sum() * 2.0 * 40, len(piece.spikes))


def test_a_copy_repeats_and_a_copy_with_a_seed_goes_its_own_way():
    simulation = fc.Simulation(BUSY, 40, potential=2.0, calcium=9.0, rng=1)
    simulation.advance(10.0, grid=None)
    twin, other, again = simulation.copy(), simulation.copy(rng=5), simulation.copy(rng=5)
    for copy in (twin, other, again):
        same(copy.state(), simulation.state())
    assert (other.entropy, twin.entropy) == (5, 1)
    runs = [s.advance(20.0, grid=None) for s in (simulation, twin, other, again)]
    same_spikes(runs[0], runs[1])
    same_spikes(runs[2], runs[3])
    assert runs[2].entropy == 5
    assert not np.array_equal(runs[0].spikes.time, runs[2].spikes.time)


def test_a_simulation_goes_on_from_a_file_bit_for_bit(tmp_path):
    simulation = fc.Simulation(BUSY, 40, **STARTS["pulses"], rng=[1, 2])
    for k, cut in enumerate([0.0, 3.3, 12.0, 25.0]):
        simulation.advance(cut, grid=None)
        simulation.save(tmp_path / f"{k}.npz")
    whole = simulation.advance(60.0)
    for k in range(4):
        loaded = fc.Simulation.load(tmp_path / f"{k}.npz")
        assert (loaded.model, loaded.n, loaded.stimulus) == (BUSY, 40, PULSES)
        assert (loaded.entropy, loaded.spawn_key) == ((1, 2), ())
        loaded.advance(25.0, grid=None)
        rest = loaded.advance(60.0)
        same(rest, whole)
        same_spikes(rest, whole)
        same(rest.final, whole.final)


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
    monkeypatch.setattr("facilis.plan._MOST_RECORDED_SPIKES", 100)
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


def test_one_neuron_is_a_network():
    model = MODEL.replace(rate=fc.Constant(10.0))
    run = fc.simulate(model, 1, 5.0, potential=[1.0], calcium=2.0, rng=1)
    np.testing.assert_allclose(run.final.potential, np.exp(-5.0), rtol=1e-12)
    assert len(run.spikes) > 0


def test_numpy_numbers_do():
    run = fc.simulate(
        BUSY,
        np.int32(40),
        np.float32(30.0),
        potential=np.float64(2.0),
        calcium=np.array(9),
        grid=np.int64(11),
        max_spikes=np.int64(10**6),
        spikes=np.True_,
        watch=np.array([1, 2], dtype=np.int8),
        rng=np.int64(1),
    )
    same_spikes(run, fc.simulate(BUSY, 40, 30.0, potential=2.0, calcium=9.0, rng=1))


def test_a_result_remembers_where_it_comes_from():
    run = fc.simulate(MODEL, 20, 50.0, stimulus=PULSES, rng=7)
    assert (run.model, run.n, run.stimulus) == (MODEL, 20, PULSES)
    assert (run.entropy, run.spawn_key, run.version) == (7, (), fc.__version__)
    assert run.stats.acceptance == run.stats.spikes / run.stats.proposals
    assert run.stats.seconds > 0.0
    summary = run.summary()
    for word in ("20 neurons", run.stop, "entropy 7", str(run.stats.spikes), fc.__version__):
        assert word in summary
    for part in (run, run.spikes, run.final):
        assert len(repr(part)) < 100
    twin = pickle.loads(pickle.dumps(run))
    same(twin, run)
    same_spikes(twin, run)


def test_importing_is_light():
    code = (
        "import sys, facilis; print({'scipy', 'matplotlib', 'pandas', 'xarray', 'tqdm'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
