"""Exact simulation of large networks of spiking neurons with short-term synaptic facilitation."""

from ._core import __version__
from .archive import load
from .model import Model
from .rate import Constant, Exponential, Hill, Linear, Ramp, Rate, Sigmoid, Table
from .region import Region
from .result import Run, Snapshots, Spikes, State, Stats, Watched
from .simulate import simulate
from .simulation import Simulation
from .stimulus import Pulse

__all__ = [
    "Constant",
    "Exponential",
    "Hill",
    "Linear",
    "Model",
    "Pulse",
    "Ramp",
    "Rate",
    "Region",
    "Run",
    "Sigmoid",
    "Simulation",
    "Snapshots",
    "Spikes",
    "State",
    "Stats",
    "Table",
    "Watched",
    "__version__",
    "load",
    "simulate",
]
