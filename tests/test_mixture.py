"""No confident wrong number: where the law fails the mean says so, and two populations are told apart."""

from dataclasses import replace
from math import sqrt

import matplotlib as mpl
import numpy as np
import pytest
from scipy import stats
from tests.mixtures import CENSORED, QUICK, SHARES, covered, silently_wrong

import facilis as fc
from facilis.memory.binomial import wilson
from facilis.memory.mixture import mixture

mpl.use("agg")
import matplotlib.pyplot as plt

REGION = fc.Region.potential_above(0.7)


@pytest.fixture(scope="module")
def memory():
    model = fc.Model.example("memory")
    return fc.memory_times(model, 10, 1e6, rng=1, potential=2.0, calcium=9.0, replicates=5, region=REGION)


def with_times(memory, time, exited, t_max=1e6):
    time, exited = np.asarray(time, float), np.asarray(exited, bool)
    extra = {name: np.zeros(time.size, int) for name in ("index", "spikes", "extinct")}
    return replace(memory, time=time, exited=exited, t_max=t_max, **extra)


@pytest.fixture
def forgetful(memory):
    """89 of 100 networks forget at once; the others have the mean 7155, so that of all is 787."""
    time = np.concatenate([np.zeros(89), [400.0, 600.0, 1036.0], np.full(8, 3000.0)])
    return with_times(memory, time, time < 3000.0, 3000.0)


def test_a_mean_that_is_far_off_comes_with_a_warning_and_the_mixture_has_it_right(forgetful):
    with pytest.warns(RuntimeWarning, match=r"mean memory time 283 .* refute the shifted exponential law"):
        mean = forgetful.mean()
    assert mean.low == pytest.approx(232, abs=1)
    assert mean.high == pytest.approx(350, abs=1)
    found = forgetful.mixture()
    assert found.split == 0.0
    assert found.not_remembered.value == 0.89
    assert found.not_remembered.low < 0.89 < found.not_remembered.high
    assert found.mean.low < 787 < found.mean.high
    assert found.remembered.low < 7155 < found.remembered.high
    assert found.doubt.startswith("3 of 11 networks were seen to forget")


def test_the_summary_and_the_picture_say_so_too(forgetful):
    summary = forgetful.summary()
    for words in ("mean restricted to t <= 3000", "warning    the memory times refute", "a share of 0.89"):
        assert words in summary
    ax = forgetful.plot()["survival"]
    ax.figure.draw_without_rendering()
    assert "refute the shifted exponential" in ax.get_xlabel().replace("\n", " ")
    box, room = ax.xaxis.label.get_window_extent(), ax.figure.bbox
    assert room.x0 <= box.x0
    assert box.x1 <= room.x1
    plt.close("all")


def test_what_is_exponential_is_not_doubted(memory):
    time = 5.0 + np.random.default_rng(1).exponential(50.0, size=400)
    one = with_times(memory, time, np.ones(400))
    assert one.doubt() is None
    one.mean()
    assert "warning" not in one.summary()
    assert "restricted" not in one.summary()
    assert one.plot()["survival"].get_xlabel() == "time since the stimulus"
    plt.close("all")


@pytest.mark.parametrize(
    ("exits", "n", "reason"), [(9, 9, "9 of 9 networks were"), (12, 30, "18 of 30 networks still remembered")]
)
def test_what_can_t_be_tested_is_doubted(memory, exits, n, reason):
    limit = -np.log1p(-exits / n) if exits < n else np.inf
    points = (np.arange(n) + 0.5) / n
    time = np.minimum(-np.log1p(-points), limit)
    assert with_times(memory, time, time < limit).doubt().startswith(reason)


def test_where_nothing_is_estimated_nothing_is_doubted(memory):
    assert with_times(memory, [2.0] * 5, [1] * 5).doubt() is None
    assert with_times(memory, [2.0, np.inf], [1, 0], np.inf).doubt() is None


@pytest.mark.slow
@pytest.mark.parametrize("quick", [0.0, QUICK])
@pytest.mark.parametrize("censored", CENSORED)
@pytest.mark.parametrize("share", SHARES)
def test_no_mean_is_silently_wrong(share, censored, quick):
    """100 sets of 100 times: 5 % expected where all is exponential, and at most 5 + 4·2.2 = 13.7 anywhere."""
    rng = np.random.default_rng([int(10 * share), int(10 * censored), int(100 * quick)])
    missed, doubted = silently_wrong(100, share, censored, quick, 100, rng)
    assert missed <= 13
    # The law is refuted at the level 1 %; more than 6 of 100 by chance has a probability below 1e-4.
    assert doubted == 100 if share else doubted <= 6


@pytest.mark.slow
@pytest.mark.parametrize("quick", [0.0, QUICK])
@pytest.mark.parametrize("censored", CENSORED)
@pytest.mark.parametrize("share", SHARES[1:])
def test_the_intervals_of_the_mixture_cover(share, censored, quick):
    """100 sets of 200 times: 92 % or more, with 4 standard errors of 2.7 %."""
    rng = np.random.default_rng([1, int(10 * share), int(10 * censored), int(100 * quick)])
    found, hits = covered(200, share, censored, quick, 100, rng)
    assert found >= 90
    assert np.all(hits / found >= 0.92 - 4 * sqrt(0.92 * 0.08 / found))


@pytest.mark.slow
def test_one_population_is_no_mixture():
    rng = np.random.default_rng(3)
    for censored in CENSORED:
        assert covered(100, 0.0, censored, 0.0, 300, rng)[0] == 0


def test_why_there_is_no_mixture(memory):
    time = np.random.default_rng(5).exponential(size=200)
    with pytest.raises(ValueError, match="do not show that some networks forget faster"):
        with_times(memory, time, np.ones(200)).mixture()
    with pytest.raises(ValueError, match="different times"):
        with_times(memory, [2.0] * 5, [1] * 5).mixture()
    with pytest.raises(ValueError, match="for ever"):
        mixture(np.array([1.0, np.inf]), np.array([True, False]))
    overlapping = np.append(np.linspace(0.0, 1.0, 300), np.linspace(1.0, 8.0, 50))
    with pytest.raises(ValueError, match="memory goes on for"):
        with_times(memory, overlapping, np.ones(350)).mixture()


def test_those_who_remember_may_all_be_censored():
    found = mixture(np.append(np.linspace(0.0, 1.0, 60), np.full(40, 100.0)), np.arange(100) < 60)
    assert found.mean.value == found.remembered.value == np.inf
    assert 0.0 < found.mean.low < found.remembered.low < np.inf


def test_wilson_s_interval_is_scipy_s():
    for k, n in [(0, 10), (3, 10), (10, 10), (89, 100), (1, 1)]:
        expected = stats.binomtest(k, n).proportion_ci(method="wilson")
        np.testing.assert_allclose(wilson(k, n), expected, atol=1e-12)


def test_a_sweep_carries_what_speaks_against_the_mean(tmp_path):
    pytest.importorskip("xarray")
    options = {"region": REGION, "t_max": 200.0, "replicates": 40, "rng": 1, "potential": 2.0, "calcium": 9.0}
    data = fc.sweep(fc.memory_times, over={"n": [5, 60, 100]}, model=fc.Model.example("memory"), **options)
    alone = fc.memory_times(
        fc.Model.example("memory"), 60, **options | {"rng": np.random.SeedSequence(1, spawn_key=(1,))}
    )
    point = data.sel(n=60)
    assert point.mean_time_low <= point.mean_time <= point.mean_time_high
    assert float(point.restricted_mean) == alone.restricted_mean().value
    assert float(point.exponential_p_value) == alone.exponential_test().p_value
    assert float(point.exit_share) == alone.exited.mean()
    assert int(point.censored) == np.count_nonzero(~alone.exited)
    assert str(point.mean_time_doubt.values) == (alone.doubt() or "")
    data.to_netcdf(tmp_path / "sweep.nc", engine="h5netcdf")
