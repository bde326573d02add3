"""Path by path: the kernel's own candidates, decided once more by plain formulas on the full state.

No statistics: the same neurons spike at the same times, the state at the end is the same to rounding, and
the bound held for every neuron all the time.
"""

import itertools

import numpy as np
import pytest
import runs
from draws import BLOCK, Draws
from rates import RATES
from verification.references.program import Networks, replay

import facilis as fc
from facilis import seed as seeds

PULSES = (fc.Pulse(1.0, 3.0, 2.0), fc.Pulse(2.5, 6.0, 0.7), fc.Pulse(40.0, 40.5, 30.0))


def check(model, rate, n, until, potential, calcium, pulses, seed):
    _, phi, knots = RATES[rate] if isinstance(rate, str) else rate
    sim = runs.simulation(model, n, potential, calcium, pulses, seed)
    trace = sim.trace(until)
    network = Networks(model, n, potential, calcium, pulses)
    candidates = zip(trace["time"], trace["neuron"], trace["threshold"], strict=True)
    spikes, highest = replay(network, phi, candidates, knots)
    np.testing.assert_array_equal(trace["neuron"][spikes], trace["spike_neuron"])
    np.testing.assert_allclose(trace["time"][spikes], trace["spike_time"], rtol=0.0, atol=1e-9)
    assert (highest <= trace["bound"] * (1.0 + 1e-12)).all()
    assert (np.diff(trace["time"]) >= 0.0).all()
    if trace["stop"] == "t_end":
        check_state(sim, network, until, 1e-10)
    return trace


def check_state(sim, network, until, tolerance):
    network.flow(np.array([until]))
    exact = network.potential[0], network.calcium[0]
    # U_i is the difference of a shared field and a private part, and the rates vary on the scale 1.
    scale = max(1.0, exact[0].max()), exact[1].max()
    for got, want, size in zip(sim.state(), exact, scale, strict=True):
        np.testing.assert_allclose(got, want, rtol=0.0, atol=tolerance * size)
        assert (got >= 0.0).all()
    means = exact[0].mean(), exact[1].mean(), exact[1].var()
    for got, want, size in zip(sim.means(), means, (*scale, scale[1] ** 2), strict=True):
        assert abs(got - want) <= tolerance * size


@pytest.mark.slow
@pytest.mark.parametrize("recipients", ["others", "all"])
@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("rate", RATES)
def test_the_same_spikes_for_every_rate_and_convention(rate, transmits, recipients):
    model = fc.Model(0.4, 1.0, 0.3, RATES[rate][0], transmits, recipients)
    for seed, (n, unequal, pulses) in enumerate(
        itertools.product([1, 2, 7, 60], [False, True], [(), PULSES])
    ):
        rng = np.random.default_rng([seed, n])
        potential = rng.uniform(0.0, 4.0, n) if unequal else 2.0
        calcium = rng.uniform(0.0, 6.0, n) if unequal else 3.0
        check(model, rate, n, 45.0 if n < 60 else 8.0, potential, calcium, pulses, seed)


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 5, 300])
@pytest.mark.parametrize(("beta", "lam"), [(1.0, 0.1), (0.2, 2.0), (7.0, 7.0)])
def test_runs_long_enough_to_move_the_frame_many_times(n, beta, lam):
    model = fc.Model(0.5, beta, lam, RATES["hill-base"][0])
    until = (2000.0 if n < 300 else 150.0) / max(beta, lam)
    trace = check(model, "hill-base", n, until, 2.0, np.linspace(0.0, 9.0, n), PULSES, seed=n)
    assert trace["spike_time"].size > 3  # the run is not void; one neuron has no more than a dozen or two


@pytest.mark.parametrize("base", [1e-2, 1e-4, 1e-7])
@pytest.mark.parametrize("recipients", ["others", "all"])
def test_gaps_far_longer_than_any_time_constant(base, recipients):
    rate = (
        fc.Hill(1.0, 1.0, 2.0, base=base),
        lambda u: base + np.maximum(u, 0.0) ** 2 / (1.0 + np.maximum(u, 0.0) ** 2),
        (),
    )
    model = fc.Model(0.5, 1.0, 0.5, rate[0], "after", recipients)
    pulses = (fc.Pulse(300.0, 301.0, 2.0), fc.Pulse(2000.0, 2010.0, 0.5))
    trace = check(model, rate, 3, 20.0 / base, [2.0, 0.0, 1.0], 1.0, pulses, seed=5)
    assert np.diff(trace["spike_time"]).max() > 1.0 / base / 10.0


@pytest.mark.parametrize("n", [2, 30])
def test_runs_into_extinction(n):
    model = fc.Model(0.22, 1.0, 0.1, RATES["hill"][0])
    for seed in range(20):
        sim = runs.simulation(model, n, 1.5, 2.0, (), seed)
        trace = sim.trace(np.inf)
        assert trace["stop"] == "extinct"
        network = Networks(model, n, 1.5, 2.0)
        candidates = zip(trace["time"], trace["neuron"], trace["threshold"], strict=True)
        spikes, highest = replay(network, RATES["hill"][1], candidates)
        np.testing.assert_array_equal(trace["time"][spikes], trace["spike_time"])
        assert (highest <= trace["bound"] * (1.0 + 1e-12)).all()


@pytest.mark.parametrize("rate", RATES)
def test_a_strong_short_pulse_at_rest(rate):
    """Potentials rise by themselves while spikes lift them too: the bound must foresee both."""
    model = fc.Model(3.0, 1.0, 0.1, RATES[rate][0], "after", "all")
    for seed, n in itertools.product(range(10), [2, 20]):
        check(model, rate, n, 2.0, 0.0, 2.0, (fc.Pulse(0.0, 0.3, 12.0), fc.Pulse(1.0, 1.1, 40.0)), seed)


def test_a_short_pulse_is_bounded_by_what_it_reaches_and_not_by_where_it_tends():
    """The potential gets to 4.8 and tends to 50; a bound for 50 would need 10²⁰ candidates."""
    rate = (fc.Exponential(0.1, 1.0, np.inf), lambda u: 0.1 * np.exp(np.maximum(u, 0.0)), ())
    model = fc.Model(0.01, 1.0, 0.2, rate[0])
    trace = check(model, rate, 3, 2.0, 0.0, 1.0, (fc.Pulse(0.0, 0.1, 50.0),), seed=1)
    assert 0 < trace["time"].size < 1000


@pytest.mark.parametrize("n", [1, 3, 100, 5000])  # the last one draws a block ahead
def test_the_draws_are_those_that_numpy_makes_of_the_same_words(n):
    rate = 2.0
    model = fc.Model(0.5, 1.0, 0.1, fc.Constant(rate))
    blocks = 40
    # A current changes, so that a wait is cut there and goes on.
    trace = runs.simulation(model, n, pulses=PULSES, seed=7, k=3).trace(blocks * BLOCK / n / rate)
    draws = Draws(seeds.replicate(7, (), 3), n)
    waits, neurons, marks = (
        np.concatenate(x) for x in zip(*(draws.block() for _ in range(2 * blocks)), strict=True)
    )
    known = trace["time"].size
    assert known > 0.8 * blocks * BLOCK
    np.testing.assert_array_equal(trace["neuron"], neurons[:known])
    np.testing.assert_allclose(trace["threshold"], rate * marks[:known], rtol=1e-14)
    np.testing.assert_allclose(trace["time"] * (n * rate), waits.cumsum()[:known], rtol=1e-12)
