"""Results in the forms of other libraries: xarray, pandas, neo, pynapple, imported on demand."""

import importlib
from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from . import checks

if TYPE_CHECKING:
    from .result import Floats, Result
    from .simulation.run import Run

_UNITS = ("s", "ms", "us")
_UNITS_OF_NEO = (*_UNITS, "ns", "min", "h", "d")


def to_xarray(result: "Result") -> Any:
    """Return a result's arrays as an `xarray.Dataset`, and its other fields as attributes."""
    xarray = module("xarray", "io")
    held = {name.split(".")[0] for name in result._axes}
    rest = [field.name for field in fields(result) if field.name not in held]  # type: ignore[arg-type]
    return xarray.Dataset(result._arrays(), attrs={name: _attribute(getattr(result, name)) for name in rest})


def to_pandas(run: "Run") -> Any:
    """Return the means on the grid as a `pandas.DataFrame` indexed by time."""
    pandas = module("pandas", "io")
    names = ("potential", "calcium", "calcium_var", "spike_count")
    return pandas.DataFrame({name: getattr(run, name) for name in names}, index=pandas.Index(run.t, name="t"))


def to_neo(run: "Run", unit: str = "s") -> Any:
    """Return a `neo.Block` of one segment: a spike train per neuron, and the means as a signal.

    neo wants times in a physical unit: one `unit` is taken for the model's unit of time.
    """
    neo = module("neo", "neuro")
    checks.choice("unit", unit, _UNITS_OF_NEO)
    segment = neo.Segment(t_start=run.t_start, name="run")
    span = {"units": unit, "t_start": run.t_start, "t_stop": run.t_stop}
    for neuron, times in _trains(run):
        segment.spiketrains.append(neo.SpikeTrain(times, name=str(neuron), **span))
    means = np.stack([run.potential, run.calcium], axis=1)
    if run.t.size:
        signal = neo.IrregularlySampledSignal(
            run.t, means, units="dimensionless", time_units=unit, name="mean potential, mean calcium"
        )
        segment.irregularlysampledsignals.append(signal)
    block = neo.Block(name=f"facilis {run.version}")
    block.segments.append(segment)
    return block


def to_pynapple(run: "Run", unit: str = "s") -> dict[str, Any]:
    """Return ``{"spikes": TsGroup, "means": TsdFrame}``; one `unit` is taken for the model's unit of time."""
    nap = module("pynapple", "neuro")
    checks.choice("unit", unit, _UNITS)
    support = nap.IntervalSet(run.t_start, run.t_stop, time_units=unit)
    trains = {neuron: nap.Ts(times, time_units=unit) for neuron, times in _trains(run)}
    means = np.stack([run.potential, run.calcium], axis=1)
    frame = nap.TsdFrame(run.t, means, time_units=unit, columns=["potential", "calcium"])
    return {"spikes": nap.TsGroup(trains, time_support=support), "means": frame}


def module(name: str, extra: str) -> Any:
    """Import an optional library, or say how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install facilis[{extra}]") from error


def _attribute(value: object) -> str | int | float:
    """Return what a NetCDF attribute can hold: words, floats and 64-bit integers, else the repr."""
    if isinstance(value, str | float):
        return value
    return value if isinstance(value, int) and abs(value) < 2**63 else repr(value)


def _trains(run: "Run") -> "Iterable[tuple[int, Floats]]":
    """Return (neuron, times) for each neuron whose spikes were kept."""
    spikes = run.kept_spikes()
    return zip(spikes.neurons.tolist(), spikes, strict=True)
