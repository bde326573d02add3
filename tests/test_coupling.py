"""The network and its limit copies on the same Poisson points.

Levels: each test of a law rejects a correct program with probability at most 1e-7.
"""

import numpy as np
import pytest
from scipy import stats

import facilis as fc

BISTABLE = fc.Model.example("bistable")
MODELS = [
    BISTABLE,
    BISTABLE.replace(transmits="after", alpha=0.2, recipients="all"),
    BISTABLE.replace(rate=fc.Table([0.2, 1.0, 2.0, 4.0], [0.1, 0.9, 0.5, 1.0])),
    BISTABLE.replace(rate=fc.Linear(0.05, base=0.3)),
]


@pytest.mark.parametrize("model", MODELS, ids=["hill", "after", "table", "linear"])
def test_copies_have_the_law_of_the_limit(model):
    """Copies are independent, so a mean over them is off by sqrt(variance / N): |z| < 5.6 each."""
    n, stimulus = 20_000, fc.Pulse(5.0, 8.0, 1.0)
    times = np.array([0.0, 1.0, 4.0, 7.0, 12.0, 20.0])
    options = {"potential": 2.0, "calcium": 3.0, "stimulus": stimulus, "grid": times}
    coupled = fc.couple(model, n, 20.0, rng=11, **options)
    limit = fc.solve_limit(model, 20.0, **options)
    np.testing.assert_allclose(coupled.limit_potential, limit.potential, rtol=1e-8, atol=1e-10)
    assert coupled.limit_calcium[0] == 3.0
    error = (coupled.limit_calcium - limit.calcium)[1:] / np.sqrt(limit.calcium_var[1:] / n)
    assert np.abs(error).max() < 5.6
    assert np.abs(error).max() > 1e-3  # it is a sample, not the limit itself


def test_copies_that_start_apart_follow_potentials_of_their_own():
    """Two groups: the means of the copies' calcium are those of the limit from two atoms."""
    n, times = 20_000, np.array([0.5, 2.0, 10.0])
    potential, calcium = np.repeat([0.5, 4.0], n // 2), np.repeat([8.0, 1.0], n // 2)
    coupled = fc.couple(BISTABLE, n, 10.0, potential=potential, calcium=calcium, grid=times, rng=5)
    limit = fc.solve_limit(BISTABLE, 10.0, potential=[0.5, 4.0], calcium=[8.0, 1.0], grid=times)
    np.testing.assert_allclose(coupled.limit_potential, limit.potential, rtol=1e-8)
    # The starts differ by design, not by chance: only the shot noise, less than the whole variance, counts.
    assert (np.abs(coupled.limit_calcium - limit.calcium) < 5.6 * np.sqrt(limit.calcium_var / n)).all()


def test_the_network_half_has_the_law_of_simulate():
    """Two samples of 600 networks of 20 neurons: Kolmogorov–Smirnov on four statistics, level 1e-7 / 4."""
    model, n, runs, times = BISTABLE, 20, 600, np.array([5.0, 20.0])
    start = {"potential": 1.5, "calcium": 5.0, "grid": times}
    coupled = [fc.couple(model, n, 20.0, rng=[1, k], **start) for k in range(runs)]
    alone = [fc.simulate(model, n, 20.0, rng=[2, k], spikes=False, **start) for k in range(runs)]
    for name in ("potential", "calcium"):
        a = np.array([getattr(run, name) for run in coupled])
        b = np.array([getattr(run, name) for run in alone])
        for column in range(2):
            assert stats.ks_2samp(a[:, column], b[:, column]).pvalue > 1e-7 / 4


def test_the_error_falls_like_one_over_the_root_of_n():
    """The slope of log error against log N is -1/2 within 5.6 standard errors, N from 10² to 10⁵."""
    sizes = np.array([100, 316, 1000, 3162, 10_000, 31_623, 100_000])
    mean, sem = [], []
    for n in sizes:
        runs = max(8, min(200, 40_000 // n))
        errors = [
            fc.couple(BISTABLE, n, 10.0, potential=2.0, calcium=9.0, grid=[10.0], rng=[n, k]).calcium_error[0]
            for k in range(runs)
        ]
        mean.append(np.mean(errors))
        sem.append(np.std(errors, ddof=1) / np.sqrt(runs))
    weights = np.array(mean) / np.array(sem)  # one over the error of the logarithm
    slope, covariance = np.polyfit(np.log(sizes), np.log(mean), 1, w=weights, cov="unscaled")
    error = np.sqrt(covariance[0, 0])
    assert error < 0.02
    # Beyond the leading order the error has terms that are smaller by N^(-1/2); at N = 100 they still show.
    assert abs(slope[0] + 0.5) < 5.6 * error + 0.02
    assert mean[-1] < mean[0] / 20


def test_a_coupled_run_can_be_made_again_and_saved(tmp_path):
    a, b = (fc.couple(BISTABLE, 50, 20.0, potential=2.0, calcium=9.0, grid=30, rng=3) for _ in range(2))
    assert (a.calcium_error == b.calcium_error).all()
    a.save(tmp_path / "coupled.npz")
    again = fc.load(tmp_path / "coupled.npz")
    assert (again.calcium == a.calcium).all()
    assert again.model == a.model
    assert set(a.plot()) == {"potential", "calcium", "error"}


def test_at_rest_both_stay_at_rest():
    coupled = fc.couple(BISTABLE, 10, 1e4, grid=3, rng=1)
    assert not coupled.potential.any()
    assert not coupled.calcium_error.any()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"model": "bistable"}, TypeError, ["model", "bistable"]),
        ({"n": 0}, ValueError, ["n", "0"]),
        ({"t_end": np.inf}, ValueError, ["t_end", "inf"]),
        ({"t_end": -1.0}, ValueError, ["t_end", "-1"]),
        ({"grid": None}, TypeError, ["grid", "None"]),
        ({"potential": -1.0}, ValueError, ["potential", "-1"]),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    arguments = {"model": BISTABLE, "n": 10, "t_end": 1.0} | arguments
    with pytest.raises(error) as caught:
        fc.couple(**arguments)
    assert all(word in str(caught.value) for word in words)


def test_a_limit_that_blows_up_is_told():
    model = BISTABLE.replace(rate=fc.Linear(5.0))
    with pytest.raises(RuntimeError, match="t = "):
        fc.couple(model, 10, 10.0, potential=1.0, calcium=5.0)
