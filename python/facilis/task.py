"""What tells one piece of work from another, so that no file of the one is taken for a part of the other."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core


def told(**values: Any) -> dict[str, Any]:
    """Return values in a form that a file holds and that compares: long arrays are stood for by their digests.

    The version belongs to them, as another one may give other numbers.
    """
    known = {
        name: _digest(value) if isinstance(value, np.ndarray) else value for name, value in values.items()
    }
    return known | {"version": _core.__version__}


def compare(argument: str, allowed: str, path: Path, there: dict[str, Any], here: dict[str, Any]) -> None:
    """Refuse a file of other work, and say in what it differs.

    Parameters
    ----------
    argument : str
        The caller's argument that led to the file.
    allowed : str
        What it should have led to.
    path : Path
        The file.
    there, here : dict
        What is told of the work in the file, and of that which is to be done.
    """
    other = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
    if other:
        old, new = (", ".join(f"{name}={one.get(name)!r}" for name in other) for one in (there, here))
        raise ValueError(f"{argument} must be {allowed}, got {path} with {old} instead of {new}")


def _digest(array: NDArray[Any]) -> float | str:
    if array.size == 1:
        return array.item()  # type: ignore[no-any-return]
    return f"{array.size} numbers, SHA-256 {hashlib.sha256(array.tobytes()).hexdigest()}"
