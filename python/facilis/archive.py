"""Results in files: npz, written and opened again.

A file holds every array under its dotted name, and as ``facilis`` one string of JSON with the rest. There is
no pickle in it, so that opening a file from a stranger runs no code.
"""

import json
import zipfile
import zlib
from dataclasses import fields, is_dataclass
from os import PathLike
from pathlib import Path
from tokenize import TokenError
from typing import Any
from uuid import uuid4

import numpy as np

from . import checks

_KEY = "facilis"
_ADMITTED: dict[str, Any] = {}
# What NumPy, zipfile and JSON say of files that are none of ours, or damaged.
_DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    SyntaxError,
    TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def save(result: Any, path: str | PathLike[str]) -> None:
    """Write a result to one npz file at exactly that path."""
    write(path, type(result).__name__, _state(result))


def load(path: str | PathLike[str]) -> Any:
    """Open what `save` of any result wrote.

    Raises
    ------
    ValueError
        If the file is not one of facilis.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "run.npz")
    >>> fc.simulate(model, 10, 5.0, rng=1).save(path)
    >>> fc.load(path).n
    10
    """
    name, state = read(path)
    return _class(name)(**state)


def write(path: str | PathLike[str], name: str, state: dict[str, Any]) -> None:
    """Write the state of an object of that class name; an existing file is replaced only by a whole one."""
    arrays: dict[str, Any] = {}
    header = {"class": name, "state": _pack(state, "", arrays)}
    arrays[_KEY] = np.array(json.dumps(header))
    target = _path(path)
    if not target.name or target.is_dir():
        raise ValueError(checks.wrong("path", "the path of a file", path))
    # A name of its own: another process may be writing the same file.
    partial = target.with_name(f"{target.name}.{uuid4().hex}.part")
    try:
        with partial.open("xb") as file:
            np.savez(file, **arrays)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def read(path: str | PathLike[str], argument: str = "path") -> tuple[str, dict[str, Any]]:
    """Return class name and state of the object in a file; errors name the `argument` that led to it."""
    target = _path(path)
    try:
        with target.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            header = json.loads(arrays[_KEY].item())
            return header["class"], _unpack(header["state"], arrays)
    except _DAMAGED:
        allowed = "a file that facilis wrote"
        allowed = allowed if argument == "path" else f"a directory in which each is {allowed}"
        raise ValueError(checks.wrong(argument, allowed, path)) from None


def _path(path: object) -> Path:
    if not isinstance(path, str | PathLike):
        raise TypeError(checks.wrong("path", "a path", path))
    return Path(path)


def _state(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _pack(value: Any, key: str, arrays: dict[str, Any]) -> Any:
    """Return `value` for JSON, its arrays moved out under names that start with `key`."""
    if isinstance(value, np.ndarray):
        arrays[key] = value
        return {"array": key}
    if isinstance(value, dict):
        dot = key and key + "."
        return {"dict": {name: _pack(part, dot + name, arrays) for name, part in value.items()}}
    if isinstance(value, tuple):
        return {"tuple": [_pack(part, f"{key}.{k}", arrays) for k, part in enumerate(value)]}
    if is_dataclass(value):
        return {"class": type(value).__name__, "state": _pack(_state(value), key, arrays)}
    return value


def _unpack(node: Any, arrays: Any) -> Any:
    match node:
        case {"array": key}:
            return arrays[key]
        case {"dict": parts}:
            return {name: _unpack(part, arrays) for name, part in parts.items()}
        case {"tuple": parts}:
            return tuple(_unpack(part, arrays) for part in parts)
        case {"class": name, "state": state}:
            return _class(name)(**_unpack(state, arrays))
    return node


def admit(kind: Any) -> None:
    """Let objects of a public dataclass come out of files, by its name alone; anything else is ignored."""
    if is_dataclass(kind):
        _ADMITTED[kind.__name__] = kind  # type: ignore[union-attr]


def _class(name: str) -> Any:
    """Return the public dataclass of that name: nothing else can come out of a file."""
    if name not in _ADMITTED:
        raise ValueError(checks.wrong("path", "a file with a result of facilis", name))
    return _ADMITTED[name]
