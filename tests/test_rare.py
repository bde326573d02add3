"""Splitting as users see it; its law is tested in the core, and at length in tests/soak."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from math import inf, sqrt
from multiprocessing import get_context

import numpy as np
import pytest
from ctrl_c import CtrlC
from scipy import stats

import facilis as fc
from facilis.rare.student import student_quantile

MODEL = fc.Model.example("bistable")
REGION = fc.Region.potential_above(0.7)
STATE = fc.equilibria(MODEL)[-1]
START = {"potential": STATE.potential, "calcium": STATE.calcium}


def probability(n=20, t_max=50.0, **options):
    options = {"region": REGION, "replicas": 100, "runs": 4, "rng": 1, **START} | options
    return fc.exit_probability(MODEL, n, t_max, **options)


def agree(a, b, error_a, error_b):
    """Whether two numbers agree within 4.5 joint standard errors, which fails by chance once in 100 000 times."""
    return abs(a - b) < 4.5 * sqrt(error_a**2 + error_b**2)


def error(runs):
    return runs.std(ddof=1) / sqrt(runs.size)


@pytest.mark.parametrize(
    ("conventions", "start"),
    [
        ({"transmits": "after"}, {"potential": 2.0, "calcium": 8.0}),
        ({"recipients": "all"}, START),
        ({}, {"stimulus": fc.Pulse(5.0, 20.0, 3.0)}),
    ],
)
def test_probabilities_are_those_of_plain_simulations(conventions, start):
    model = MODEL.replace(alpha=0.27, **conventions)
    found = fc.exit_probability(model, 15, 40.0, region=REGION, replicas=100, runs=30, rng=1, **start)
    plain = fc.memory_times(model, 15, 40.0, region=REGION, replicates=4000, rng=2, **start)
    share = plain.exited.mean()
    assert 0.01 < share < 0.9
    assert agree(found.value, share, error(found.runs), sqrt(share * (1 - share) / 4000))


def test_a_network_outside_at_the_end_of_the_stimulus_has_left():
    model = MODEL.replace(alpha=0.27)
    found = fc.exit_probability(
        model, 15, 3.1, region=REGION, replicas=20, runs=2, rng=1, stimulus=fc.Pulse(0, 3, 0.01)
    )
    assert found.value == 1.0
    assert (found.levels == 0).all()


def test_mean_lives_are_those_of_plain_simulations():
    model = MODEL.replace(alpha=0.27)
    found = fc.mean_memory(model, 20, region=REGION, replicas=200, runs=20, rng=1, check=True)
    point = fc.equilibria(model)[-1]
    start = {"potential": point.potential, "calcium": point.calcium}
    plain = fc.memory_times(model, 20, inf, region=REGION, replicates=1000, rng=2, **start)
    spread = plain.time.std() / sqrt(1000)
    # A fresh start takes its relaxation in addition, or less: about that much is no error.
    relative = error(found.rates) / found.rates.mean()
    slack = found.relaxation / plain.time.mean()
    off = abs(found.value / plain.time.mean() - 1.0)
    assert off < slack + 4.5 * sqrt(relative**2 + (spread / plain.time.mean()) ** 2)
    width = (1.0 / found.check.low - 1.0 / found.check.high) / (2.0 * stats.t.ppf(0.975, 19))
    assert agree(1.0 / found.check.value, found.rates.mean(), width, error(found.rates))
    assert found.flux.value * found.probability.value == pytest.approx(1.0 / found.value, rel=0.1)
    assert "MeanMemory" in repr(found)


def test_the_gate_is_near_the_core_of_large_networks():
    options = {"region": REGION, "replicas": 10, "runs": 2, "rng": 1}
    noise = fc.linear_noise(MODEL, STATE).covariance
    for n in (20, 400):
        found = fc.mean_memory(MODEL, n, **options)
        core, gate = found.cycle
        saddle = fc.equilibria(MODEL)[1]
        far = found.score[0] * saddle.potential + found.score[1] * saddle.calcium
        spread = sqrt(np.array(found.score) @ noise @ found.score / n)
        assert core - gate == pytest.approx(min(0.15 * (core - far), spread))
        assert 0.05 < found.flux.value < 1.0


def test_small_probabilities_are_found():
    # Of one neuron that spikes at rate 20, the calcium halves before the first spike with probability 2^−20.
    model = fc.Model(0.1, 1.0, 1.0, fc.Constant(20.0))
    region = fc.Region.calcium_above(0.5)
    found = fc.exit_probability(
        model, 1, 0.8, region=region, calcium=1.0, score=(0, 1), replicas=200, runs=40, rng=1
    )
    assert agree(found.value, 2.0**-20, error(found.runs), 0.0)
    assert error(found.runs) < 0.15 * 2.0**-20
    assert found.low < 2.0**-20 < found.high or found.skewness > 0.5


@pytest.mark.parametrize("where", ["threads", "processes", "pool of threads"])
def test_the_same_bits_for_any_workers(where, tmp_path):
    one = probability(workers=1)
    if where == "threads":
        other = probability(workers=3)
    elif where == "processes":
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
            other = probability(executor=executor)
    else:
        with ThreadPoolExecutor(2) as executor:
            other = probability(executor=executor, directory=tmp_path)
    np.testing.assert_array_equal(one.runs, other.runs)
    np.testing.assert_array_equal(one.spikes, other.spikes)
    assert one.value == other.value


def test_more_runs_go_on_from_a_directory(tmp_path):
    whole = probability(runs=6)
    probability(runs=3, directory=tmp_path, check=True)
    again = probability(runs=6, directory=tmp_path, rng=None)
    np.testing.assert_array_equal(again.runs, whole.runs)
    with pytest.raises(ValueError, match="directory must be"):
        probability(directory=tmp_path, replicas=50)


def test_mean_lives_go_on_from_a_directory_to_the_same_bits(tmp_path):
    options = {"region": REGION, "replicas": 50, "check": True}
    whole = fc.mean_memory(MODEL, 20, runs=4, workers=1, rng=1, **options)
    fc.mean_memory(MODEL, 20, runs=2, directory=tmp_path, rng=1, **options)
    with ThreadPoolExecutor(2) as executor:
        again = fc.mean_memory(MODEL, 20, runs=4, directory=tmp_path, executor=executor, **options)
    np.testing.assert_array_equal(again.rates, whole.rates)
    assert (again.value, again.flux, again.check) == (whole.value, whole.flux, whole.check)


def test_what_ctrl_c_cut_goes_on(tmp_path):
    struck = []

    def strike(fraction):
        if fraction > 0.0 and not struck:
            struck.append(fraction)
            os.kill(os.getpid(), signal.SIGINT)

    whole = probability(runs=12)
    part = probability(runs=12, directory=tmp_path, workers=1, progress=strike, on_interrupt="return")
    assert 0 < part.runs.size < 12
    np.testing.assert_array_equal(part.runs, whole.runs[part.index])
    again = probability(runs=12, directory=tmp_path, rng=None)
    np.testing.assert_array_equal(again.runs, whole.runs)


def test_paths_lead_out_and_are_the_same_each_time():
    found = probability()
    paths = found.paths(5, grid=np.linspace(0.0, 50.0, 201))
    again = found.paths(5, grid=None)
    for path, other in zip(paths, again, strict=True):
        assert path.exit_time == other.exit_time
        np.testing.assert_array_equal(path.spikes.time, other.spikes.time)
        assert (np.diff(path.t) > 0.0).all()
        assert path.t[-1] <= path.exit_time <= 50.0
        inside = REGION.contains(path.potential, path.calcium)
        assert inside[path.t < path.exit_time].all()
        assert (np.diff(path.spikes.time) >= 0.0).all()
        assert (np.diff(path.branch_time) >= 0.0).all()
    # The means are those that the spikes of all branches make.
    last = paths[0]
    assert last.calcium[-1] == pytest.approx(
        STATE.calcium * np.exp(-0.1 * last.t[-1])
        + np.exp(-0.1 * (last.t[-1] - last.spikes.time[last.spikes.time <= last.t[-1]])).sum() / 20
    )


def test_paths_keep_whatever_a_run_can_keep(tmp_path):
    times = np.arange(0.0, 50.5, 0.5)
    found = probability()
    full = found.paths(4, grid=times, watch=range(20), snapshots=times)
    path = max(full, key=lambda path: path.branch.size)
    assert path.branch.size > 1
    reached = path.t.size
    np.testing.assert_array_equal(path.snapshots.t, path.t)
    np.testing.assert_array_equal(path.watched.calcium.T, path.snapshots.calcium)
    np.testing.assert_array_equal(path.watched.potential.T, path.snapshots.potential)
    assert path.potential == pytest.approx(path.watched.potential.mean(axis=0), rel=1e-12)
    assert path.calcium_var == pytest.approx(path.watched.calcium.var(axis=0), rel=1e-9, abs=1e-12)
    counted = np.searchsorted(path.spikes.time, times[:reached], side="right")
    np.testing.assert_array_equal(path.spike_count, counted)
    assert path.final.t == path.exit_time
    outside = REGION.contains(path.final.potential.mean() - 1e-9, path.final.calcium.mean())
    assert not outside
    few = found.paths(4, grid=None, spikes=[3, 7])[full.index(path)]
    assert few.watched is None
    assert few.snapshots is None
    assert few.t.size == 0
    np.testing.assert_array_equal(few.spikes.of(7), path.spikes.of(7))
    assert found.paths(1, spikes=False)[0].spikes is None
    path.save(tmp_path / "path.npz")
    again = fc.load(tmp_path / "path.npz")
    np.testing.assert_array_equal(again.snapshots.calcium, path.snapshots.calcium)
    assert path.to_xarray()["watched_potential"].dims == ("watched", "time")
    with pytest.raises(ValueError, match="watch must be"):
        found.paths(1, watch=[20])
    with pytest.raises(ValueError, match="snapshots must be"):
        found.paths(1, snapshots=[1.0, 60.0])


def test_a_branch_has_the_seed_that_the_result_states():
    found = probability(t_max=400.0)  # most paths leave as they began
    path = next(path for path in found.paths(100, grid=None) if path.branch.size == 1)
    seed = np.random.SeedSequence(found.entropy, spawn_key=(*found.spawn_key, path.run, int(path.branch[0])))
    run = fc.simulate(MODEL, 20, 400.0, exit_from=REGION, rng=seed, **START)
    assert run.exit_time == path.exit_time


def test_results_are_saved_and_tabulated(tmp_path):
    found = probability(check=True)
    found.save(tmp_path / "found.npz")
    again = fc.load(tmp_path / "found.npz")
    np.testing.assert_array_equal(again.runs, found.runs)
    assert again.check == found.check
    np.testing.assert_array_equal(again.paths(1)[0].potential, found.paths(1)[0].potential)
    assert found.to_xarray()["runs"].dims == ("run",)
    table = fc.sweep(
        fc.exit_probability, over={"n": [10, 15]}, model=MODEL, t_max=20.0, region=REGION, replicas=50, runs=2,
        rng=1, **START,
    )  # fmt: skip
    assert table["value"].dims == ("n",)


def test_student_quantiles_are_those_of_scipy():
    for degrees in (1, 2, 3, 9, 29, 1000):
        for level in (0.9, 0.975, 0.9995):
            exact = stats.t.ppf(level, degrees)
            assert student_quantile(level, degrees) == pytest.approx(exact, rel=1e-6)


def test_extinct_runs_belong_to_the_average_and_set_no_limit():
    # Two networks that hardly ever spike: both tie at the horizon, short of the border.
    model = fc.Model(0.1, 1.0, 1.0, fc.Constant(1e-9))
    region = fc.Region.calcium_above(0.5)
    found = fc.exit_probability(
        model, 1, 0.6, region=region, calcium=1.0, score=(0, 1), replicas=5, runs=3, rng=1
    )
    assert found.value == 0.0
    assert (found.low, found.high) == (0.0, inf)
    assert (found.ties == 4).all()
    with pytest.raises(ValueError, match="runs must have one"):
        found.paths(1)


@pytest.mark.parametrize(
    "run",
    [
        lambda: fc.mean_memory(MODEL, 200, region=REGION, rng=1),
        lambda: fc.mean_memory(MODEL, 200, region=REGION, rng=1, check=True, on_interrupt="return"),
        lambda: probability(400, replicas=2000),
    ],
)
def test_ctrl_c_stops_it_soon(run):
    with CtrlC() as ctrl_c, pytest.raises(KeyboardInterrupt):  # nothing is finished that could be returned
        run()
    assert time.perf_counter() - ctrl_c.time < 2.0  # 0.5 s on a machine with nothing else to do


def test_what_cannot_be_done_is_refused():
    with pytest.raises(ValueError, match="networks linger"):
        fc.mean_memory(MODEL.replace(alpha=0.22), 10, region=REGION, replicas=50, runs=2, rng=1)
    with pytest.raises(
        ValueError, match=r"stable equilibrium above a saddle, .*: for others see memory_times"
    ):
        fc.mean_memory(fc.Model.example("ghost"), 20, region=REGION)
    with pytest.raises(ValueError, match="score must be two weights"):
        fc.exit_probability(fc.Model.example("ghost"), 20, 10.0, region=REGION, **START)
    with pytest.raises(ValueError, match="score must be two"):
        probability(score=(-1.0, 0.0))
    with pytest.raises(TypeError, match="score must be two"):
        probability(score=1.0)
    with pytest.raises(ValueError, match="t_max must be a finite time"):
        probability(t_max=inf)
    with pytest.raises(ValueError, match="region must be"):
        fc.exit_probability(MODEL, 20, 10.0, region=REGION)
    with pytest.raises(TypeError, match="region must be"):
        probability(region=None)
    with pytest.raises(ValueError, match="runs must be"):
        probability(runs=1)
    with pytest.raises(ValueError, match="replicas must be"):
        probability(replicas=1)
    with pytest.raises(MemoryError, match="replicas must be small enough"):
        probability(n=10**7, replicas=10**6)
    with pytest.raises(ValueError, match="without rest"):
        fc.mean_memory(MODEL, 20, region=fc.Region.calcium_above(-1.0))
