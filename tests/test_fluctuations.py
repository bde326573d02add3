"""Linear noise against simulation, and the law of calcium against the neurons of a large network."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import trapezoid
from scipy.linalg import solve_continuous_lyapunov

import facilis as fc

BISTABLE = fc.Model.example("bistable")
AFTER = BISTABLE.replace(transmits="after")


def memory(model):
    return fc.equilibria(model)[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "expected"), [(BISTABLE, (6.217, 4.532, 5.764)), (AFTER, (7.168, 4.648, 5.464))]
)
def test_the_stationary_covariance(model, expected):
    noise = fc.linear_noise(model, memory(model))
    np.testing.assert_allclose(noise.covariance[[0, 0, 1], [0, 1, 1]], expected, atol=6e-4)
    np.testing.assert_allclose(
        noise.covariance, solve_continuous_lyapunov(noise.drift, -noise.diffusion), rtol=1e-12
    )
    # φ²·alpha²·Var R: of full rank only because calcium differs from neuron to neuron.
    e = noise.equilibrium
    rank = (model.alpha * model.rate(e.potential)) ** 2 * e.calcium / 2
    assert np.linalg.det(noise.diffusion) == pytest.approx(rank, rel=1e-10)
    # What the covariance along a solution tends to, and the integral of the spectrum.
    sol = fc.solve_limit(model, 300.0, potential=e.potential, calcium=e.calcium, grid=2)
    np.testing.assert_allclose(sol.covariance[-1], noise.covariance, rtol=1e-7)
    omega = np.linspace(-4000.0, 4000.0, 2_000_001)
    total = trapezoid(noise.spectrum(omega), omega, axis=0) / (2 * np.pi)
    tail = noise.diffusion / (np.pi * 4000.0)  # D/ω² beyond
    np.testing.assert_allclose(total + tail, noise.covariance, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("model", [BISTABLE, AFTER], ids=["before", "after"])
def test_the_covariance_along_a_solution_is_that_of_4000_networks(model):
    """N = 1000: each entry at two times within 4 standard errors; the mean is followed by the covariance itself."""
    n, runs, grid = 1000, 4000, [4.0, 15.0]
    networks = fc.ensemble(model, n, 15.0, replicates=runs, grid=grid, potential=2.0, calcium=9.0, rng=1)
    sol = fc.solve_limit(model, 15.0, potential=2.0, calcium=9.0, grid=grid)
    for k in range(2):
        x = np.sqrt(n) * np.stack([networks.potential[:, k], networks.calcium[:, k]])
        x -= x.mean(axis=1, keepdims=True)
        for i, j in ((0, 0), (0, 1), (1, 1)):
            products = x[i] * x[j]
            error = products.std() / np.sqrt(runs)
            assert abs(products.mean() - sol.covariance[k, i, j]) < 4 * error, (k, i, j)
            # Power: neither the other convention nor noise without Var R would pass everywhere.
            assert error < 0.04 * np.sqrt(sol.covariance[k, i, i] * sol.covariance[k, j, j])


@pytest.mark.parametrize("interpolation", ["linear", "monotone"])
def test_the_covariance_sees_narrow_peaks(interpolation):
    """Without coupling neurons are independent, so that N times the variance of the mean is that of one."""
    peak = fc.Table([0.0, 0.999, 1.0, 1.001, 2.0], [0.1, 0.1, 5e3, 0.1, 0.1], interpolation)
    sol = fc.solve_limit(fc.Model(0.0, 1.0, 1.0, peak), 5.0, potential=3.0, grid=2)
    assert sol.covariance[-1, 1, 1] == pytest.approx(sol.calcium_var[-1], rel=1e-7)


def test_the_covariance_of_a_mixed_start():
    """Two groups of neurons that start apart, given neuron by neuron: 4 standard errors again."""
    n, runs, t = 1000, 3000, 3.0
    each = {"potential": np.repeat([0.5, 3.0], n // 2), "calcium": np.repeat([2.0, 10.0], n // 2)}
    networks = fc.ensemble(BISTABLE, n, t, replicates=runs, grid=[t], **each, rng=2)
    sol = fc.solve_limit(BISTABLE, t, potential=[0.5, 3.0], calcium=[2.0, 10.0], grid=[t])
    x = np.sqrt(n) * np.stack([networks.potential[:, 0], networks.calcium[:, 0]])
    assert abs(x.mean(axis=1) / np.sqrt(n) - sol(t)[:2]).max() < 0.02
    x -= x.mean(axis=1, keepdims=True)
    for i, j in ((0, 0), (0, 1), (1, 1)):
        products = x[i] * x[j]
        assert abs(products.mean() - sol.covariance[0, i, j]) < 4 * products.std() / np.sqrt(runs)


@pytest.mark.slow
def test_the_spectrum_of_a_long_run():
    """Periodograms of 200 windows: each entry in 12 bands within 4.5 standard errors and 2 %."""
    n, dt, length = 10_000, 0.05, 2000
    e, windows = memory(BISTABLE), 200
    t_end = 100.0 + windows * length * dt
    grid = 100.0 + dt * np.arange(windows * length)
    run = fc.simulate(
        BISTABLE, n, t_end, potential=e.potential, calcium=e.calcium, spikes=False, grid=grid, rng=3
    )
    x = np.sqrt(n) * np.stack([run.potential - run.potential.mean(), run.calcium - run.calcium.mean()])
    taper = np.hanning(length)
    parts = np.fft.fft(x.reshape(2, windows, length) * taper, axis=2) * np.sqrt(dt / np.sum(taper**2))
    omega = 2 * np.pi * np.fft.fftfreq(length, dt)
    theory = fc.linear_noise(BISTABLE, e).spectrum(omega)
    edges = np.geomspace(0.15, 8.0, 13)
    for low, high in pairwise(edges):
        band = (omega >= low) & (omega < high)
        if not band.any():
            continue
        for i, j in ((0, 0), (0, 1), (1, 1)):
            measured = (parts[i][:, band] * parts[j][:, band].conj()).mean(axis=1)
            expected = theory[band, i, j].mean()
            scale = np.sqrt(theory[band, i, i].mean().real * theory[band, j, j].mean().real)
            error = np.abs(measured.std()) / np.sqrt(windows)
            assert abs(measured.mean() - expected) < 4.5 * error + 0.02 * scale, (low, i, j)


def supremum_distance(law, sample):
    """Largest distance of the distribution functions, atoms included."""
    x = np.sort(sample)
    values, first, counts = np.unique(x, return_index=True, return_counts=True)
    right = np.abs((first + counts) / x.size - law.cdf(values))
    left = np.abs(first / x.size - law.cdf(np.nextafter(values, -1.0)))
    return max(right.max(), left.max())


# By the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart a sample of 10^5 exceeds it with probability
# 1e-6; the network's own mean is off by about N^(-1/2) too, which the law's density turns into 0.0015.
FARTHEST = np.sqrt(np.log(2e6) / 2e5) + 0.0015


def test_the_law_of_calcium_is_that_of_the_neurons_of_a_large_network():
    e = memory(BISTABLE)
    law = fc.calcium_law(BISTABLE, e)
    run = fc.simulate(BISTABLE, 100_000, 120.0, potential=e.potential, calcium=e.calcium, spikes=False, rng=4)
    assert supremum_distance(law, run.final.calcium) < FARTHEST
    # It can fail: a law with 2 % more spikes doesn't pass.
    other = fc.calcium_law(
        BISTABLE.replace(alpha=0.32, lam=0.098), fc.equilibria(BISTABLE.replace(lam=0.098))[-1]
    )
    assert supremum_distance(other, run.final.calcium) > FARTHEST


@pytest.mark.parametrize("t", [0.7, 6.0, 14.0])
def test_the_law_along_a_solution_with_different_starts(t):
    model, n = fc.Model.example("memory"), 100_000
    start = {"potential": [0.0, 1.0, 2.5], "calcium": [0.0, 3.0, 8.0]}
    weights = [0.5, 0.3, 0.2]
    pulse = fc.Pulse(2.0, 9.0, 2.0)
    sol = fc.solve_limit(model, 20.0, **start, weights=weights, stimulus=pulse)
    law = sol.calcium_law(t)
    counts = [int(w * n) for w in weights]
    each = {name: np.repeat(values, counts) for name, values in start.items()}
    run = fc.simulate(model, n, t, **each, stimulus=pulse, spikes=False, rng=5)
    calcium = run.final.calcium
    # A neuron without spikes has its decayed start, up to rounding: put it exactly on the law's atom.
    for place, _ in law.atoms:
        calcium = np.where(np.abs(calcium - place) < 1e-9, place, calcium)
    assert supremum_distance(law, calcium) < FARTHEST
    assert law.mean == pytest.approx(sol(t)[1], rel=1e-12)
    silent = sum(p for _, p in law.atoms)
    assert silent == pytest.approx(np.isin(calcium, [x for x, _ in law.atoms]).mean(), abs=0.006)


@pytest.mark.parametrize("level", [0.02, 0.3, 1.0, 2.5, 9.86, 120.0, 790.0, 810.0, 1e12])
def test_the_stationary_law_in_closed_form(level):
    """Up to 1 it is a power: F(x) = e^(−γν)·x^ν/Γ(ν + 1); its moments are known."""
    from math import exp, gamma

    model = fc.Model(0.0, 1.0, 0.5, fc.Constant(0.5 * level))
    law = fc.calcium_law(model, fc.equilibria(model)[0])
    x = np.concatenate([np.geomspace(1e-9, 1.0, 40), [0.5, 0.9999]])
    if level < 100:
        exact = exp(-np.euler_gamma * level) * x**level / gamma(level + 1)
        np.testing.assert_allclose(law.cdf(x), exact, atol=1e-6)
    deviation = np.sqrt(level / 2)
    low = max(level - 14 * deviation, 0.0)
    wide = np.linspace(low, level + 14 * deviation + 14, 400_001)
    above = 1.0 - law.cdf(wide)
    mean = trapezoid(above, wide)
    assert low + mean == pytest.approx(level, rel=1e-3 if level < 1.0 else 1e-6)
    assert 2 * trapezoid((wide - low) * above, wide) - mean**2 == pytest.approx(level / 2, rel=1e-3)
    assert (law.mean, law.var) == pytest.approx((level, level / 2))
    # Density, quantiles and draws agree with the distribution function.
    inner = wide[(law.cdf(wide) > 1e-4) & (above > 1e-4) & (wide > 0.01)][::500]
    h = 1e-3 * max(deviation, 1.0)
    np.testing.assert_allclose(law.pdf(inner), (law.cdf(inner + h) - law.cdf(inner - h)) / (2 * h), atol=0.02)
    q = np.linspace(1e-3, 0.999, 500).reshape(20, 25)
    np.testing.assert_allclose(law.cdf(law.ppf(q)), q, atol=1e-9)
    draws = law.rvs((300, 100), rng=1)
    np.testing.assert_array_equal(draws, law.rvs((300, 100), rng=1))
    assert abs(draws.mean() - level) < 5 * np.sqrt(level / 2 / draws.size)
    assert law.rvs(rng=2).shape == ()


@pytest.mark.parametrize("t", [0.01, 1.0, 3.0, 30.0])
def test_densities_and_quantiles_know_gaps_and_atoms(t):
    """Soon after the start no jump can have decayed to a small one: between it and the atom there is nothing."""
    sol = fc.solve_limit(fc.Model.example("memory"), 40.0, potential=[2.0, 1.0], calcium=[9.0, 30.0])
    law = sol.calcium_law(t)
    x = np.linspace(-1.0, 60.0, 2_000_001)
    density = law.pdf(x)
    silent = sum(p for _, p in law.atoms)
    assert density.sum() * (x[1] - x[0]) == pytest.approx(1.0 - silent, abs=2e-4)
    (place, _), *_ = law.atoms
    least = np.exp(-0.1 * t)
    assert (density[(x > place) & (x < place + least)] == 0.0).all()
    q = np.linspace(0.0, 1.0, 2001)
    # Quantiles of a mixture go through some of the points of its parts.
    assert (law.cdf(law.ppf(q)) >= q - 1e-6).all()
    assert law.ppf(0.0) == place
    if silent > 0.01:
        assert law.ppf(1e-3) == place


def test_a_silent_network_has_an_atom_only():
    rest = fc.calcium_law(BISTABLE, fc.equilibria(BISTABLE)[0])
    assert rest.atoms == ((0.0, 1.0),)
    assert rest.cdf([-1.0, 0.0, 1.0]).tolist() == [0.0, 1.0, 1.0]
    assert rest.rvs(3, rng=1).tolist() == [0.0, 0.0, 0.0]
    sol = fc.solve_limit(BISTABLE, 5.0, potential=0.0, calcium=[1.0, 2.0])
    law = sol.calcium_law(5.0)
    places = [place for place, _ in law.atoms]
    np.testing.assert_allclose(places, np.exp(-0.5) * np.array([1.0, 2.0]))
    assert law.cdf(places[0]) == pytest.approx(0.5)
    assert law.ppf(0.75) == pytest.approx(places[1])


REST, SADDLE, MEMORY = fc.equilibria(BISTABLE)
SOL = fc.solve_limit(BISTABLE, 5.0)
BAD = [
    (lambda: fc.linear_noise(BISTABLE, SADDLE), ValueError, "equilibrium must be a stable one"),
    (lambda: fc.linear_noise(BISTABLE, 2), TypeError, "equilibrium must be an Equilibrium, got 2"),
    (lambda: fc.linear_noise(None, MEMORY), TypeError, "model must be a Model"),
    (lambda: fc.linear_noise(BISTABLE, MEMORY).spectrum("w"), TypeError, "omega must be"),
    (lambda: fc.linear_noise(BISTABLE, MEMORY).spectrum(np.inf), ValueError, "omega must be finite"),
    (lambda: fc.calcium_law(BISTABLE, (1.0, 2.0)), TypeError, "equilibrium must be an Equilibrium"),
    (lambda: fc.calcium_law(1, MEMORY), TypeError, "model must be a Model"),
    (
        lambda: fc.calcium_law(BISTABLE, MEMORY).ppf(1.5),
        ValueError,
        "q must be probabilities from 0 to 1, got 1.5",
    ),
    (lambda: fc.calcium_law(BISTABLE, MEMORY).cdf("x"), TypeError, "x must be real numbers"),
    (lambda: fc.calcium_law(BISTABLE, MEMORY).rvs(3, rng=-1), ValueError, "rng must be"),
    (lambda: SOL.calcium_law(5.1), ValueError, "t must be a time from 0.0 to 5.0, got 5.1"),
    (lambda: SOL.calcium_law([1.0]), TypeError, "t must be a time"),
    (
        lambda: fc.solve_limit(BISTABLE, 1.0, potential=np.arange(200.0), grid=2).covariance,
        ValueError,
        "potential must have at most 128 different",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
