"""Numbers that are allowed and extreme: the right answer, known otherwise, or a clear refusal."""

import numpy as np
import pytest

import facilis as fc

MEMORY = fc.Model.example("memory")
SIGMAS = 4.5  # one test in 150,000 fails by chance


@pytest.mark.parametrize("lam", [1e-9, 1e9])
def test_calcium_of_slow_and_fast_decays_has_its_exact_mean(lam):
    """A constant rate: R(t) has the mean r0·e^{−lam·t} + (1 − e^{−lam·t})/lam."""
    model = fc.Model(0.0, 1.0, lam, fc.Constant(1.0))
    t, n = 5.0 if lam < 1.0 else 1e-3, 100_000
    run = fc.simulate(model, n, t, calcium=3.0, grid=None, spikes=False, rng=1)
    left = np.exp(-lam * t)
    mean = 3.0 * left - np.expm1(-lam * t) / lam
    variance = -np.expm1(-2.0 * lam * t) / (2.0 * lam)
    assert abs(run.final.calcium.mean() - mean) < SIGMAS * np.sqrt(variance / n) + 1e-12


def test_potentials_that_hardly_decay_have_their_exact_mean():
    """With a rate of 1, alpha = 1 and all spikes received: d mean(U)/dt = mean(R) = 1 + 4·e^{−t} for "before"."""
    model = fc.Model(1.0, 1e-9, 1.0, fc.Constant(1.0), recipients="all")
    t, replicates = 2.0, 400
    found = fc.ensemble(model, 100, t, calcium=5.0, grid=[t], replicates=replicates, rng=2).potential[:, 0]
    exact = t - 4.0 * np.expm1(-t)
    assert abs(found.mean() - exact) < SIGMAS * found.std() / np.sqrt(replicates) + 1e-6 * exact


def test_potentials_that_decay_at_once_leave_the_rate_of_rest():
    """They are above 0 for about 1e-9 after a spike, which adds a part of 1e-7 of the spikes at most."""
    model = fc.Model(1.0, 1e9, 1.0, fc.Hill(1.0, 1.0, 4, base=0.5))
    n, t = 100, 100.0
    run = fc.simulate(model, n, t, calcium=5.0, grid=None, spikes=False, rng=2)
    assert abs(run.stats.spikes - 0.5 * n * t) < SIGMAS * np.sqrt(0.5 * n * t)


def test_without_a_coupling_potentials_decay_and_nothing_else():
    run = fc.simulate(MEMORY.replace(alpha=0.0), 50, 20.0, potential=3.0, grid=30, rng=1)
    np.testing.assert_allclose(run.potential, 3.0 * np.exp(-run.t), rtol=1e-14)
    (rest,) = fc.equilibria(MEMORY.replace(alpha=0.0))
    assert (rest.potential, rest.calcium) == (0.0, 0.0)


def test_one_neuron_receives_nothing_from_itself():
    run = fc.simulate(MEMORY, 1, 10.0, potential=3.0, calcium=9.0, grid=30, rng=1)
    np.testing.assert_allclose(run.potential, 3.0 * np.exp(-run.t), rtol=1e-14)


@pytest.mark.slow
def test_a_hundred_million_neurons_follow_the_limit():
    """A constant rate for a short time: the number of spikes is Poisson, 4·10⁵ on average."""
    model = fc.Model(0.22, 1.0, 0.1, fc.Constant(0.4))
    run = fc.simulate(model, 10**8, 0.01, grid=None, spikes=False, final=False, rng=1)
    assert abs(run.stats.spikes - 4e5) < SIGMAS * np.sqrt(4e5)


@pytest.mark.parametrize("calcium", [1e13, 1e15])
def test_much_calcium_decays_and_drives_all_neurons_to_the_highest_rate(calcium):
    """After two spikes all potentials are far up: the number of spikes is nearly Poisson, n·t on average."""
    n, t = 10_000, 2.0
    model = fc.Model(1.0, 1.0, 1.0, fc.Hill(1.0, 1.0, 4))
    run = fc.simulate(model, n, t, potential=2.0, calcium=calcium, grid=None, spikes=False, rng=1)
    assert run.final.calcium.mean() == pytest.approx(calcium * np.exp(-t), rel=1e-12)
    assert abs(run.stats.spikes - n * t) < SIGMAS * np.sqrt(n * t)


def test_a_million_pulses_are_a_current():
    """A neuron alone: U' = −U + I, the current 1 in every other interval of 1e-4."""
    start = np.arange(10**6) * 2e-5
    pulses = [fc.Pulse(a, a + 1e-5, 1.0) for a in start.tolist()]
    run = fc.simulate(MEMORY.replace(alpha=0.0), 1, 20.0, stimulus=pulses, grid=[10.0, 20.0], rng=1)
    # Each pulse leaves (1 − e^{−d})·e^{−(t − stop)}: a geometric sum.
    d = 1e-5
    for t, found in zip(run.t, run.potential, strict=True):
        whole = -np.expm1(-d) * np.exp(-d) * -np.expm1(-t) / -np.expm1(-2.0 * d)
        assert found == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize(
    "rate",
    [
        fc.Exponential(1.0, 1e3, 5.0),  # e^{3000}, cut at 5
        fc.Sigmoid(5.0, 1.0, 1e-3),  # e^{±2000}
        fc.Hill(5.0, 1.0, 1e5),  # 3^{100,000}
        fc.Ramp(1.0, 1.0 + 1e-12, 5.0),
    ],
)
def test_rates_whose_formula_overflows_are_what_they_tend_to(rate):
    assert rate(3.0) == pytest.approx(5.0, rel=1e-12)
    assert rate(0.5) <= 5.0
    assert rate.derivative(3.0) == 0.0
    model = fc.Model(0.0, 1e-9, 1.0, rate)
    spikes = fc.simulate(model, 10_000, 1.0, potential=3.0, spikes=False, grid=None, rng=1).stats.spikes
    assert abs(spikes - 5e4) < SIGMAS * np.sqrt(5e4)


def test_a_dying_network_is_followed_to_ten_to_the_twelve():
    run = fc.simulate(MEMORY, 20, 1e12, potential=2.0, calcium=9.0, grid=[1.0, 1e6, 1e12], rng=1)
    assert run.stop == "extinct"
    np.testing.assert_array_equal(run.potential[1:], 0.0)
    np.testing.assert_array_equal(run.calcium[1:], 0.0)
    # Before the decay underflows it is known in closed form.
    state = fc.simulate(
        MEMORY, 20, 500.0, potential=2.0, calcium=9.0, rng=1, snapshots=[400.0, 500.0]
    ).snapshots
    np.testing.assert_allclose(state.calcium[1], state.calcium[0] * np.exp(-10.0), rtol=1e-12)


def test_explosions_are_told_and_not_run():
    run = fc.simulate(fc.Model(1.0, 1.0, 1.0, fc.Exponential(1.0, 1.0, np.inf)), 5, 50.0, calcium=5.0, rng=1)
    assert run.stop == "explosion"
    with pytest.raises(RuntimeError, match="blows up"):
        fc.solve_limit(fc.Model(1.0, 1.0, 1.0, fc.Exponential(1.0, 1.0, np.inf)), 50.0, calcium=5.0)


@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("decay", [1e-99, 1e-60, 1e-12])
def test_equilibria_of_slow_decays_are_those_of_their_units_of_time(decay, transmits):
    """Time counted in units of 1/decay: rates and the current divided by it, calcium and potentials as they are."""
    slow = fc.Model(0.3, decay, 0.1 * decay, fc.Hill(decay, 1.0, 4), transmits)
    plain = fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 4), transmits)
    for current in (0.0, 0.1):
        found, known = fc.equilibria(slow, current * decay), fc.equilibria(plain, current)
        assert [one.kind for one in found] == [one.kind for one in known]
        for a, b in zip(found, known, strict=True):
            assert (a.potential, a.calcium) == pytest.approx((b.potential, b.calcium), rel=1e-12)
            np.testing.assert_allclose(a.eigenvalues / decay, b.eigenvalues, rtol=1e-9)


def test_a_slope_beyond_the_doubles_leaves_numbers():
    """The rate rises from 0 to its top within potentials of 1e-300, so that its slope is no double."""
    for alpha in (0.0, 0.3, 1e100):
        model = fc.Model(alpha, 1.0, 0.1, fc.Sigmoid(3e9, 0.0, 1e-300), "after")
        for one in fc.equilibria(model):
            assert np.isfinite(one.jacobian).all()
            assert np.isfinite(one.eigenvalues).all()


def test_folds_have_an_alpha_that_a_model_can_have():
    """Under a faint current the saddle and rest merge at an alpha beyond 1e100, which no model has."""
    model = fc.Model.example("memory")
    assert [fold.alpha for fold in fc.folds(model, 1e-40)] == pytest.approx([0.2124508], rel=1e-6)
    assert len(fc.folds(model, 1e-9)) == 2
    assert fc.critical_manifold(model, current=1e-40).window == pytest.approx((1.7548, 2.1245), abs=1e-3)


def test_the_basin_of_a_state_far_from_its_saddle_is_a_region():
    """The border turns back by a rounding where it is steep."""
    model = fc.Model(1e9, 1.0, 0.1, fc.Hill(1.0, 1.0, 4), "after")
    states = fc.equilibria(model)
    region = fc.Region.basin(model)
    assert region.contains(states[-1].potential, states[-1].calcium)
    assert not region.contains(states[0].potential, states[0].calcium)


def test_the_critical_manifold_of_a_rate_next_to_nothing_has_its_fold():
    """Calcium beyond the range of doubles, at faint rates and couplings, is told as inf, without a warning."""
    model = fc.Model(1e-99, 1.0, 0.1, fc.Hill(1.0, 1.0, 1e6, base=1e-300))
    manifold = fc.critical_manifold(model)
    assert not np.isnan(manifold.calcium).any()
    assert manifold.folds[-1].potential == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(ValueError, match="equilibrium must be"):
        fc.Region.basin(model.replace(alpha=0.0), np.array(0, np.uint64))
