"""One experiment on threads, processes, Dask and MPI: the same bits; what dies, and what goes on."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from many_networks import assert_same, times

import facilis as fc
from facilis.replicates import engine

MPIEXEC = shutil.which("mpiexec", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="module")
def reference():
    return times(workers=1)


@pytest.mark.parametrize(
    "options",
    [
        {"workers": 2},
        {"workers": 7},
        {},
        {"chunk": 7, "workers": 3},
        {"chunk": 1},
        {"chunk": 10**6},
        {"workers": 10**30},
    ],
)
def test_neither_threads_nor_chunks_change_a_bit(reference, options):
    assert_same(times(**options), reference)


def test_a_prefix_of_the_replicates_is_a_prefix_of_the_numbers(reference):
    np.testing.assert_array_equal(times(replicates=13).time, reference.time[:13])


@pytest.mark.parametrize("method", ["spawn", "fork"])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_processes_give_the_same_bits(reference, method):
    times(replicates=2)  # threads have run in the parent before
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as executor:
        assert_same(times(executor=executor), reference)
        assert_same(times(executor=executor, chunk=11), reference)


def test_any_executor_gives_the_same_bits(reference):
    with ThreadPoolExecutor(3) as executor:
        assert_same(times(executor=executor), reference)


@pytest.fixture(scope="module")
def dask():
    distributed = pytest.importorskip("distributed")
    options = {"processes": True, "dashboard_address": None, "silence_logs": 60}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_bits(dask, reference):
    assert_same(times(executor=dask.get_executor()), reference)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_dask_worker_that_dies_loses_only_its_chunk(dask):
    options = {"replicates": 3000, "chunk": 50}
    killed = []

    def kill_one(fraction):
        if fraction > 0.1 and not killed:
            killed.append(next(iter(dask.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    found = times(executor=dask.get_executor(), progress=kill_one, **options)
    assert killed
    assert_same(found, times(**options))


def killer(executor):
    """Return what kills one worker process of a pool, once a part is done."""
    killed = []

    def die(fraction):
        if fraction > 0.0 and not killed:
            killed.append(next(iter(executor._processes)))
            os.kill(killed[0], signal.SIGKILL)

    return die


@pytest.mark.slow
@pytest.mark.parametrize("keep", [False, True])
def test_a_broken_pool_says_what_survived_and_the_same_call_goes_on(tmp_path, keep):
    # Far more work than the disk needs to keep the first chunk: the pool must not be done by then.
    options = {"replicates": 40_000, "chunk": 400, "directory": tmp_path / "times" if keep else None}
    message = r"a worker of ProcessPoolExecutor died: [1-9]\d* of 40000 were finished " + (
        r"and kept in .*times" if keep else r"but lost"
    )
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as executor, pytest.raises(RuntimeError, match=message):
        times(executor=executor, progress=killer(executor), **options)
    if keep:
        files = len(list((tmp_path / "times").iterdir()))
        assert 0 < files < 100
        looks = []
        assert_same(times(progress=looks.append, **options), times(replicates=40_000))
        assert looks[0] > 0.0


@pytest.mark.skipif(not (find_spec("mpi4py") and MPIEXEC), reason="no MPI here")
def test_mpi_gives_the_same_bits(reference, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "from mpi4py.futures import MPIPoolExecutor\n"
        "import facilis as fc\n"
        "if __name__ == '__main__':\n"
        "    with MPIPoolExecutor() as executor:\n"
        "        fc.memory_times(fc.Model.example('memory'), 30, 80.0, replicates=60, rng=1, potential=2.0,\n"
        "            calcium=9.0, region=fc.Region.potential_above(0.7), executor=executor).save('times.npz')\n"
    )
    command = [MPIEXEC, "-n", "3", sys.executable, "-m", "mpi4py.futures", str(program)]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    assert_same(fc.load(tmp_path / "times.npz"), reference)


def test_finished_chunks_are_kept_and_only_the_rest_is_run(tmp_path, reference, monkeypatch):
    folder = tmp_path / "deep" / "folder"
    assert_same(times(replicates=25, directory=folder, chunk=10), times(replicates=25))
    assert sorted(path.name for path in folder.iterdir())[-1] == "replicates-0000000020-0000000025.npz"
    ran = []
    run = engine.Experiment.run

    def spy(self, first, last, *rest):
        ran.append((first, last))
        return run(self, first, last, *rest)

    monkeypatch.setattr(engine.Experiment, "run", spy)
    (folder / "replicates-0000000010-0000000020.npz").unlink()
    # Other boundaries than before, and more replicates.
    assert_same(times(directory=folder, chunk=7, workers=1), reference)
    # In any order, and cut where every program cuts that is told chunk=7.
    assert sorted(ran) == [(10, 14), (14, 20), (25, 28), *((a, min(a + 7, 60)) for a in range(28, 60, 7))]
    ran.clear()
    assert_same(times(replicates=40, directory=folder), times(replicates=40))
    assert ran == [(0, 40)]  # of the comparison


def test_without_a_seed_that_of_the_directory_goes_on(tmp_path):
    first = times(replicates=10, directory=tmp_path, rng=None)
    assert_same(times(replicates=10, directory=tmp_path, rng=None), first)
    assert_same(times(replicates=10, rng=first.entropy), first)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"rng": 2}, "entropy=1 instead of entropy=2"), ({"t_max": 81.0}, "until=80.0 instead of until=81.0")],
)
def test_chunks_of_another_experiment_are_refused(tmp_path, change, named):
    times(replicates=5, directory=tmp_path)
    with pytest.raises(ValueError, match=f"directory must be .* of this same experiment, got .*{named}"):
        times(replicates=5, directory=tmp_path, **change)


def test_what_is_no_chunk_is_refused(tmp_path):
    (tmp_path / "replicates-0000000000-0000000001.npz").write_bytes(b"not a chunk")
    with pytest.raises(ValueError, match="a file that facilis wrote"):
        times(replicates=5, directory=tmp_path)
    with pytest.raises(ValueError, match="directory must be"):
        times(replicates=5, directory=Path(__file__))


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"workers": 0}, ValueError, "workers"),
        ({"workers": 1.5}, TypeError, "workers"),
        ({"workers": 2, "executor": ThreadPoolExecutor(1)}, ValueError, "workers"),
        ({"executor": 3}, TypeError, "executor"),
        ({"directory": 3}, TypeError, "directory"),
        ({"chunk": 0}, ValueError, "chunk"),
        ({"replicates": 0}, ValueError, "replicates"),
        ({"replicates": 2**32}, ValueError, "replicates"),
        ({"progress": 3}, TypeError, "progress"),
        ({"on_interrupt": "no"}, ValueError, "on_interrupt"),
    ],
)
def test_bad_options_are_named(options, error, named):
    with pytest.raises(error, match=f"^{named} must be"):
        times(**options)


def test_an_explosion_is_an_error_that_names_replicate_and_time(reference):
    model = fc.Model(5.0, 1.0, 0.1, fc.Linear(1.0))
    region = fc.Region.potential_above(1.0)
    with pytest.raises(RuntimeError, match=r"replicate 0 exploded at t = \d"):
        fc.memory_times(model, 10, 1e3, region=region, potential=5.0, calcium=5.0, replicates=3, rng=1)


class Unreliable(ThreadPoolExecutor):
    """Loses the result of every third job, as Dask may when a worker dies in the wrong moment."""

    count = 0

    def submit(self, job, *args):
        self.count += 1
        if self.count % 3:
            return super().submit(job, *args)
        return super().submit(self.lose)

    def lose(self):
        raise OSError("lost")


def test_what_an_executor_loses_is_run_again(reference):
    with Unreliable(2) as executor:
        assert_same(times(executor=executor, chunk=5), reference)
        assert executor.count > 12


def test_an_executor_that_always_fails_says_so():
    class Useless(Unreliable):
        def submit(self, job, *args):
            return ThreadPoolExecutor.submit(self, self.lose)

    with Useless(2) as executor, pytest.raises(OSError, match="lost"):
        times(executor=executor)


def test_two_programs_may_fill_one_directory(reference, tmp_path):
    """Each writes whole files under names of its own, so that neither is in the other's way."""
    options = {"directory": tmp_path, "chunk": 3, "workers": 1}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: times(**options), range(4)))
    for one in found:
        assert_same(one, reference)
    assert not list(tmp_path.glob("*.part"))


def test_a_basin_does_not_fill_the_directory(tmp_path):
    region = fc.Region.basin(fc.Model.example("bistable"))
    options = {"region": region, "directory": tmp_path, "replicates": 2, "potential": 2.0, "calcium": 9.0}
    fc.memory_times(fc.Model.example("bistable"), 5, 10.0, rng=1, **options)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 20_000
    other = fc.Region.basin(fc.Model.example("memory"))
    with pytest.raises(ValueError, match="SHA-256"):
        fc.memory_times(fc.Model.example("bistable"), 5, 10.0, rng=1, **{**options, "region": other})


class Failing(ThreadPoolExecutor):
    """Has something wrong with every job."""

    def submit(self, job, *args):
        def fail():
            raise ZeroDivisionError("something is wrong with the job")

        return super().submit(fail)


def test_an_error_in_a_job_is_raised_at_once():
    with Failing(2) as executor, pytest.raises(ZeroDivisionError, match="wrong with the job"):
        times(executor=executor)
