"""In law: the kernel against closed forms and against textbook thinning on the full state.

Hypothesis of each test: the kernel's law is the model's. Level: 1e-6 for the whole file, divided
equally among at most BUDGET p-values, which come from exact laws or proven bounds
(verification/statistics/pvalue.py).
Each test draws from streams of its own, so that it gives the same numbers whether it runs alone or with others.
"""

import itertools
import zlib

import numpy as np
import pytest
import runs
from rates import RATES
from scipy.stats import kstest
from verification.references.moments import Moments, times
from verification.references.program import Networks, textbook
from verification.statistics import pvalue

import facilis as fc
from facilis import seed as seeds

BUDGET = 400
LEVEL = 1e-6 / BUDGET
SEED = 20261123
CONVENTIONS = list(itertools.product(["before", "after"], ["others", "all"]))
_told = []


def holds(p):
    _told.append(p)
    return p >= LEVEL


@pytest.fixture
def rng(request):
    """The generator of a test's own draws, seeded by its name."""
    return np.random.default_rng([SEED, zlib.crc32(request.node.name.encode())])


def kernel_runs(model, n, until, potential, calcium, pulses=(), region=None, replicates=4000):
    """Return an array (replicates, 4): spikes, mean potential, mean calcium, exit time."""
    rows = np.empty((replicates, 4))
    for k in range(replicates):
        sim = runs.simulation(model, n, potential, calcium, pulses, SEED, k)
        run = runs.record(sim, until)
        rows[k, :3] = run_end = sim.spikes, *sim.means()[:2]
        assert run["stop"] in ("t_end", "extinct"), run_end
        if region is not None:
            sim = runs.simulation(model, n, potential, calcium, pulses, SEED, k)
            rows[k, 3] = runs.record(sim, until, region=region)["exit_time"]
    return rows


@pytest.mark.slow
@pytest.mark.parametrize(("transmits", "recipients"), CONVENTIONS)
@pytest.mark.parametrize("n", [1, 2, 10])
def test_constant_rate(n, transmits, recipients):
    """4000 runs: Poisson counts, mean potential, mean and variance of the calcium."""
    phi, until, (alpha, beta, lam), (u0, r0) = 0.8, 3.0, (0.9, 1.0, 0.4), (1.0, 2.0)
    model = fc.Model(alpha, beta, lam, fc.Constant(phi), transmits, recipients)
    sample = kernel_runs(model, n, until, u0, r0)
    assert holds(pvalue.poisson(int(sample[:, 0].sum()), len(sample) * n * phi * until))
    # Calcium is shot noise: its cumulants are those of a Poisson process filtered by exp(−lam·t).
    gone = np.exp(-lam * until)
    r_mean, r_var = r0 * gone + phi * (1 - gone) / lam, phi * (1 - gone**2) / (2 * lam) / n
    fourth = 3.0 * r_var**2 + phi * (1 - gone**4) / (4 * lam) / n**3
    assert holds(pvalue.mean(sample[:, 2], r_mean, r_var))
    assert holds(pvalue.mean((sample[:, 2] - r_mean) ** 2, r_var, fourth - r_var**2))
    # Potential and calcium together: the moment equations, closed for a constant rate.
    exact = Moments(n, alpha, beta, lam, phi, transmits=transmits, recipients=recipients)
    u, r = exact.mean_potential(), exact.mean_calcium()
    u_mean, u_square, r_again = exact.solve([u, times(u, u), r], u0, r0, until)
    assert abs(r_again - r_mean) < 1e-12 * r_mean
    assert holds(pvalue.mean(sample[:, 1], u_mean, u_square - u_mean**2))


@pytest.mark.slow
@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("rate", RATES)
def test_one_neuron_hears_nobody(rate, transmits):
    """4000 runs at N = 1 under "others": counts are Poisson with mean ∫φ(u₀·exp(−beta·t))dt."""
    u0, until, beta = 3.0, 2.5, 1.3
    model = fc.Model(0.7, beta, 0.3, RATES[rate][0], transmits, "others")
    edges = np.linspace(0.0, until, 20_001)
    middle = 0.5 * (edges[1:] + edges[:-1])
    expected = RATES[rate][1](u0 * np.exp(-beta * middle)).mean() * until
    sample = kernel_runs(model, 1, until, u0, 4.0)
    count = sample[:, 0].astype(int)
    assert holds(pvalue.poisson(int(count.sum()), expected * count.size))
    assert holds(pvalue.binomial(int((count == 0).sum()), count.size, np.exp(-expected)))


CASES = {
    # n, potential, calcium, until, pulses
    "two": (2, 1.2, 3.0, 6.0, ()),
    "unequal": (5, [0.0, 0.5, 1.0, 2.0, 3.0], [9.0, 0.0, 1.0, 2.0, 4.0], 4.0, ()),
    "pulse": (3, 0.0, 2.0, 5.0, (fc.Pulse(0.5, 1.0, 4.0), fc.Pulse(2.0, 4.0, 1.0))),
    "many": (20, 1.0, 4.0, 2.5, ()),
}


@pytest.mark.slow
@pytest.mark.parametrize(("transmits", "recipients"), CONVENTIONS)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("rate", ["hill", "table", "exponential"])
def test_against_textbook_thinning(rate, case, transmits, recipients, rng):
    """2 × 2000 runs: spike counts, mean potential, mean calcium, and exit times without pulses."""
    n, potential, calcium, until, pulses = CASES[case]
    handle, phi, knots = RATES[rate]
    model = fc.Model(0.6, 1.0, 0.2, handle, transmits, recipients)
    low = (0.6 * np.mean(potential), 0.7 * np.mean(calcium))
    region = None if pulses else runs.above(*low)
    sample = kernel_runs(model, n, until, potential, calcium, pulses, region, replicates=2000)
    networks = Networks(model, n, potential, calcium, pulses, replicates=len(sample))
    (replicate, _, _), exit_time = textbook(networks, phi, until, rng, knots, *(() if pulses else low))
    assert holds(pvalue.two_sample(sample[:, 0], np.bincount(replicate, minlength=len(sample))))
    # Sums in different orders differ in their last digits, which must not tell atoms apart.
    assert holds(pvalue.two_sample(sample[:, 1].round(9), networks.potential.mean(axis=1).round(9)))
    assert holds(pvalue.two_sample(sample[:, 2].round(9), networks.calcium.mean(axis=1).round(9)))
    if not pulses:
        assert holds(pvalue.two_sample(sample[:, 3].round(9), exit_time.round(9)))


@pytest.mark.parametrize("u0", [0.9, 1.4])
def test_exit_between_spikes(u0):
    """4000 runs: the mean decays out of the region without a spike with probability exp(−N·∫φ)."""
    n, low = 3, 0.8
    model = fc.Model(0.8, 1.0, 0.2, RATES["hill"][0])
    at = np.log(u0 / low)
    quiet = np.exp(-n * np.log((1 + u0**4) / (1 + low**4)) / 4)  # ∫u⁴/(1+u⁴)dt = ∫u³/(1+u⁴)du
    sample = kernel_runs(model, n, 50.0, u0, 5.0, region=runs.above(potential=low))
    left = np.abs(sample[:, 3] - at) < 1e-9
    assert holds(pvalue.binomial(int(left.sum()), left.size, quiet))
    assert (sample[:, 3] > at - 1e-9).all()


@pytest.mark.parametrize("rate", ["hill", "table"])
def test_copies_with_a_new_generator_go_on_by_the_law(rate, rng):
    """2 × 4000 runs from one state in the middle of a block of draws, against textbook thinning from there."""
    n, handle, phi, knots = 5, *RATES[rate]
    model = fc.Model(0.6, 1.0, 0.2, handle)
    parent = runs.simulation(model, n, np.linspace(0.5, 2.5, n), 3.0, (), SEED)
    runs.record(parent, 1.2345)
    spikes, sample = parent.spikes, np.empty((4000, 3))
    for k in range(len(sample)):
        copy = parent.copy(seeds.words(seeds.replicate(SEED, (7,), k)))
        runs.record(copy, 1.2345 + 3.0)
        sample[k] = copy.spikes - spikes, *copy.means()[:2]
    networks = Networks(model, n, *parent.state(), replicates=len(sample))
    (replicate, _, _), _ = textbook(networks, phi, 3.0, rng, knots)
    assert holds(pvalue.two_sample(sample[:, 0], np.bincount(replicate, minlength=len(sample))))
    assert holds(pvalue.two_sample(sample[:, 1].round(9), networks.potential.mean(axis=1).round(9)))
    assert holds(pvalue.two_sample(sample[:, 2].round(9), networks.calcium.mean(axis=1).round(9)))


@pytest.mark.parametrize("n", [100, 10_000, 200_000])
def test_first_spike_of_a_network_that_a_current_lifts_over_a_threshold(n):
    """300 runs: what the rates of all neurons add up to until the first spike is exponential of mean 1.

    From rest u = 5(1 - exp(-t)), and the rate (u - 1)/2 begins at t = log(5/4).
    """
    model = fc.Model(0.3, 1.0, 0.1, fc.Ramp(1.0, 3.0, 1.0))
    options = {"stimulus": fc.Pulse(0.0, 10.0, 5.0), "grid": None, "max_spikes": 1}
    first = np.empty(300)
    for k in range(first.size):
        with pytest.warns(RuntimeWarning, match="max_spikes"):
            first[k] = fc.simulate(model, n, 10.0, rng=[SEED, n, k], **options).spikes.time[0]
    begin = np.log(1.25)
    waited = 0.5 * n * (4.0 * (first - begin) + 5.0 * (np.exp(-first) - np.exp(-begin)))
    assert holds(kstest(waited, "expon").pvalue)


def test_the_budget_is_kept():
    assert len(_told) <= BUDGET
