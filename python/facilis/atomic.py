"""Files that are there as a whole or not at all, whatever happens while they are written."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


def write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Let `fill` write a file, which then takes the place of the one at `path` in a single step.

    A crash, a full disk or a kill leaves the old file as it was. The new file keeps the old one's permissions, and
    where `path` is a symbolic link the file that it leads to is replaced.
    """
    target = Path(os.path.realpath(path))
    require_folder(target)
    with _partial(target, fill) as partial:
        partial.replace(target)


def write_first(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """The same, but a file that is there already stays: of all who try at once, one succeeds."""
    with _partial(path, fill) as partial:
        try:
            os.link(partial, path)
        except FileExistsError:
            pass
        except OSError:  # of file systems without links; they have no better way
            if not path.exists():
                partial.replace(path)


def require_folder(path: Path, name: str = "path") -> None:
    """Refuse a file in a directory that does not exist, before anything is computed or written for it."""
    if not path.parent.is_dir():
        text = f"{name} must be in a directory that exists, got {str(path)!r}, and there is no {str(path.parent)!r}"
        raise FileNotFoundError(text)


@contextmanager
def _partial(target: Path, fill: Callable[[BinaryIO], object]) -> Iterator[Path]:
    """Give a file that is whole, and on the disk, to be put in the place of the target."""
    # In the same folder, since only within one file system a file is renamed in a single step. The name is short,
    # so that the target's own name may be as long as the system allows, and it is used by no other process.
    partial = target.with_name(f".{uuid4().hex}.part")
    try:
        with partial.open("x+b") as file:
            if target.exists():
                partial.chmod(stat.S_IMODE(target.stat().st_mode))
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        yield partial
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last, where the system knows how to do it for a folder."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
