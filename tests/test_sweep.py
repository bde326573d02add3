"""Sweeps: every point is the call that it stands for, anywhere, and a cut sweep goes on."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pytest

import facilis as fc

xarray = pytest.importorskip("xarray")

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
OPTIONS = {
    "over": {"alpha": [0.20, 0.22], "n": [10, 20, 30], "recipients": ["others", "all"]},
    "model": MODEL,
    "t_max": 200.0,
    "region": REGION,
    "replicates": 30,
    "potential": 2.0,
    "calcium": 9.0,
    "rng": 5,
}


def sweep(**options):
    return fc.sweep(fc.memory_times, **{**OPTIONS, **options})


@pytest.fixture(scope="module")
def data():
    return sweep()


def test_every_point_is_the_call_it_stands_for(data):
    assert dict(data.sizes) == {"alpha": 2, "n": 3, "recipients": 2, "replicate": 30}
    j = 0
    for alpha in (0.20, 0.22):
        for n in (10, 20, 30):
            for recipients in ("others", "all"):
                alone = fc.memory_times(
                    MODEL.replace(alpha=alpha, recipients=recipients),
                    n,
                    200.0,
                    region=REGION,
                    replicates=30,
                    potential=2.0,
                    calcium=9.0,
                    rng=np.random.SeedSequence(5, spawn_key=(j,)),
                )
                point = data.sel(alpha=alpha, n=n, recipients=recipients)
                np.testing.assert_array_equal(point.time, alone.time)
                np.testing.assert_array_equal(point.exited, alone.exited)
                assert float(point.mean_time) == alone.mean().value
                assert float(point.mean_time_low) == alone.mean().low
                j += 1


def test_a_sweep_goes_to_a_netcdf_file(data, tmp_path):
    data.to_netcdf(tmp_path / "sweep.nc", engine="h5netcdf")
    with xarray.open_dataset(tmp_path / "sweep.nc", engine="h5netcdf") as again:
        np.testing.assert_array_equal(again.time, data.time)


@pytest.mark.parametrize("method", ["spawn", "fork"])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_processes_give_the_same_numbers(data, method):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as executor:
        xarray.testing.assert_identical(sweep(executor=executor), data)


def test_parameters_of_the_rate_and_fields_of_the_model():
    data = fc.sweep(
        lambda model: {"kappa": model.kappa, "at_one": model.rate(1.0), "pair": np.array([1.0, model.beta])},
        over={"rate.half": [1.0, 2.0], "beta": [1.0, 0.5, 0.25]},
        model=MODEL,
    )
    assert data.kappa.dims == ("rate.half", "beta")
    np.testing.assert_allclose(data.kappa, np.tile([2.2, 4.4, 8.8], (2, 1)))
    np.testing.assert_allclose(data.at_one[:, 0], [0.5, 1 / 17])
    assert data.pair.dims == ("rate.half", "beta", "pair_0")


def test_times_that_differ_share_their_dimension_with_what_is_told_at_them():
    found = fc.sweep(
        fc.ensemble, over={"t_end": [1.0, 2.0]}, model=MODEL, n=5, replicates=2, grid=3, rng=1, potential=2.0
    )
    assert found.t.dims == ("t_end", "t_index")
    assert found.potential.dims == ("t_end", "replicate", "t_index")
    np.testing.assert_array_equal(found.t, [[0.0, 0.5, 1.0], [0.0, 1.0, 2.0]])


def test_any_result_becomes_a_dataset():
    ensembles = fc.sweep(
        fc.ensemble, over={"alpha": [0.2, 0.3]}, model=MODEL, n=10, t_end=5.0, grid=6, replicates=4, rng=1
    )
    assert ensembles.potential.dims == ("alpha", "replicate", "t")
    np.testing.assert_array_equal(ensembles.t, np.linspace(0, 5, 6))
    values = fc.sweep(lambda model: model.kappa, over={"alpha": [0.2, 0.3]}, model=MODEL)
    np.testing.assert_allclose(values["value"], [2.0, 3.0])


def test_finished_points_are_read_and_only_the_rest_is_computed(tmp_path):
    calls = []

    def kappa(model):
        calls.append(model.alpha)
        return model.kappa

    options = {"model": MODEL, "directory": tmp_path, "key": "kappa"}  # as the list of calls changes
    first = fc.sweep(kappa, over={"alpha": [0.1, 0.2, 0.3]}, **options)
    (tmp_path / "point-000001.npz").unlink()
    again = fc.sweep(kappa, over={"alpha": [0.1, 0.2, 0.3]}, **options)
    xarray.testing.assert_identical(again, first)
    assert (sorted(calls[:3]), calls[3:]) == ([0.1, 0.2, 0.3], [0.2])  # in any order
    with pytest.raises(ValueError, match="directory must be a directory of points of this same sweep, got"):
        fc.sweep(kappa, over={"alpha": [0.1, 0.4, 0.3]}, **options)


def weigh(model, seed=0, weights=None):
    return model.alpha + seed + (0.0 if weights is None else float(weights["w"].sum()))


def test_what_differs_only_deep_down_is_another_sweep(tmp_path):
    def call(folder, function=weigh, **arguments):
        return fc.sweep(
            function, over={"alpha": [0.1]}, model=MODEL, directory=tmp_path / folder, **arguments
        )

    long = np.zeros(3000)
    other = long.copy()
    other[1500] = 1e-9
    different = {
        "an argument called seed": ({"seed": 1}, {"seed": 2}),
        "digits": (
            {"weights": {"w": np.array([0.12345678901])}},
            {"weights": {"w": np.array([0.12345678902])}},
        ),
        "the middle": ({"weights": {"w": long}}, {"weights": {"w": other}}),
        "the body": ({"function": lambda model: model.alpha}, {"function": lambda model: model.beta}),
        "what is bound": ({"function": partial(weigh, seed=1)}, {"function": partial(weigh, seed=2)}),
    }
    for what, (first, second) in different.items():
        found = call(what, **first)
        assert call(what, **first).equals(found)
        with pytest.raises(ValueError, match="directory must be a directory of points of this same sweep"):
            call(what, **second)


def test_without_a_seed_that_of_the_directory_goes_on(tmp_path):
    small = {"over": {"n": [5, 6]}, "rng": None, "directory": tmp_path}
    xarray.testing.assert_identical(sweep(**small), sweep(**small))


def test_another_region_or_seed_is_another_sweep(tmp_path):
    sweep(over={"n": [5, 6]}, directory=tmp_path)
    for change in ({"rng": 6}, {"region": fc.Region.potential_above(0.71)}, {"replicates": 31}):
        with pytest.raises(ValueError, match="directory must be"):
            sweep(over={"n": [5, 6]}, directory=tmp_path, **change)


PROGRAM = """
import sys, facilis as fc
fc.sweep(fc.memory_times, over={"alpha": [0.20, 0.22], "n": [100, 150]}, model=fc.Model.example("memory"),
         t_max=1e4, region=fc.Region.potential_above(0.7), replicates=600, potential=2.0, calcium=9.0, rng=5,
         directory=sys.argv[1])
"""


@pytest.mark.slow
def test_a_killed_sweep_goes_on_and_gives_the_same_numbers(tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", PROGRAM, tmp_path / "one"])
    deadline = time.monotonic() + 30.0
    while time.monotonic() < deadline and not list((tmp_path / "one").glob("*.npz")):
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    finished = list((tmp_path / "one").glob("point-*.npz"))
    assert 0 < len(finished) < 4
    made = {path: path.stat().st_mtime_ns for path in finished}
    options = {"over": {"alpha": [0.20, 0.22], "n": [100, 150]}, "t_max": 1e4, "replicates": 600}
    resumed = sweep(directory=tmp_path / "one", **options)
    xarray.testing.assert_identical(resumed, sweep(**options))
    assert made == {path: path.stat().st_mtime_ns for path in finished}


def die(model, after):
    if model.alpha > after:
        os.kill(os.getpid(), signal.SIGKILL)
    return model.alpha


@pytest.mark.slow
def test_a_broken_pool_says_what_survived(tmp_path):
    options = {"over": {"alpha": [0.1, 0.2, 0.3, 0.4]}, "model": MODEL, "directory": tmp_path}
    spawn = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(1, mp_context=spawn) as executor,
        pytest.raises(
            RuntimeError, match=r"a worker of ProcessPoolExecutor died: \d of 4 points were finished"
        ),
    ):
        fc.sweep(die, executor=executor, after=0.25, **options)
    assert len(list(tmp_path.glob("*.npz"))) <= 2


def test_progress_never_falls_and_ends_at_one():
    fractions = []
    sweep(over={"n": [5, 6]}, progress=fractions.append)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"over": {}}, ValueError, "over must be a mapping"),
        ({"over": {"alpha": []}}, ValueError, "over must be a mapping"),
        ({"over": {"alpha": 0.2}}, TypeError, "over must be a mapping"),
        ({"over": 3}, TypeError, "over must be a mapping"),
        ({"over": {3: [1.0]}}, TypeError, "over must be a mapping"),
        (
            {"over": {"rate.slope": [1.0]}, "n": 5},
            ValueError,
            "over must be of names among .* rate.half.*, got",
        ),
        ({"over": {"alhpa": [1.0]}, "n": 5}, ValueError, "over must be of names among model, alpha, .*, got"),
        ({"over": {"stimulus.current": [1.0]}, "n": 5}, ValueError, "over must be of names among .*, got"),
        ({"over": {"region.hole": [1.0]}, "n": 5}, ValueError, "region.potential_above, .*, got"),
        ({"over": {"n": {1: 5}}}, TypeError, "over must be a mapping"),
        ({"over": {"n": [5]}, "model": None}, TypeError, "model must be"),
        ({"over": {"t_max": [10.0]}, "n": 5}, ValueError, "over must be without names"),
        ({"over": {"alpha": [-1.0]}, "n": 5}, ValueError, "alpha must be"),
        ({"over": {"n": [5]}, "model": 3}, TypeError, "model must be"),
        ({"over": {"n": [5]}, "on_interrupt": "return"}, ValueError, "on_interrupt must be left out"),
        ({"over": {"replicates": [5, 6]}, "n": 5}, ValueError, "over must be without names"),
    ],
)
def test_bad_arguments_are_named(change, error, named):
    with pytest.raises(error, match=named):
        sweep(**change)


def test_results_must_be_arrays_of_one_shape():
    with pytest.raises(ValueError, match="of one shape at all points"):
        fc.sweep(lambda model: np.zeros(int(model.beta)), over={"beta": [1.0, 2.0]}, model=MODEL)
    with pytest.raises(TypeError, match="function must be one that returns a number"):
        fc.sweep(lambda model: object(), over={"beta": [1.0]}, model=MODEL)
    with pytest.raises(ValueError, match="rng must be None for a function without"):
        fc.sweep(lambda model: 1.0, over={"beta": [1.0]}, model=MODEL, rng=1)
