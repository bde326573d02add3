"""Survival curves, means and the shifted exponential law, on times made up or worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import facilis as fc
from facilis.memory import exponential
from facilis.memory.survival import kaplan_meier, restricted_mean

REGION = fc.Region.potential_above(0.7)


@pytest.fixture(scope="module")
def memory():
    model = fc.Model.example("memory")
    options = {"potential": 2.0, "calcium": 9.0, "replicates": 5, "region": REGION}
    return fc.memory_times(model, 10, 1e6, rng=1, **options)


def with_times(memory, time, exited, t_max=1e6):
    time, exited = np.asarray(time, float), np.asarray(exited, bool)
    extra = {name: np.zeros(time.size, int) for name in ("index", "spikes", "extinct")}
    return replace(memory, time=time, exited=exited, t_max=t_max, **extra)


# Freireich et al., Blood 21 (1963) 699: weeks of remission under 6-MP, a textbook example.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_kaplan_meier_gives_the_textbook_s_table(memory):
    curve = with_times(memory, WEEKS, SEEN).survival()
    np.testing.assert_array_equal(curve.t, [0, 6, 7, 10, 13, 16, 22, 23, 35])
    expected = [1, 0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482, 0.4482]
    np.testing.assert_allclose(curve.probability, expected, atol=5e-5)
    # Greenwood's standard errors of the same table, brought to the scale of log(−log P).
    error = np.array([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346])
    p = curve.probability[1:8]
    spread = np.exp(1.959964 * error / (p * np.abs(np.log(p))))
    np.testing.assert_allclose(curve.low[1:8], p**spread, atol=3e-4)
    np.testing.assert_allclose(curve.high[1:8], p ** (1 / spread), atol=3e-4)


def test_without_censoring_the_curve_is_the_share_that_is_left():
    time = np.array([3.0, 1.0, 2.0, 2.0])
    curve = kaplan_meier(time, np.ones(4, bool))
    np.testing.assert_array_equal(curve.t, [0, 1, 2, 3])
    np.testing.assert_allclose(curve.probability, [1.0, 0.75, 0.25, 0.0], atol=1e-15)
    assert np.all((curve.low <= curve.probability) & (curve.probability <= curve.high))
    np.testing.assert_allclose(curve([0.0, 1.5, 2.0, 9.0]), [1.0, 0.75, 0.25, 0.0], atol=1e-15)


def test_a_curve_is_unknown_after_the_last_time_seen():
    curve = kaplan_meier(np.array([1.0, 4.0]), np.array([True, False]))
    np.testing.assert_array_equal(curve([4.0, 4.1]), [0.5, np.nan])
    with pytest.raises(ValueError, match="t must be times >= 0"):
        curve(-1.0)


def test_times_zero_and_no_exits_at_all():
    curve = kaplan_meier(np.array([0.0, 0.0, 5.0]), np.array([True, True, False]))
    np.testing.assert_allclose(curve.probability, [1 / 3, 1 / 3])
    curve = kaplan_meier(np.array([5.0, 5.0]), np.zeros(2, bool))
    np.testing.assert_array_equal(curve.t, [0, 5])
    np.testing.assert_array_equal(curve.probability, [1, 1])


@pytest.mark.parametrize("censored", [0.3, 0.7])
def test_the_band_covers_at_a_fixed_time(censored):
    """2000 sets of 80 times; 95 % nominal, so 5 standard errors of the share are 0.024."""
    rng = np.random.default_rng(11)
    limit, at = -np.log(censored), 0.2
    true = np.exp(-at)
    hits = 0
    for _ in range(2000):
        time = rng.exponential(size=80)
        curve = kaplan_meier(np.minimum(time, limit), time <= limit)
        k = np.searchsorted(curve.t, at, side="right") - 1
        hits += curve.low[k] <= true <= curve.high[k]
    assert abs(hits / 2000 - 0.95) < 0.03


def test_the_restricted_mean_is_the_area_under_the_curve(memory):
    weeks = with_times(memory, WEEKS, SEEN, t_max=35.0)
    curve = weeks.survival()
    area = np.sum(np.diff(curve.t) * curve.probability[:-1])
    assert weeks.restricted_mean().value == pytest.approx(area, rel=1e-14)
    assert weeks.restricted_mean(6.0).value == 6.0
    assert "restricted" in weeks.restricted_mean().of
    with pytest.raises(ValueError, match="until"):
        weeks.restricted_mean(36.0)


def test_without_censoring_the_restricted_mean_has_the_error_of_a_mean():
    time = np.random.default_rng(1).gamma(3.0, size=500)
    estimate = restricted_mean(time, np.ones(500, bool), 1e9)
    assert estimate.value == pytest.approx(time.mean(), rel=1e-12)
    assert estimate.high - estimate.value == pytest.approx(1.959964 * time.std() / 500**0.5, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("censored", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("n", [40, 1000])
def test_the_mean_s_interval_covers(censored, n):
    """2000 sets of n shifted exponential times each: 95 % ± 4 standard errors is within 93–97 %."""
    rng = np.random.default_rng([n, int(10 * censored)])
    limit = np.inf if censored == 0.0 else -np.log(censored)
    hits = 0
    for _ in range(2000):
        time = 5.0 + 50.0 * rng.exponential(size=n)
        exited = time <= 5.0 + 50.0 * limit
        mean = exponential.mean(np.minimum(time, 5.0 + 50.0 * limit), exited)
        hits += mean.low <= 55.0 <= mean.high
    assert 0.93 <= hits / 2000 <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 5.0, 200.0])
@pytest.mark.parametrize("expected", [0.5, 1.0])
def test_the_mean_s_interval_covers_where_there_may_be_no_exit(shift, expected):
    """2000 sets of 1000 times watched until so many exits are expected: at least 93 %."""
    rng = np.random.default_rng([int(10 * expected), int(shift)])
    limit = shift - 50.0 * np.log1p(-expected / 1000)
    hits = 0
    for _ in range(2000):
        time = shift + 50.0 * rng.exponential(size=1000)
        mean = exponential.mean(np.minimum(time, limit), time <= limit)
        hits += mean.low <= shift + 50.0 <= mean.high
    assert hits / 2000 >= 0.93


def test_before_the_first_exit_the_interval_is_that_of_none_out_of_n(memory):
    some = with_times(memory, [5.0] * 19 + [3.0], [0] * 19 + [1], 5.0)
    none = with_times(memory, [5.0] * 20, [0] * 20, 5.0)
    least = 0.025 ** (1 / 20)
    for curve in (some.survival(), none.survival()):
        assert (curve.probability[0], curve.low[0], curve.high[0]) == (1.0, pytest.approx(least), 1.0)
    mean = none.restricted_mean()
    assert (mean.value, mean.low, mean.high) == (5.0, pytest.approx(5.0 * least), 5.0)


def test_the_mean_of_censored_times_is_not_the_mean_of_what_was_seen(memory):
    """The error of the naive estimate at 80 % censoring is 80 % of the mean; ours is within its interval."""
    time = 20.0 + 100.0 * np.random.default_rng(3).exponential(size=20_000)
    limit = 20.0 - 100.0 * np.log(0.8)
    with pytest.warns(RuntimeWarning, match="still remembered at the end"):
        mean = with_times(memory, np.minimum(time, limit), time <= limit, limit).mean()
    assert mean.value == pytest.approx(120.0, abs=5 * 100.0 / 4000**0.5)
    assert np.minimum(time, limit).sum() / np.count_nonzero(time <= limit) > 190.0


def test_the_interval_has_the_exact_quantiles():
    """The quantiles of (1 − E/n)/G against a million draws: a level of 0.025 ± 5 standard errors."""
    rng = np.random.default_rng(5)
    for n in (5, 50):
        draws = (1 - rng.exponential(size=10**6) / n) / rng.gamma(n - 1, size=10**6)
        low, high = exponential._ratio_quantiles(n - 1.0, n, (0.025, 0.975))
        assert abs(np.mean(draws < low) - 0.025) < (2e-3 if n == 5 else 8e-4)
        assert abs(np.mean(draws > high) - 0.025) < 8e-4


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.5, 30.0, 3e4])
def test_quantiles_of_the_gamma_law(shape):
    levels = (0.025, 0.5, 0.975)
    expected = stats.gamma.ppf(levels, shape)
    np.testing.assert_allclose(exponential._gamma_quantiles(shape, levels), expected, rtol=1e-3)


def warned_mean(times):
    with pytest.warns(RuntimeWarning, match="networks were seen to forget"):
        return times.mean()


def test_means_at_the_edges(memory):
    never = warned_mean(with_times(memory, [7.0, 7.0], [0, 0], 7.0))
    assert never.value == never.high == np.inf
    assert never.low == pytest.approx(14.0 / -np.log(0.025), rel=1e-3)
    assert warned_mean(with_times(memory, [7.0] * 99, [0] * 99, 7.0)).low == 7.0
    at_once = with_times(memory, [0.0, 0.0, 0.0, 0.0], [1, 1, 1, 1]).mean()
    assert (at_once.value, at_once.low, at_once.high) == (0.0, 0.0, 0.0)
    one = with_times(memory, [3.0], [1]).mean()
    assert (one.value, one.low, one.high) == (3.0, 0.0, np.inf)
    for_ever = with_times(memory, [3.0, np.inf], [1, 0], np.inf).mean()
    assert for_ever.value == np.inf
    nobody = with_times(memory, [], [])
    for name in ("mean", "survival", "restricted_mean"):
        with pytest.raises(ValueError, match="at least one replicate"):
            getattr(nobody, name)()


@pytest.mark.parametrize("censored", [0.0, 0.5, 0.8])
def test_the_level_of_the_exponential_test(censored):
    """1000 sets: P(p ≤ 0.05) is 0.05, at most 0.05 + 5 standard errors = 0.084; not below 0.02 either."""
    rng = np.random.default_rng([7, int(10 * censored)])
    limit = np.inf if censored == 0.0 else -np.log(censored)
    p = []
    for _ in range(1000):
        time = 3.0 + rng.exponential(size=60)
        exited = time <= 3.0 + limit
        p.append(exponential.goodness(np.minimum(time, 3.0 + limit), exited, 99, rng).p_value)
    assert 0.02 < np.mean(np.array(p) <= 0.05) < 0.084


@pytest.mark.slow
@pytest.mark.parametrize("censored", [0.0, 0.3])
def test_samples_of_4096_exits_stand_for_larger_ones(censored):
    """The distance has the same law for ten times as many exits: Kolmogorov and Smirnov at 10⁻³, 1500 of each."""
    limit = -np.log(censored) if censored else np.inf
    rng, found = np.random.default_rng(8), []
    for exits in (exponential._ENOUGH, 10 * exponential._ENOUGH):
        n = round(exits / (1.0 - censored))
        waited = (n - exits) * limit if censored else 0.0
        samples = (exponential._samples(15, exits, limit, rng) for _ in range(100))
        found.append(np.concatenate([exponential._distance(sample, waited, n) for sample in samples]))
    assert stats.ks_2samp(*found).pvalue > 1e-3
    # So it sees a difference of a tenth.
    assert stats.ks_2samp(found[0], 1.15 * found[1]).pvalue < 1e-3


@pytest.mark.parametrize(
    "law", [stats.gamma(4.0), stats.lognorm(1.5), stats.uniform()], ids=["gamma", "lognormal", "uniform"]
)
def test_the_exponential_test_has_power(memory, law):
    time = law.rvs(300, random_state=np.random.default_rng(2))
    assert with_times(memory, time, np.ones(300)).exponential_test(resamples=499).p_value <= 0.01


def test_a_curve_whose_rest_never_exits_is_known_for_ever():
    exited = np.array([True, True, True, False, False])
    curve = kaplan_meier(np.array([1.0, 2.0, 3.0, np.inf, np.inf]), exited)
    assert curve.until == np.inf
    np.testing.assert_allclose(curve([2.5, 3.0, 10.0, 1e9, np.inf]), [0.6, 0.4, 0.4, 0.4, 0.4])
    curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 5.0, 5.0]), exited)
    assert curve.until == 5.0
    np.testing.assert_allclose(curve([5.0, 5.1]), [0.4, np.nan])


def test_what_the_exponential_test_tells(memory):
    time = 5.0 + np.random.default_rng(4).exponential(10.0, size=400)
    found = with_times(memory, time, np.ones(400)).exponential_test(resamples=199, rng=3)
    assert found.shift == time.min()
    assert found.shift + found.scale == pytest.approx(time.mean())
    assert (found.exits, found.resamples) == (400, 199)
    assert found == with_times(memory, time, np.ones(400)).exponential_test(resamples=199, rng=3)
    with pytest.raises(ValueError, match="at least 3 exits, got 2"):
        with_times(memory, [1.0, 2.0, 3.0], [1, 1, 0], 3.0).exponential_test()
    with pytest.raises(ValueError, match=r"times that differ, got 2\.0 alone"):
        with_times(memory, [2.0, 2.0, 2.0], [1, 1, 1]).exponential_test()
    with pytest.raises(ValueError, match="censored at one time"):
        with_times(memory, [1.0, 2.0, 3.0, 2.5, 4.0], [1, 1, 1, 0, 0]).exponential_test()
    with pytest.raises(ValueError, match="resamples"):
        with_times(memory, time, np.ones(400)).exponential_test(resamples=0)
