"""Files last: they are written as a whole, every damage is seen, and other formats are refused by name."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import facilis as fc
from facilis import _core, archive, atomic

MODEL = fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 4.0))
PULSE = fc.Pulse(1.0, 2.0, 3.0)
REGION = fc.Region.potential_above(0.7)


def run(seed=1):
    return fc.simulate(MODEL, 5, 1.0, potential=2.0, calcium=9.0, grid=3, rng=seed)


def ensemble(folder):
    return fc.ensemble(
        MODEL, 5, 1.0, potential=2.0, calcium=9.0, replicates=1, grid=2, rng=1, directory=folder
    )


def sweep(folder):
    over = {"alpha": [0.2]}
    return fc.sweep(
        fc.ensemble, over=over, model=MODEL, n=5, t_end=1.0, replicates=1, rng=1, directory=folder
    )


def flip(path, bit):
    """Flip a bit of a file in its place."""
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def refuse_flips(path, read, bits, argument):
    for bit in bits:
        flip(path, int(bit))
        with pytest.raises(ValueError, match=rf"^{argument} must be .*{path.name}"):
            read()
        flip(path, int(bit))
    read()


@pytest.mark.slow
def test_every_flipped_bit_of_a_result_is_seen(tmp_path):
    path = tmp_path / "pulse"
    archive.save(PULSE, path)
    assert fc.load(path) == PULSE
    refuse_flips(path, lambda: fc.load(path), range(8 * path.stat().st_size), "path")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["run", "simulation", "chunk", "point"])
def test_flipped_bits_of_every_kind_of_file_are_seen(kind, tmp_path):
    if kind == "point":
        pytest.importorskip("xarray")
    path = tmp_path / "file"
    if kind == "run":
        run().save(path)
        read, argument = (lambda: fc.load(path)), "path"
    elif kind == "simulation":
        fc.Simulation(MODEL, 5, potential=2.0, rng=1).save(path)
        read, argument = (lambda: fc.Simulation.load(path)), "path"
    else:
        again = ensemble if kind == "chunk" else sweep
        again(tmp_path)
        read, argument = (lambda: again(tmp_path)), "directory"
        (path,) = tmp_path.glob("*.npz")
    size = 8 * path.stat().st_size
    # All of the checksum's end, and some of everything.
    bits = np.concatenate(
        [np.arange(size - 700, size), np.random.default_rng(1).choice(size, 500, replace=False)]
    )
    refuse_flips(path, read, bits, argument)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_is_refused(share, tmp_path):
    path = tmp_path / "cut"
    run().save(path)
    os.truncate(path, int(share * path.stat().st_size))
    with pytest.raises(ValueError, match=r"^path must be a file that facilis wrote.*cut"):
        fc.load(path)


def test_every_file_says_its_format_and_its_version(tmp_path):
    pytest.importorskip("xarray")
    run().save(tmp_path / "run.npz")
    fc.Simulation(MODEL, 5, rng=1).save(tmp_path / "simulation.npz")
    (tmp_path / "a").mkdir()
    ensemble(tmp_path / "a")
    sweep(tmp_path / "b")
    paths = list(tmp_path.rglob("*.npz"))
    assert len(paths) == 4
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            header = json.loads(arrays["facilis"].item())
        assert (header["format"], header["version"]) == (archive.FORMAT, fc.__version__)


def test_a_newer_format_is_refused_by_name(tmp_path):
    path, folder = tmp_path / "run", tmp_path / "folder"
    with pytest.MonkeyPatch.context() as later:
        later.setattr(archive, "FORMAT", archive.FORMAT + 1)
        later.setattr(_core, "__version__", "9.3")
        run().save(path)
        fc.Simulation(MODEL, 5, rng=1).save(tmp_path / "simulation")
        ensemble(folder)
    said = rf"written by facilis 9\.3 in format {archive.FORMAT + 1}; this is facilis {fc.__version__}"
    for read, argument in [
        (lambda: fc.load(path), "path"),
        (lambda: fc.Simulation.load(tmp_path / "simulation"), "path"),
        (lambda: ensemble(folder), "directory"),
    ]:
        with pytest.raises(ValueError, match=rf"^{argument} must .*{said}"):
            read()


def test_a_file_from_before_formats_had_numbers_is_refused_by_name(tmp_path):
    path = tmp_path / "old.npz"
    state = {"dict": {"start": 1.0, "stop": 2.0, "current": 3.0}}
    np.savez(path, facilis=json.dumps({"class": "Pulse", "state": state}))
    with pytest.raises(ValueError, match=r"old\.npz, written by facilis 0\.1\.0 or earlier in format 0"):
        fc.load(path)


@pytest.mark.parametrize("change", [{"colour": "red"}, {"stop": None}])
def test_an_unknown_or_missing_field_is_a_value_error(change, tmp_path):
    state = {"start": 1.0, "stop": 2.0, "current": 3.0} | change
    archive.write(tmp_path / "pulse", "Pulse", {name: v for name, v in state.items() if v is not None})
    with pytest.raises(ValueError, match=f"^path must be .*unknown or missing: {next(iter(change))}"):
        fc.load(tmp_path / "pulse")
    state = fc.Simulation(MODEL, 5, rng=1).__getstate__()
    archive.write(tmp_path / "simulation", "Simulation", state | {"colour": "red"})
    with pytest.raises(ValueError, match="unknown or missing: colour"):
        fc.Simulation.load(tmp_path / "simulation")


def test_a_strange_value_in_a_file_is_a_value_error(tmp_path):
    for k, start in enumerate(["x", {"a": 1}, -1.0]):
        archive.write(tmp_path / f"{k}", "Pulse", {"start": start, "stop": 2.0, "current": 3.0})
        with pytest.raises(ValueError, match=rf"^path must be .*{tmp_path.name}.{k}"):
            fc.load(tmp_path / f"{k}")


def test_a_file_keeps_its_permissions_and_its_links(tmp_path):
    path, link = tmp_path / "file", tmp_path / "link"
    run(1).save(path)
    path.chmod(0o640)
    link.symlink_to(path)
    run(2).save(link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert fc.load(path).entropy == 2
    assert sorted(tmp_path.iterdir()) == [path, link]


def test_the_longest_name_does(tmp_path):
    path = tmp_path / ("x" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    run().save(path)
    assert fc.load(path).n == 5


def test_what_is_no_file_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, os.devnull):
        with pytest.raises(ValueError, match=r"^path must be the path of a file"):
            run().save(path)
    assert pipe.is_fifo()


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(file):
        file.write(b"new")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        atomic.write(path, full)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


SAVING = """
import sys
import facilis as fc
model = fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 4.0))
network = fc.Simulation(model, 2000, potential=2.0, calcium=9.0, rng=1)
while True:
    network.advance(network.t + 0.01, grid=None, spikes=False)
    network.save(sys.argv[1])
    print("saved", flush=True)
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path):
    path, random = tmp_path / "file", np.random.default_rng(1)
    whole = fc.Simulation(MODEL, 2000, potential=2.0, calcium=9.0, rng=1)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", SAVING, path], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(random.uniform(0.0, 0.05))
            process.send_signal(signal.SIGKILL)
        saved = fc.Simulation.load(path)
        twin = whole.copy()
        twin.advance(saved.t, grid=None, spikes=False)
        assert repr(twin.state().potential.sum()) == repr(saved.state().potential.sum())


FULL = """
import resource, signal, sys
import facilis as fc
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
run = fc.simulate(fc.Model.example("memory"), 5000, 1.0, rng=2)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
run.save(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files by Linux's means")
def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path):
    path = tmp_path / "run"
    run().save(path)
    done = subprocess.run([sys.executable, "-c", FULL, path], capture_output=True, text=True)
    assert "OSError: [Errno 27] File too large" in done.stderr
    assert fc.load(path).entropy == 1
    assert list(tmp_path.iterdir()) == [path]
