"""Memory that can't be had is refused before anything runs, and none is held twice."""

import resource
import subprocess
import sys
import time

import numpy as np
import pytest

import facilis as fc
from facilis import ram

MODEL = fc.Model.example("memory")
GB = 10**9


@pytest.fixture
def poor(monkeypatch):
    """A machine with 3 GB."""
    monkeypatch.setattr(ram, "available", lambda: 3 * GB)


CALLS = {
    "neurons": ("n", lambda: fc.simulate(MODEL, 10**8, 1.0)),
    "neurons of a simulation": ("n", lambda: fc.Simulation(MODEL, 2 * 10**8)),
    "grid": ("grid", lambda: fc.simulate(MODEL, 10, 1.0, grid=10**9)),
    "watched neurons": ("watch", lambda: fc.simulate(MODEL, 10**4, 1.0, grid=10**5, watch=range(10**4))),
    "snapshots": ("snapshots", lambda: fc.simulate(MODEL, 10**6, 1.0, snapshots=np.linspace(0, 1, 300))),
    "the grid of an advance": ("grid", lambda: fc.Simulation(MODEL, 10).advance(1.0, grid=10**9)),
    "the grid of the limit": ("grid", lambda: fc.solve_limit(MODEL, 1.0, grid=10**9)),
    "the grid of a coupling": ("grid", lambda: fc.couple(MODEL, 10, 1.0, grid=10**9)),
    "the result of an ensemble": (
        "replicates",
        lambda: fc.ensemble(MODEL, 10, 1.0, replicates=10**6, grid=300),
    ),
    "the result of memory times": (
        "replicates",
        lambda: fc.memory_times(
            MODEL, 2, 1.0, region=fc.Region.potential_above(0.7), potential=2.0, replicates=10**9
        ),
    ),
}


@pytest.mark.usefixtures("poor")
@pytest.mark.parametrize("call", CALLS)
def test_what_does_not_fit_is_refused_before_anything_runs(call):
    name, make = CALLS[call]
    start = time.perf_counter()
    with pytest.raises(MemoryError, match=rf"^{name} must be small enough for the memory: .* GB are needed"):
        make()
    assert time.perf_counter() - start < 1.0


@pytest.mark.usefixtures("poor")
def test_a_network_too_large_for_its_final_state_runs_without():
    ram.require(n=16 * 10**8)
    with pytest.raises(
        MemoryError, match=r"3\.2 GB are needed, 3\.2 GB of them for n, and 3 GB are available"
    ):
        fc.simulate(MODEL, 10**8, 1.0, grid=None)
    run = fc.simulate(MODEL, 10**5, 1.0, grid=None, final=False)
    assert run.final is None
    assert run.t_stop == 1.0
    assert "final mean" not in run.summary()


def test_a_run_without_its_final_state_is_the_same_and_can_be_kept(tmp_path):
    options = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    whole, lean = (fc.simulate(MODEL, 50, 20.0, final=final, **options) for final in (True, False))
    np.testing.assert_array_equal(lean.spikes.time, whole.spikes.time)
    lean.save(tmp_path / "run.npz")
    again = fc.load(tmp_path / "run.npz")
    assert (again.final, again.t_stop) == (None, whole.final.t)
    piece = fc.Simulation(MODEL, 50, **options).advance(20.0, final=False)
    assert piece.final is None


def test_a_sweep_whose_points_will_not_fit_ends_after_the_first(monkeypatch, tmp_path):
    pytest.importorskip("xarray")
    options = {"model": MODEL, "over": {"alpha": [0.1, 0.2, 0.3]}, "directory": tmp_path, "key": "large"}
    monkeypatch.setattr(ram, "available", lambda: 2 * 10**8)

    def large(model):
        return np.zeros(10**7)

    with pytest.raises(MemoryError, match=r"^over must be small enough for the memory: 240 MB are needed"):
        fc.sweep(large, **options)


def system(folder, meminfo="", group="", files=()):
    """Files as Linux shows them, with control groups in a folder beside /proc."""
    (folder / "proc" / "self").mkdir(parents=True)
    (folder / "proc" / "meminfo").write_text(meminfo)
    (folder / "proc" / "self" / "cgroup").write_text(group)
    for name, text in dict(files).items():
        path = folder / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


MEMINFO = "MemTotal: 100 kB\nMemAvailable:  1000000 kB\nSwapFree: 500000 kB\n"
SYSTEMS = {
    "no groups": ({"meminfo": MEMINFO}, 1_536_000_000),
    "no limit": (
        {"meminfo": MEMINFO, "group": "0::/\n", "files": {"memory.stat": "file 1\n"}},
        1_536_000_000,
    ),
    "version 2": (
        {
            "meminfo": MEMINFO,
            "group": "0::/job/step\n",
            "files": {
                "job/memory.max": "900000000\n",
                "job/memory.current": "500000000\n",
                "job/memory.stat": "anon 7\ninactive_file 100000000\n",
                "job/step/memory.max": "max\n",
                "job/step/memory.current": "5\n",
            },
        },
        500_000_000,
    ),
    "version 2 in a container": (
        {"meminfo": MEMINFO, "group": "0::/\n", "files": {"memory.max": "70\n", "memory.current": "90\n"}},
        0,
    ),
    "version 1": (
        {
            "meminfo": MEMINFO,
            "group": "5:cpu,cpuacct:/a\n4:memory:/slurm/uid\n",
            "files": {
                "memory/slurm/uid/memory.limit_in_bytes": "800000000",
                "memory/slurm/uid/memory.usage_in_bytes": "300000000",
            },
        },
        500_000_000,
    ),
    "version 1 in a container": (
        {
            "meminfo": MEMINFO,
            "group": "4:memory:/docker/0123\n",
            "files": {"memory/memory.limit_in_bytes": "400", "memory/memory.usage_in_bytes": "100"},
        },
        300,
    ),
}


@pytest.mark.parametrize("case", SYSTEMS)
def test_the_least_of_all_limits_counts(case, tmp_path, monkeypatch):
    files, expected = SYSTEMS[case]
    system(tmp_path, **files)
    monkeypatch.setattr(ram, "_PROC", tmp_path / "proc")
    monkeypatch.setattr(ram, "_CGROUPS", tmp_path / "groups")
    assert ram.available() == expected


def test_a_system_that_tells_nothing_is_not_asked_again(tmp_path, monkeypatch):
    monkeypatch.setattr(ram, "_PROC", tmp_path)
    monkeypatch.setattr(ram, "_CGROUPS", tmp_path)
    monkeypatch.setattr(ram.os, "sysconf_names", {})
    assert ram.available() is None
    ram.require(n=2**80)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 KB"), (16 * GB, "16 GB"), (1e18, "1e+06 TB")],
)
def test_sizes_are_told_as_people_say_them(size, text):
    assert ram.told(size) == text


# Prints the bytes that a call took at its highest, above what was there before, and those of its result.
MEASURE = """
import sys
import numpy as np
import facilis as fc
from pathlib import Path

def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))

def size(result):
    return sum(np.asarray(values).nbytes for _, values in result._arrays().values())

model = fc.Model(0.0, 1.0, 0.1, fc.Constant(0.001))
options = eval(sys.argv[1])
fc.ensemble(model, 1, 1.0, replicates=4, rng=1)
Path("/proc/self/clear_refs").write_text("5")
before = status("VmRSS")
result = fc.ensemble(model, 1, 1.0, rng=1, **options)
for moment in (result.mean, result.std, result.error):
    moment("calcium")
print(status("VmHWM") - before, size(result))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures by Linux's means")
@pytest.mark.parametrize(
    "options",
    [
        "dict(replicates=3000, grid=3000)",
        "dict(replicates=3000, grid=3000, workers=4, chunk=50)",
        "dict(replicates=3000, grid=3000, directory=sys.argv[2])",
        "dict(replicates=10**6, grid=10)",
        "dict(replicates=10**6, grid=None)",
    ],
)
def test_a_large_ensemble_takes_little_more_memory_than_its_result(options, tmp_path):
    command = [sys.executable, "-c", MEASURE, options, str(tmp_path)]
    for _ in range(1 + ("directory" in options)):  # computed, and then read
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peak, size = map(int, done.stdout.split())
        assert peak < 1.5 * size, (peak / size, size)


@pytest.mark.skipif(sys.platform != "linux", reason="limits its own memory by Linux's means")
def test_the_limit_on_the_address_space_counts():
    code = "from facilis import ram; print(ram.available())"
    limit = 2 * GB

    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, preexec_fn=limited
    )
    assert 0 < int(done.stdout) < limit
