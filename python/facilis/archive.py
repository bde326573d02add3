"""The one door to files: npz, written and opened again.

A file holds every array under its dotted name, and as ``facilis`` one string of JSON: the number of the format, the
version of the package that wrote it, the kind of object, and everything about it that is no array. It ends with a
checksum over its whole content. There is no pickle in it, so that opening a file from a stranger runs no code.
"""

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from os import PathLike
from pathlib import Path
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np

from . import _core, atomic, checks, export, seal

#: To be raised whenever files of the present kind can't be read as before.
FORMAT = 2

_KEY = "facilis"
_OURS = "a file that facilis wrote"
_ADMITTED: dict[str, Any] = {}


def save(result: Any, path: str | PathLike[str]) -> None:
    """Write a result to one npz file at exactly that path."""
    write(path, type(result).__name__, _state(result))


def load(path: str | PathLike[str]) -> Any:
    """Open what `save` of any result wrote, or read the model in a NetCDF file.

    The Datasets of results and sweeps keep the model as JSON. Where one was written to NetCDF, the model comes back
    from it (this needs ``facilis[io]``); the rest is xarray's business.

    Raises
    ------
    ValueError
        If the file is not one of facilis, if it is damaged, or if it was written by a version whose files this one
        does not read.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "run.npz")
    >>> fc.simulate(model, 10, 5.0, rng=1).save(path)
    >>> fc.load(path).n
    10
    """
    if _is_netcdf(checks.path("path", path)):
        return _model(path)
    header, arrays = _open(path, "path")
    kind = header["class"]
    if kind not in _ADMITTED:
        raise ValueError(checks.wrong("path", "a file with a result of facilis", kind))
    try:
        return _unpack(header, arrays)
    except _strange() as error:
        raise _unreadable("path", path, header, error) from None


def _strange() -> tuple[type[Exception], ...]:
    """Return what NumPy, zipfile and JSON say of files that are none of ours, or made to look like them."""
    from zipfile import (
        BadZipFile,
    )  # here, as it brings much along that an import of the package need not wait for

    return (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        EOFError,
        NotImplementedError,
        OverflowError,
        RecursionError,
        RuntimeError,
        SyntaxError,
        TokenError,
        BadZipFile,
        zlib.error,
    )


def _is_netcdf(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4)
    return start == b"\x89HDF" or start[:3] == b"CDF"


def _model(path: str | PathLike[str]) -> Any:
    try:
        return _ADMITTED["Model"].from_json(export.attribute(path, "model"))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{checks.wrong('path', f'{_OURS}, or NetCDF with a model', path)}: {error}"
        ) from None


def write(path: str | PathLike[str], kind: str, state: dict[str, Any]) -> None:
    """Write the state of an object of that kind; an existing file is replaced only by a whole one."""
    _write(path_of(path, "path"), kind, state, atomic.write)


def write_first(path: Path, kind: str, state: dict[str, Any]) -> None:
    """Write the state of an object of that kind, unless there is a file already: that one stays."""
    _write(path, kind, state, atomic.write_first)


def _write(path: Path, kind: str, state: dict[str, Any], put: Callable[..., None]) -> None:
    arrays: dict[str, Any] = {}
    header = {
        "format": FORMAT,
        "version": _core.__version__,
        "class": kind,
        "state": _pack(state, "", arrays),
    }
    arrays[_KEY] = np.array(json.dumps(header))

    def fill(file: BinaryIO) -> None:
        np.savez(file, **arrays)
        seal.close(file)

    put(path, fill)


def read(
    path: str | PathLike[str], kind: str, names: Sequence[str], allowed: str, argument: str = "path"
) -> dict[str, Any]:
    """Return the state that `write` was given, which has exactly these names.

    Parameters
    ----------
    path : path-like
        The file.
    kind : str
        What the object in it must be.
    names : sequence of str
        The names in its state.
    allowed : str
        What the argument should have led to, if the file holds something else.
    argument : str
        The caller's argument that led to the file, for errors.
    """
    header, arrays = _open(path, argument)
    if header["class"] != kind:
        raise ValueError(checks.wrong(argument, allowed, path))
    try:
        state: dict[str, Any] = _unpack(header["state"], arrays)
        _compare(state, names)
    except _strange() as error:
        raise _unreadable(argument, path, header, error) from None
    return state


def _open(path: str | PathLike[str], argument: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the arrays of a file that is whole and of the present format."""
    target = checks.path(argument, path)
    with target.open("rb") as file:
        intact = seal.is_intact(file)
        file.seek(0)
        if intact is False:
            raise ValueError(checks.wrong(argument, f"{_OURS}, undamaged: its checksum differs", path))
        try:
            header, arrays = _contents(file, bool(intact))
            written, version = header.get("format", 0), header.get("version", "0.1.0 or earlier")
            known = isinstance(header["class"], str) and isinstance(written, int)
        except _strange():
            known = False
    if not known:
        folder = f"a directory in which each is {_OURS}"
        raise ValueError(checks.wrong(argument, folder if argument == "directory" else _OURS, path))
    if written != FORMAT:
        when = f"written by facilis {version} in format {written}"
        here = f"this is facilis {_core.__version__}, which reads format {FORMAT}"
        raise ValueError(f"{argument} must lead to files that this version reads, got {path}, {when}; {here}")
    if intact is None:
        raise ValueError(checks.wrong(argument, f"{_OURS}, undamaged: its checksum is missing", path))
    return header, arrays


def _contents(file: BinaryIO, intact: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(file, allow_pickle=False) as found:
        header: dict[str, Any] = json.loads(found[_KEY].item())
        if not intact or header.get("format", 0) != FORMAT:
            return header, {}
        return header, {name: found[name] for name in found.files if name != _KEY}


def _unreadable(argument: str, path: object, header: dict[str, Any], error: Exception) -> ValueError:
    """Say of a file whose checksum is right why it still can't be read."""
    allowed = f"{_OURS} and that this version, {_core.__version__}, can read"
    return ValueError(f"{checks.wrong(argument, allowed, path)}, written by {header.get('version')}: {error}")


def _compare(state: dict[str, Any], names: Sequence[str]) -> None:
    differing = sorted(set(names) ^ set(state))
    if differing:
        raise ValueError(f"unknown or missing: {', '.join(differing)}")


def path_of(path: object, argument: str) -> Path:
    """Return the path of a file that may be there or not yet."""
    target = checks.path(argument, path)
    if not target.name or (target.exists() and not target.is_file()):
        raise ValueError(checks.wrong(argument, "the path of a file", path))
    return target


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


def _unpack(node: Any, arrays: dict[str, Any]) -> Any:
    match node:
        case {"array": key}:
            return arrays[key]
        case {"dict": parts}:
            return {name: _unpack(part, arrays) for name, part in parts.items()}
        case {"tuple": parts}:
            return tuple(_unpack(part, arrays) for part in parts)
        case {"class": name, "state": state}:
            kind, values = _class(name), _unpack(state, arrays)
            _compare(values, [field.name for field in fields(kind)])
            return kind(**values)
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
