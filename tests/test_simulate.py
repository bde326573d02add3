"""What `simulate` and `Simulation` promise about pieces, copies, grids and what is kept."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from runs import same, same_spikes

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
