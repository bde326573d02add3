"""The law of one neuron's calcium in time, against exact relations and against samples of its spikes."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

import facilis as fc

PRECISION = 1e-6


def quiet_ramp(top):
    """Neurons that can't excite each other, and are silent below the potential 0.5."""
    return fc.Model(alpha=0.0, beta=1.0, lam=0.1, rate=fc.Ramp(0.5, 2.0, top))


@pytest.mark.parametrize("top", [2.0, 10.0, 20.0, 50.0])
def test_without_spikes_the_law_only_shrinks(top):
    """The pulse ends at 60, and below 0.5 from 61.8 on nothing spikes."""
    sol = fc.solve_limit(quiet_ramp(top), 200.0, stimulus=fc.Pulse(10.0, 60.0, 3.0))
    early = sol.calcium_law(62.0)
    q = np.concatenate([np.geomspace(1e-5, 0.5, 200), 1.0 - np.geomspace(1e-5, 0.5, 200)])
    for delay in (5.0, 30.0, 91.0, 138.0):
        late, left = sol.calcium_law(62.0 + delay), np.exp(-0.1 * delay)
        x = early.ppf(q)
        np.testing.assert_allclose(late.cdf(x * left), early.cdf(x), atol=PRECISION)
        assert late.var == pytest.approx(early.var * left**2, rel=1e-6)


def test_the_median_long_after_strong_activity():
    sol = fc.solve_limit(quiet_ramp(50.0), 200.0, stimulus=fc.Pulse(10.0, 60.0, 3.0))
    assert sol.calcium_law(153.0).ppf(0.5) == pytest.approx(0.04993, abs=5e-6)


@pytest.mark.parametrize("t", [1e6, 5e6, 1e7])
def test_late_times_are_like_early_ones(t):
    """At rest nothing happens until the pulse, so that only the time since then matters."""
    model = fc.Model.example("bistable")
    early = fc.solve_limit(model, 31.0, stimulus=fc.Pulse(1.0, 30.0, 2.0), grid=2).calcium_law(31.0)
    late = fc.solve_limit(model, t, stimulus=fc.Pulse(t - 30.0, t - 1.0, 2.0), grid=2).calcium_law(t)
    x = np.linspace(0.0, 30.0, 3001)
    np.testing.assert_allclose(late.cdf(x), early.cdf(x), atol=PRECISION)
    assert late.ppf(0.5) == pytest.approx(9.31, abs=0.01)


@pytest.mark.parametrize("power", [1.0, 4.0, 8.0, 20.0, 60.0])
@pytest.mark.parametrize("t", [10.5, 11.0, 12.0, 14.0])
def test_the_atom_is_the_probability_of_silence(power, t):
    """Without coupling the potential, and with it the mean number of spikes, is known."""
    model = fc.Model(alpha=0.0, beta=1.0, lam=0.1, rate=fc.Hill(1.0, 1.0, power))
    sol = fc.solve_limit(model, 20.0, stimulus=fc.Pulse(10.0, 12.0, 5.0))

    def rate(s):
        u = 5.0 * (1.0 - np.exp(-(min(s, 12.0) - 10.0))) * np.exp(-max(s - 12.0, 0.0))
        return 0.0 if u <= 0.0 else 1.0 / (1.0 + u**-power)

    edges = np.unique(
        np.clip([10.0, 10.0 - np.log(0.8), 12.0, 12.0 + np.log(5.0 * (1 - np.exp(-2.0))), t], 10.0, t)
    )
    number = sum(quad(rate, a, b, epsabs=1e-12, limit=500)[0] for a, b in pairwise(edges))
    assert float(sol.calcium_law(t).cdf(0.0)) == pytest.approx(np.exp(-number), abs=1e-8)


def test_the_atom_while_a_pulse_lasts():
    model = fc.Model(alpha=0.1, beta=1.0, lam=0.1, rate=fc.Hill(1.0, 1.0, 20.0))
    sol = fc.solve_limit(model, 20.0, stimulus=fc.Pulse(10.0, 12.0, 5.0))
    assert float(sol.calcium_law(11.0).cdf(0.0)) == pytest.approx(0.46044, abs=6e-6)


def sample(number, t, lam, rng, size=400_000):
    """Draw what is left at `t` of spikes with these mean numbers until times: (times, numbers)."""
    times, numbers = number
    counts = rng.poisson(numbers[-1], size)
    spikes = np.interp(rng.uniform(0.0, numbers[-1], counts.sum()), numbers, times)
    return np.bincount(np.repeat(np.arange(size), counts), np.exp(-lam * (t - spikes)), minlength=size)


def farthest(law, values):
    """The largest distance of the distribution functions; values closer than 1e-9 to an atom are on it."""
    for place, _ in law.atoms:
        values = np.where(np.abs(values - place) < 1e-9, place, values)
    x, counts = np.unique(values, return_counts=True)
    right = np.cumsum(counts) / len(values)
    left = right - counts / len(values)
    return max(np.abs(law.cdf(x) - right).max(), np.abs(law.cdf(np.nextafter(x, -1.0)) - left).max())


# By the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart, exceeded with probability 1e-7.
DISTANCE = np.sqrt(np.log(2e7) / (2 * 400_000))


@pytest.mark.parametrize("t", [0.02, 0.3, 1.0])
def test_a_fast_burst_at_the_start(t):
    """A rate that falls forty times faster than calcium, beside much calcium."""
    model = fc.Model(alpha=0.0, beta=40.0, lam=1.0, rate=fc.Linear(100.0, 0.05))
    law = fc.solve_limit(model, 10.0, potential=2.0, calcium=157.0).calcium_law(t)
    s = np.unique(np.concatenate([np.linspace(0.0, t, 100_001), np.geomspace(1e-6, t, 100_001)]))
    number = 0.05 * s + 5.0 * -np.expm1(-40.0 * s)
    values = sample((s, number), t, 1.0, np.random.default_rng(1))
    assert farthest(law, values + 157.0 * np.exp(-t)) < DISTANCE
    # It can fail: two per cent more spikes would be seen.
    more = sample((s, 1.02 * number), t, 1.0, np.random.default_rng(2))
    assert t < 0.3 or farthest(law, more + 157.0 * np.exp(-t)) > DISTANCE


def test_a_law_with_too_many_details_is_an_error():
    """All spikes come within 10^−4 of each other, so that the law is nearly a staircase."""
    model = fc.Model(alpha=0.0, beta=1e4, lam=0.1, rate=fc.Ramp(1.0, 2.0, 3e4))
    sol = fc.solve_limit(model, 10.0, potential=2.5)
    with pytest.raises(RuntimeError, match="can't be given to 1e-6"):
        sol.calcium_law(5.0)


def test_independent_neurons_are_a_mixture():
    """Without coupling each start has its own law, whatever the others are, and an atom of its own."""
    model = fc.Model(alpha=0.0, beta=1.0, lam=0.3, rate=fc.Sigmoid(2.0, 1.0, 0.3))
    starts = {"potential": [0.0, 3.0, 1.0, 3.0], "calcium": [2.0, 0.0, 5.0, 1.0]}
    weights = np.array([0.1, 0.2, 0.3, 0.4])
    law = fc.solve_limit(model, 3.0, **starts, weights=weights).calcium_law(2.0)
    x = np.linspace(-0.5, 12.0, 4001)
    total = np.zeros(x.shape)
    for u, r, weight in zip(starts["potential"], starts["calcium"], weights, strict=True):
        alone = fc.solve_limit(model, 3.0, potential=u, calcium=r).calcium_law(2.0)
        total += weight * alone.cdf(x)
    np.testing.assert_allclose(law.cdf(x), total, atol=PRECISION)
    assert len(law.atoms) == 4


def test_many_starts():
    model = fc.Model.example("memory")
    calcium = np.linspace(0.0, 10.0, 200)
    sol = fc.solve_limit(model, 10.0, potential=2.0, calcium=calcium, grid=2)
    law = sol.calcium_law(4.0)
    x = law.ppf(np.linspace(0.001, 0.999, 99))
    assert (np.diff(x) > 0.0).all()
    shared = law.parts[0]
    expected = [
        np.interp(v - calcium * np.exp(-model.lam * 4.0), shared[2], shared[3], left=0.0).mean() for v in x
    ]
    np.testing.assert_allclose(law.cdf(x), expected, atol=1e-12)
    grid = np.linspace(0.0, 60.0, 60_001)
    assert (1.0 - law.cdf(grid)).sum() * 1e-3 == pytest.approx(law.mean, abs=2e-3)


def test_a_rate_of_fifty_and_then_silence():
    model = fc.Model(alpha=0.0, beta=5.0, lam=0.2, rate=fc.Ramp(1.0, 2.0, 50.0))
    sol = fc.solve_limit(model, 300.0, stimulus=fc.Pulse(0.0, 50.0, 20.0))
    early = sol.calcium_law(52.0)
    for t in (100.0, 299.0):
        late, x = sol.calcium_law(t), early.ppf(np.linspace(0.001, 0.999, 999))
        np.testing.assert_allclose(late.cdf(x * np.exp(-0.2 * (t - 52.0))), early.cdf(x), atol=PRECISION)
