"""Work that is killed goes on to the same bits; programs that share a folder share the work."""

import errno
import os

import lives
import numpy as np
import pytest

import facilis as fc
from facilis import archive, atomic
from facilis.replicates import store
from facilis.replicates.store import common_seed

KINDS = pytest.mark.parametrize("kind", lives.KINDS)


@pytest.mark.slow
@KINDS
def test_work_that_is_killed_goes_on_to_the_same_bits(kind, tmp_path):
    killed, ends = lives.survive(kind, tmp_path, kills=10, longest=0.5)
    assert killed >= 10
    assert ends >= 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", lives.KINDS[1:])
def test_two_programs_in_one_folder_share_the_work(kind, tmp_path):
    (one, made), (other, made_too) = lives.together(kind, tmp_path)
    lives.assert_same(one, other)
    lives.assert_same(one, kind(None))
    pieces = len(list(tmp_path.glob("*.npz")))
    # Who goes at random meets the other now and then, but doesn't do everything again.
    assert pieces <= made + made_too <= 1.75 * pieces


def unseeded(folder):
    made = fc.ensemble(lives.MODEL, 20, 5.0, grid=5, replicates=50, directory=folder)
    return {"potential": made.potential, "entropy": np.array(str(made.entropy))}


@pytest.mark.slow
def test_programs_without_a_seed_agree_on_one(tmp_path):
    found = [one for one, _ in lives.together(unseeded, tmp_path, programs=3)]
    for one in found:
        lives.assert_same(one, unseeded(tmp_path))


@pytest.mark.parametrize("links", [True, False])
def test_the_first_seed_in_a_folder_stays(links, tmp_path, monkeypatch):
    def none(*_):
        raise OSError(errno.EPERM, "this file system has no links")

    if not links:
        monkeypatch.setattr(os, "link", none)
    first = common_seed(tmp_path / "new" / "folder")
    assert common_seed(tmp_path / "new" / "folder").entropy == first.entropy
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["seed.npz"]


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    path = tmp_path / "file"
    atomic.write_first(path, lambda file: file.write(b"first"))
    atomic.write_first(path, lambda file: file.write(b"second"))
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_seed_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "seed.npz").write_bytes(b"nothing of ours")
    with pytest.raises(ValueError, match=r"^directory must be .*seed\.npz"):
        unseeded(tmp_path)


def test_what_another_program_files_meanwhile_is_read(tmp_path, monkeypatch):
    """Each chunk is looked for just before it would be computed."""
    whole = lives.ensemble(tmp_path / "whole")
    computed, chunk = [], store.Store.chunk
    run = lives.Experiment.run

    def appears(self, first, last):
        name = f"replicates-{first:010}-{last:010}.npz"
        if (first // 10) % 2 and not (self.directory / name).exists():
            (tmp_path / "whole" / name).rename(self.directory / name)
        return chunk(self, first, last)

    def count(self, first, last, *others):
        computed.append(first)
        return run(self, first, last, *others)

    monkeypatch.setattr(store.Store, "chunk", appears)
    monkeypatch.setattr(lives.Experiment, "run", count)
    lives.assert_same(lives.ensemble(tmp_path / "other"), whole)
    assert sorted(computed) == [first for first in range(0, 400, 10) if not (first // 10) % 2]


def test_a_chunk_of_other_work_that_appears_is_refused(tmp_path):
    made = fc.ensemble(lives.MODEL, 20, 5.0, grid=5, replicates=2, directory=tmp_path / "one", rng=1)
    assert made.entropy == 1
    (path,) = (tmp_path / "one").glob("*-0000000001.npz")
    state = archive.read(path, "Chunk", ("task", "chunk"), "")
    archive.write(path, "Chunk", state | {"task": state["task"] | {"n": 21}})
    with pytest.raises(ValueError, match="n=21 instead of n=20"):
        fc.ensemble(lives.MODEL, 20, 5.0, grid=5, replicates=2, directory=tmp_path / "one", rng=1)
