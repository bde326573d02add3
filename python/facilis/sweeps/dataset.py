"""What a sweep keeps of a result: named arrays with named dimensions, and all points' arrays as one Dataset."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from .. import checks, export
from ..result import Tabular

Table: TypeAlias = dict[str, dict[str, Any]]


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


def xarray() -> Any:
    """Import xarray, or say how to get it."""
    return export.module("xarray", "io")
