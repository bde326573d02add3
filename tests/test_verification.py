"""The verification itself: its p-values hold, its numbers are reproducible, the kernel passes its reduced set."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from verification import checks, sample, simulators, verify
from verification.case import CATALOGUE, catalogue, load
from verification.cases import build
from verification.references import quadrature
from verification.references.moments import Moments, times
from verification.statistics import dependence, martingale, pvalue, rescaling
from verification.statistics.chain import Past

SEED = 20261123
CASES = [case for case in catalogue() if case.reduced]
TRIALS = 2000


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_kernel_passes_the_reduced_set(case):
    """Level 1e-6 for the whole catalogue, divided by its number of p-values."""
    result = verify.simulate_and_examine(case, simulators.kernel, SEED, case.reduced)
    assert len(result.findings) == checks.p_values(case)
    assert [finding for finding in result.findings if finding.p < verify.level()] == []


# From a generator, a p-value of a sample that has the law it should have.
SAMPLERS = {
    "poisson": lambda rng: pvalue.poisson(rng.poisson(7.3), 7.3),
    "binomial": lambda rng: pvalue.binomial(rng.binomial(40, 0.2), 40, 0.2),
    "one sample": lambda rng: pvalue.one_sample(30, pvalue.distance(rng.uniform(size=30), lambda x: x)),
    "two samples": lambda rng: pvalue.two_sample(rng.poisson(2.0, 500), rng.poisson(2.0, 500)),
    # A Pareto law with infinite third moment: nothing Gaussian about it.
    "mean": lambda rng: pvalue.mean(rng.pareto(2.5, 200) + 1.0, 2.5 / 1.5, 2.5 / (1.5**2 * 0.5)),
    "bounded mean": lambda rng: pvalue.mean(rng.uniform(size=50) < 0.01, 0.01, 0.0099),
    "far gaps": lambda rng: dependence.far_gaps(rng.exponential(size=300))[2],
    "foretold gaps": lambda rng: dependence.foretold_gaps(rng.uniform(size=300))[2],
    "foretold spikers": lambda rng: dependence.foretold_spikers(
        chance := rng.uniform(0.0, 0.3, 300), rng.uniform(size=300) < chance
    )[2],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLERS)
def test_p_values_are_uniform_or_conservative(name):
    """2000 p-values; how many are below a is at most binomial(a), at level 1e-9 each."""
    rng = np.random.default_rng(SEED)
    p = np.array([SAMPLERS[name](rng) for _ in range(TRIALS)])
    for a in (0.5, 0.1, 0.01, 0.001):
        below = int((p <= a).sum())
        assert below <= a * TRIALS or pvalue.binomial(below, TRIALS, a) >= 1e-9, (name, a, below)


@pytest.mark.slow
def test_p_values_of_paths_are_uniform_or_conservative():
    """Time rescaling and residuals of 60 samples of the plain program, 11 p-values each, level 1e-9."""
    case = load(CATALOGUE / "cd-hill-before-others.json")
    p = np.array(
        [[f.p for f in checks.run(case, simulators.plain(case, 30, seed), seed)][:11] for seed in range(60)]
    )
    for column in p.T:
        for a in (0.5, 0.1):
            below = int((column <= a).sum())
            assert below <= a * len(column) or pvalue.binomial(below, len(column), a) >= 1e-9


def test_power_is_not_lost_in_the_bounds():
    """A mean that is 12 standard errors off is refused at 1e-9, a Kolmogorov distance of 0.1 at n = 3000 too."""
    rng = np.random.default_rng(SEED)
    x = rng.exponential(size=10_000)
    assert pvalue.mean(x, 1.0 + 12.0 / 100.0, 1.0) < 1e-9
    assert pvalue.one_sample(3000, pvalue.distance(rng.uniform(size=3000) * 0.9, lambda x: x)) < 1e-9


def test_numbers_that_are_used_twice_are_seen():
    """Blocks of 64 gaps or spikers, a few of them the ones before again: refused at 1e-9."""
    rng = np.random.default_rng(SEED)
    gaps, spikers = rng.exponential(size=(60, 64)), rng.integers(200, size=(60, 64))
    gaps[10], spikers[10:30:4] = gaps[9], spikers[9:29:4]
    assert dependence.foretold_gaps(-np.expm1(-gaps.ravel()))[2] < 1e-9
    gaps[1::2] = gaps[::2]
    assert dependence.far_gaps(gaps.ravel())[2] < 1e-9
    past, foretold = Past(1, 200), []
    for spiker in spikers.ravel():
        foretold.append(past.forecast(np.array([0]))[0] == spiker)
        past.add(np.array([0]), np.array([spiker]))
    assert dependence.foretold_spikers(np.full(len(foretold), 1 / 200), np.array(foretold))[2] < 1e-9


def test_neurons_are_ordered_by_their_last_spikes():
    past, one = Past(1, 4), np.array([0])
    for spiker in (2, 0, 2, 3):
        past.add(one, np.array([spiker]))
    assert [np.flatnonzero(past.more_recent(one, np.array([i]))[0]).tolist() for i in range(4)] == [
        [2, 3],
        [0, 2, 3],
        [3],
        [],
    ]
    past.add(one, np.array([2]))
    assert past.forecast(one) == [3]


def test_a_mean_known_up_to_a_tolerance_has_no_false_alarms():
    """A two-point law whose sample mean is no guide: 2000 p-values, none of them below 1e-6 (level 2e-3)."""
    rng, n = np.random.default_rng(SEED), 400
    size, chance = 8.2 * np.sqrt(n), 1.0 / (8.2**2 * n)
    signs = rng.choice([-1.0, 1.0], (TRIALS, n)) * (rng.uniform(size=(TRIALS, n)) < chance)
    assert min(pvalue.mean(size * row, 0.0, 1.0, tolerance=1.0) for row in signs) > 1e-6
    assert pvalue.mean(rng.normal(size=n) + 1.8, 0.0, 1.0, tolerance=1.0) < 1e-9


def test_poisson_tails_are_right_where_they_decide():
    """SciPy's tail at 5.9 standard errors against the sum of its terms: within the numerics' share."""
    mean = 8e6
    count = int(mean + 5.9 * np.sqrt(mean))
    terms = stats.poisson.logpmf(np.arange(count, count + 20_000), mean)
    assert pvalue.poisson(count, mean) == pytest.approx(2.0 * np.exp(terms).sum(), rel=0.03)


def test_what_cannot_be_a_sample_is_refused_and_not_passed():
    case = load(CATALOGUE / "cd-hill-before-others.json")
    told = simulators.kernel(case, 20, SEED)
    assert told.problem(case) is None

    def spoiled(column, value):
        spikes = [values.copy() for values in told.spikes]
        spikes[column][7] = value
        return replace(told, spikes=tuple(spikes))

    bad = {
        "outside the run": spoiled(1, np.nan),
        "of no neuron": spoiled(2, -1),
        "of no replicate": spoiled(0, 20),
        "not in order": spoiled(1, 0.0),
        "not finite": replace(told, observables=told.observables | {"potential": np.full(20, np.nan)}),
        "no column calcium": replace(told, observables={"spikes": told.observables["spikes"]}),
        "does not count": replace(told, observables=told.observables | {"spikes": np.zeros(20, int)}),
    }
    for words, wrong in bad.items():
        (finding,) = checks.run(case, wrong, SEED)
        assert words in finding.observed
        assert finding.p == 0.0


def test_no_number_is_no_excuse():
    assert pvalue.evidence([np.nan, 0.0]) < 1e-200
    assert pvalue.one_sample(100, np.nan) < 1e-200


def test_equal_potentials_have_no_order():
    """Else rounding would decide who is above the mean, and the residual would be of noise."""
    case = load(CATALOGUE / "cd-growing.json")
    scores = {what: score for what, score, _ in martingale.check(case, simulators.kernel(case, 50, SEED))}
    assert scores["residual: order"] == 0.0
    assert scores["residual: count"] != 0.0


def test_the_full_set_refuses_what_the_reduced_set_does():
    case = replace(load(CATALOGUE / "b-one-neuron.json"), reduced=30)
    told = simulators.kernel(case, 300, SEED)
    times = told.spikes[1].copy()
    # The replicates of the reduced set are wrong, those after them right.
    times[told.spikes[0] < 30] *= 0.001
    wrong = replace(told, spikes=(told.spikes[0], times, told.spikes[2]))
    first = checks.run(case, wrong.head(30), SEED)
    for finding, alone in zip(verify.findings(case, wrong, SEED), first, strict=True):
        assert finding.p <= 2.0 * alone.p


def test_a_wrong_simulator_is_refused_through_its_files(tmp_path):
    """The plain program with the other convention, written as CSV, read again, and judged."""
    case = load(CATALOGUE / "a-constant-before-others.json")
    other = replace(case, model=case.model | {"transmits": "after"})
    for name, simulated in (("right", case), ("wrong", other)):
        sample.write(simulators.plain(simulated, 4000, SEED), tmp_path / name, case.name)
        result = verify.examine(case, sample.read(tmp_path / name, case.name), SEED)
        assert verify.passes(result) == (name == "right")


@pytest.mark.slow
def test_files_that_are_missing_or_short_do_not_pass(tmp_path):
    """By its exit code: 3 where a case has no files, 1 where one has too few replicates; 0 with --only."""
    name = "a-constant-before-others"
    command = [sys.executable, "-m", "verification", "--check", str(tmp_path), "--report", str(tmp_path)]
    sample.write(simulators.plain(load(CATALOGUE / f"{name}.json"), 1000, SEED), tmp_path, name)

    def exit_code(*options):
        return subprocess.run([*command, "--jobs", "1", *options], capture_output=True).returncode

    assert exit_code("--reduced", "--only", name) == 0
    assert exit_code("--reduced") == 3
    assert exit_code("--only", name) == 1


def test_files_keep_every_digit_and_every_spike(tmp_path):
    case = load(CATALOGUE / "cd-table-before-all.json")
    told = simulators.kernel(case, 20, SEED)
    sample.write(told, tmp_path, case.name)
    read = sample.read(tmp_path, case.name)
    for column, again in zip(told.spikes, read.spikes, strict=True):
        np.testing.assert_array_equal(column, again)
    for name, values in told.observables.items():
        np.testing.assert_array_equal(values, read.observables[name])


@pytest.mark.slow
def test_the_catalogue_is_what_its_programs_write():
    written = {case.name: json.loads(build.as_json(case)) for case in build.all_cases()}
    files = {path.stem: json.loads(path.read_text()) for path in CATALOGUE.glob("*.json")}
    assert written.keys() == files.keys()
    for name in files:
        assert flat(written[name]) == pytest.approx(flat(files[name]), rel=1e-6, abs=1e-9), name


def flat(value, path=""):
    """Return the numbers in nested JSON by their places."""
    if isinstance(value, dict):
        return {k: v for key, part in value.items() for k, v in flat(part, f"{path}/{key}").items()}
    if isinstance(value, list):
        return {k: v for i, part in enumerate(value) for k, v in flat(part, f"{path}/{i}").items()}
    return {path: value} if isinstance(value, int | float) else {}


def test_quadrature_and_moment_equations_agree():
    """Two programs, one number: first and second moment of the mean potential, five spikes at most."""
    case = load(CATALOGUE / "a-constant-before-others.json")
    case = replace(case, t_end=0.4, model=case.model | {"rate": {"Constant": {"value": 0.3}}})
    exact = Moments(2, case.model["alpha"], case.model["beta"], case.model["lam"], 0.3)
    u = exact.mean_potential()
    first, second = exact.solve([u, times(u, u)], case.potential, case.calcium, case.t_end)
    by_paths = np.zeros(2)
    for _, weight, networks in quadrature.paths(case, 5, 6):
        potential = networks.potential.mean(axis=1)
        by_paths += (weight * potential).sum(), (weight * potential**2).sum()
    assert by_paths == pytest.approx([first, second], rel=2e-5)


def test_the_chain_of_a_short_sample_goes_on_by_itself():
    case = load(CATALOGUE / "cd-hill-before-others.json")
    told = simulators.plain(case, 5, SEED)
    for what, _, p in rescaling.check(case, told, 10 * len(told.spikes[0]), SEED):
        assert p >= 1e-6, what
