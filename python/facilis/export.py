"""Results in the forms of other libraries: xarray, pandas, neo, pynapple, imported on demand."""

import importlib
from dataclasses import fields
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from . import checks

if TYPE_CHECKING:
    from .result import Result
    from .simulation.run import Run

_UNITS = ("s", "ms", "us")
_UNITS_OF_NEO = (*_UNITS, "ns", "min", "h", "d")


def to_xarray(result: "Result") -> Any:
    """Return a result's arrays as an `xarray.Dataset`, and its other fields as attributes."""
    xarray = module("xarray", "io")
    held = {name.split(".")[0] for name in result._axes}
    rest = [field.name for field in fields(result) if field.name not in held]  # type: ignore[arg-type]
    return xarray.Dataset(result._arrays(), attrs={name: plain(getattr(result, name)) for name in rest})


def to_pandas(run: "Run") -> Any:
    """Return the means on the grid as a `pandas.DataFrame` indexed by time."""
    pandas = module("pandas", "io")
    names = ("potential", "calcium", "calcium_var", "spike_count")
    return pandas.DataFrame({name: getattr(run, name) for name in names}, index=pandas.Index(run.t, name="t"))


def to_neo(run: "Run", units: object = "s") -> Any:
    """Return a `neo.Block` of one segment: spike trains, the two means as signals, and the stimulus as an epoch.

    neo wants times in a physical unit: one of these `units` is taken for the model's unit of time. The trains are
    made of two arrays, as a `SpikeTrainList`, so that neo makes a train's object only when it is asked for.
    """
    neo, quantities = module("neo", "neuro"), module("quantities", "neuro")
    # A unit of the library quantities says its name itself.
    word = getattr(getattr(units, "dimensionality", None), "string", units)
    unit = checks.choice("units", word, _UNITS_OF_NEO)
    spikes, span = run.kept_spikes(), _span(run)
    segment = neo.Segment(name="run", t_start=span[0], t_stop=span[1])
    trains = neo.core.spiketrainlist.SpikeTrainList.from_spike_time_array(
        spikes.time,
        spikes.neuron,
        all_channel_ids=spikes.neurons.tolist(),
        units=unit,
        t_start=quantities.Quantity(span[0], unit),
        t_stop=quantities.Quantity(span[1], unit),
    )
    trains.segment = segment
    segment.spiketrains = trains
    for name in ("potential", "calcium") if run.t.size else ():
        signal = neo.IrregularlySampledSignal(
            run.t, getattr(run, name), units="dimensionless", time_units=unit, name=f"mean {name}"
        )
        segment.irregularlysampledsignals.append(signal)
    if run.stimulus:
        segment.epochs.append(_epoch(neo, run, unit))
    block = neo.Block(name=f"facilis {run.version}")
    block.segments.append(segment)
    return block


def _span(run: "Run") -> tuple[float, float]:
    """Return the ends of a run's interval, which many take to be without its last point: no spike is there."""
    spikes = run.kept_spikes()
    at_end = spikes.time.size and spikes.time[-1] >= run.t_stop
    return run.t_start, float(np.nextafter(run.t_stop, np.inf)) if at_end else run.t_stop


def _epoch(neo: Any, run: "Run", unit: str) -> Any:
    start, stop, current = np.array([(one.start, one.stop, one.current) for one in run.stimulus]).T
    labels = np.array([f"current {value:g}" for value in current])
    own = {"current": current}
    return neo.Epoch(start, stop - start, labels, units=unit, name="stimulus", array_annotations=own)


def to_pynapple(run: "Run", units: str = "s") -> dict[str, Any]:
    """Return ``{"spikes": TsGroup, "means": TsdFrame}``; one of `units` is taken for the model's unit of time.

    All have the run's interval as their time support. pynapple rounds times to 10⁻⁹ s.
    """
    nap = module("pynapple", "neuro")
    checks.choice("units", units, _UNITS)
    spikes = run.kept_spikes()
    support = nap.IntervalSet(run.t_start, run.t_stop, time_units=units)
    own = {"time_units": units, "time_support": support}
    trains = {i: nap.Ts(times, **own) for i, times in zip(spikes.neurons.tolist(), spikes, strict=True)}
    means = np.stack([run.potential, run.calcium], axis=1)
    frame = nap.TsdFrame(run.t, means, columns=["potential", "calcium"], **own)
    return {"spikes": nap.TsGroup(trains, time_support=support, bypass_check=True), "means": frame}


def attribute(path: str | PathLike[str], name: str) -> Any:
    """Return an attribute of a NetCDF file; KeyError if it has none of that name (needs ``facilis[io]``)."""
    with module("xarray", "io").open_dataset(path) as data:
        return data.attrs[name]


def module(name: str, extra: str) -> Any:
    """Import an optional library, or say how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install facilis[{extra}]") from error


def plain(value: object) -> str | int | float:
    """Return what a NetCDF attribute can hold: words, floats, 64-bit integers; a model as JSON, else the repr."""
    if isinstance(value, str | float):
        return value
    if hasattr(value, "to_json"):
        return str(value.to_json())
    return value if isinstance(value, int) and abs(value) < 2**63 else repr(value)
