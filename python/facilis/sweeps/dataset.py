"""What a sweep keeps of a result: named arrays with named dimensions, and all points' arrays as one Dataset."""

import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import partial
from inspect import isfunction
from types import CodeType
from typing import Any, TypeAlias

import numpy as np

from .. import checks, export
from ..result import Tabular

Table: TypeAlias = dict[str, dict[str, Any]]

_PACKAGE = __name__.partition(".")[0]
_CONSTANT = (str, bool, int, float, tuple)


def table(result: Any) -> Table:
    """Return a result's variables: name → {"axes": names of dimensions, "values": array}.

    Raises
    ------
    TypeError
        If it is none of: number, array, Estimate, result of facilis, mapping of names to these.
    """
    if isinstance(result, Tabular):
        columns = result._columns().items()
        return {name: {"axes": tuple(axes), "values": np.asarray(values)} for name, (axes, values) in columns}
    if isinstance(result, Mapping):
        parts = {str(name): table(value) for name, value in result.items()}
        return {key: v for name, part in parts.items() for key, v in _prefixed(name, part).items()}
    return {"value": _variable(result, "value")}


def _prefixed(name: str, part: Table) -> Table:
    """Name parts after the whole; what is a single value takes the name itself."""
    return {
        name if key == "value" else f"{name}_{key}": {
            "axes": tuple(axis.replace("value_", f"{name}_", 1) for axis in variable["axes"]),
            "values": variable["values"],
        }
        for key, variable in part.items()
    }


def _variable(value: Any, name: str) -> dict[str, Any]:
    array = np.asarray(value)
    if array.dtype.kind not in "biufcUS":
        allowed = "one that returns a number, an array, a result of facilis, or a dict of these"
        raise TypeError(checks.wrong("function", allowed, value))
    return {"axes": tuple(f"{name}_{k}" for k in range(array.ndim)), "values": array}


def dataset(axes: dict[str, list[Any]], found: list[Table], attributes: dict[str, str]) -> Any:
    """Return the tables of a grid's points, the last axis running fastest, as one `xarray.Dataset`."""
    shape = tuple(len(values) for values in axes.values())
    variables, shared = {}, {}
    differing = {
        name
        for name, variable in found[0].items()
        if tuple(variable["axes"]) == (name,) and not _all_equal([one[name]["values"] for one in found])
    }
    for name, variable in found[0].items():
        columns = [one[name]["values"] for one in found]
        own = tuple(variable["axes"])
        if any(column.shape != columns[0].shape for column in columns):
            shapes = sorted({column.shape for column in columns})
            raise ValueError(f"function must return {name!r} of one shape at all points, got shapes {shapes}")
        if own == (name,) and name not in differing:
            shared[name] = columns[0]
            continue
        # A dimension can't have the name of a variable that differs from point to point.
        own = tuple(f"{axis}_index" if axis in differing else axis for axis in own)
        variables[name] = ((*axes, *own), np.stack(columns).reshape(shape + columns[0].shape))
    coordinates = {name: [_coordinate(v) for v in values] for name, values in axes.items()}
    return xarray().Dataset(variables, coords=coordinates | shared, attrs=attributes)


def _all_equal(columns: list[Any]) -> bool:
    return all(np.array_equal(column, columns[0]) for column in columns)


def _coordinate(value: Any) -> Any:
    return value if isinstance(value, str | bool | int | float) else repr(value)


def told(value: Any) -> Any:
    """Return an argument in a form that a file can hold and that compares by value, else its repr."""
    if isinstance(value, np.ndarray):
        return f"array {value.shape} {value.dtype}, SHA-256 {hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, list | tuple):
        return tuple(told(part) for part in value)
    if isinstance(value, Mapping):
        return {str(name): told(part) for name, part in value.items()}
    if isinstance(value, partial):
        return told((value.func, value.args, value.keywords))
    if isfunction(value):
        return _told_function(value)
    if isinstance(value, float) and value != value:
        return "nan"  # which is not equal to itself
    ours = is_dataclass(value) and _is_ours(type(value))
    plain = value is None or isinstance(value, str | bool | int | float)
    return value if ours or plain else f"{value!r}, SHA-256 {_digest_of(value)}"


def _is_ours(what: Any) -> bool:
    return bool(what.__module__.partition(".")[0] == _PACKAGE)


def _told_function(function: Any) -> Any:
    """Tell a function by its name, and one that is not of facilis by what it does too."""
    name = f"{function.__module__}.{function.__qualname__}"
    if _is_ours(function):
        return name
    # What can change, a list that it counts its calls in for example, can't tell it from others.
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    cells = [held for held in cells if isinstance(held, _CONSTANT) or isfunction(held)]
    given = told((function.__defaults__, function.__kwdefaults__, cells))
    return name, hashlib.sha256(_code(function.__code__)).hexdigest(), given


def _code(code: CodeType) -> bytes:
    """Return what code does, wherever it stands."""
    constants = [_code(c) if isinstance(c, CodeType) else repr(c).encode() for c in code.co_consts]
    return b"\0".join([code.co_code, repr(code.co_names).encode(), *constants])


def _digest_of(value: Any) -> str:
    """Return a digest of any other object, which its repr may not tell from others."""
    try:
        return hashlib.sha256(pickle.dumps(value)).hexdigest()
    except Exception:
        text = "with a directory, of a kind that pickles, so that points of other arguments are told apart"
        raise TypeError(checks.wrong("arguments", text, value)) from None


def xarray() -> Any:
    """Import xarray, or say how to get it."""
    return export.module("xarray", "io")
