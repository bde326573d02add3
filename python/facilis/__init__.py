"""Exact simulation of large networks of spiking neurons with short-term synaptic facilitation."""

from types import ModuleType
from typing import TYPE_CHECKING

from ._core import __version__
from .archive import load
from .coupling import Coupled, couple
from .ensemble import Ensemble, ensemble
from .estimate import Estimate
from .exponential import ExponentialTest
from .limit import Equilibrium, Limit, equilibria, nullclines, solve_limit
from .memory import MemoryTimes, memory_times
from .model import Model
from .rate import Constant, Exponential, Hill, Linear, Ramp, Rate, Sigmoid, Table
from .region import Region
from .result import Run, Snapshots, Spikes, State, Stats, Watched
from .scaling import Scaling, memory_scaling
from .simulate import simulate
from .simulation import Simulation
from .stimulus import Pulse
from .survival import Survival

if TYPE_CHECKING:
    from . import plot

__all__ = [
    "Constant",
    "Coupled",
    "Ensemble",
    "Equilibrium",
    "Estimate",
    "Exponential",
    "ExponentialTest",
    "Hill",
    "Limit",
    "Linear",
    "MemoryTimes",
    "Model",
    "Pulse",
    "Ramp",
    "Rate",
    "Region",
    "Run",
    "Scaling",
    "Sigmoid",
    "Simulation",
    "Snapshots",
    "Spikes",
    "State",
    "Stats",
    "Survival",
    "Table",
    "Watched",
    "__version__",
    "couple",
    "ensemble",
    "equilibria",
    "load",
    "memory_scaling",
    "memory_times",
    "nullclines",
    "plot",
    "simulate",
    "solve_limit",
]


def __getattr__(name: str) -> ModuleType:
    """Import what draws when it is first asked for: it brings matplotlib along."""
    if name == "plot":
        from importlib import import_module

        return import_module(".plot", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
