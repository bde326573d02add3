"""What a sweep keeps of a result: named arrays with named dimensions, and all points' arrays as one Dataset."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from .. import checks, export
from ..result import Tabular

Table: TypeAlias = dict[str, dict[str, Any]]

_COUNTED = ("replicate", "neuron")
_TIMES = ("t", "time", "t_max", "t_end", "exit_after", "stimulus.duration", "stimulus.start")
_MEANS = ("mean_time", "restricted_mean")
# The model has units of its own: 1/beta sets the scale of time.
_UNITS = {
    **dict.fromkeys([*_TIMES, *(name + end for name in _MEANS for end in ("", "_low", "_high"))], "time"),
    **dict.fromkeys(["beta", "lam"], "1/time"),
    **dict.fromkeys(["potential", "region.potential_above", "rate.half", "rate.centre"], "potential"),
    "stimulus.current": "potential/time",
    **dict.fromkeys(["spikes", "spike_count", "censored", "n"], "count"),
    **dict.fromkeys(["exit_share", "exponential_p_value", "kappa"], "1"),
}


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


def size(table: Table) -> int:
    """Return how many bytes a table takes."""
    return sum(variable["values"].nbytes for variable in table.values())


def dataset(axes: dict[str, list[tuple[Any, Any]]], found: list[Table], attributes: dict[str, str]) -> Any:
    """Return the tables of a grid's points, the last axis running fastest, as one `xarray.Dataset`."""
    shape = tuple(len(values) for values in axes.values())
    variables, shared = {}, {}
    differing = {
        name
        for name, variable in found[0].items()
        if tuple(variable["axes"]) == (name,) and not _all_equal([one[name]["values"] for one in found])
    }
    for name in list(found[0]):
        own = tuple(found[0][name]["axes"])
        # Taken out, so that the parts are not held beside the whole.
        columns = [one.pop(name)["values"] for one in found]
        if any(column.shape != columns[0].shape for column in columns):
            shapes = sorted({column.shape for column in columns})
            raise ValueError(f"function must return {name!r} of one shape at all points, got shapes {shapes}")
        if own == (name,) and name not in differing:
            shared[name] = columns[0]
            continue
        # A dimension can't have the name of a variable that differs from point to point.
        own = tuple(f"{axis}_index" if axis in differing else axis for axis in own)
        variables[name] = ((*axes, *own), np.stack(columns).reshape(shape + columns[0].shape))
    coordinates = {name: [told for told, _ in values] for name, values in axes.items()}
    data = xarray().Dataset(variables, coords=coordinates | shared, attrs=attributes)
    counted = [name for name in _COUNTED if name in data.sizes and name not in data.variables]
    data = data.assign_coords({name: np.arange(data.sizes[name]) for name in counted})
    for name, variable in data.variables.items():
        variable.attrs |= {"units": _UNITS[name]} if name in _UNITS else {}
    return data


def _all_equal(columns: list[Any]) -> bool:
    return all(np.array_equal(column, columns[0]) for column in columns)


def xarray() -> Any:
    """Import xarray, or say how to get it."""
    return export.module("xarray", "io")
