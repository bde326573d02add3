"""The grid of a sweep: what its names mean, and the model and the arguments of each of its points."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from .. import checks
from ..caller import meant
from ..model.model import Model
from ..model.stimulus import Pulse
from ..simulation.region import Region

Values: TypeAlias = Sequence[Any] | Mapping[str, Any]
Axes: TypeAlias = dict[str, list[tuple[Any, Any]]]

_OF_STIMULUS = ("current", "duration", "start")
_OF_REGION = ("potential_above", "calcium_above")


def axes(over: Mapping[str, Values]) -> Axes:
    """Return for each name its values, each with the coordinate by which it is told."""
    allowed = "a mapping of names to sequences of values, or to mappings of words to values, none empty"
    if not isinstance(over, Mapping):
        raise TypeError(checks.wrong("over", allowed, over))
    found: Axes = {}
    for name, values in over.items():
        if not isinstance(name, str) or not isinstance(values, Mapping | list | tuple | range | np.ndarray):
            raise TypeError(checks.wrong("over", allowed, over))
        if isinstance(values, Mapping):
            if not all(isinstance(word, str) for word in values):
                raise TypeError(checks.wrong("over", allowed, over))
            found[name] = list(values.items())
        else:
            plain = [value.item() if isinstance(value, np.generic) else value for value in values]
            found[name] = [(_coordinate(value), value) for value in plain]
    if not found or not all(found.values()):
        raise ValueError(checks.wrong("over", allowed, over))
    return found


def _coordinate(value: Any) -> Any:
    return value if isinstance(value, str | bool | int | float) else repr(value)


def points(
    function: Callable[..., Any], model: Model | None, grid: Axes, arguments: dict[str, Any]
) -> Iterator[tuple[Model, dict[str, Any]]]:
    """Yield the model and the arguments of each point, the last name running fastest."""
    for values in product(*grid.values()):
        yield _point(
            function, model, {name: value for name, (_, value) in zip(grid, values, strict=True)}, arguments
        )


def _point(
    function: Callable[..., Any], model: Model | None, values: dict[str, Any], arguments: dict[str, Any]
) -> tuple[Model, dict[str, Any]]:
    changed = values.pop("model", model)
    checks.instance("model", changed, Model)
    own = {field.name for field in fields(changed)}
    changed = replace(changed, **{name: values.pop(name) for name in own & values.keys()})
    of = {part: _parts(values, part) for part in ("rate", "stimulus", "region")}
    both = sorted(values.keys() & arguments.keys())
    if both:
        raise ValueError(checks.wrong("over", "without names that are given as arguments too", both))
    _refuse_unknown(function, changed, values, of, arguments | values)
    given = arguments | values
    if of["rate"]:
        changed = replace(changed, rate=replace(changed.rate, **of["rate"]))
    if of["stimulus"]:
        given["stimulus"] = _pulse(given["stimulus"], of["stimulus"])
    if of["region"]:
        given["region"] = _region(given["region"], of["region"])
    return changed, given


def _parts(values: dict[str, Any], whole: str) -> dict[str, Any]:
    """Take out the values of parts, ``"rate.half"`` for example."""
    names = [name for name in values if name.startswith(f"{whole}.")]
    return {name.removeprefix(f"{whole}."): values.pop(name) for name in names}


def _refuse_unknown(
    function: Callable[..., Any],
    model: Model,
    values: dict[str, Any],
    of: dict[str, dict[str, Any]],
    given: dict[str, Any],
) -> None:
    """Refuse a name that neither the model nor the function has, with those that they have."""
    takes = list(inspect.signature(function).parameters.values())
    valid = ["model", *(field.name for field in fields(model))]
    valid += [f"rate.{field.name}" for field in fields(model.rate) if field.init]  # type: ignore[arg-type]
    if "stimulus" in given:
        valid += [f"stimulus.{part}" for part in _OF_STIMULUS]
    if "region" in given:
        valid += [f"region.{part}" for part in _OF_REGION]
    valid += [one.name for one in takes[1:] if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)]
    names = [f"{whole}.{part}" for whole, parts in of.items() for part in parts]
    if not any(one.kind is one.VAR_KEYWORD for one in takes):
        names += list(values)
    wrong = sorted(set(names) - set(valid))
    if wrong:
        # Whole, as a list cut short would hide the name that was meant.
        raise ValueError(
            f"over must be of names among {', '.join(valid)}, got {wrong[0]!r}{meant(wrong[0], valid)}"
        )


def _pulse(stimulus: Any, changes: dict[str, Any]) -> Pulse:
    """Return a pulse with another current or duration, or moved to another start."""
    pulses = [stimulus] if isinstance(stimulus, Pulse) else stimulus
    if not isinstance(pulses, list | tuple) or len(pulses) != 1 or not isinstance(pulses[0], Pulse):
        raise ValueError(checks.wrong("stimulus", "one Pulse, to change a part of it", stimulus))
    pulse = pulses[0]
    start = checks.number("stimulus.start", changes.get("start", pulse.start))
    duration = checks.number("stimulus.duration", changes.get("duration", pulse.stop - pulse.start))
    return Pulse(start, start + duration, changes.get("current", pulse.current))


def _region(region: Any, changes: dict[str, Any]) -> Region:
    """Return a region with other lower bounds."""
    checks.instance("region", region, Region)
    bounds = {name.removesuffix("_above"): low for name, low in changes.items()}
    changed: Region = replace(
        region, **{name: (low, getattr(region, name)[1]) for name, low in bounds.items()}
    )
    return changed
