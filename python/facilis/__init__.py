"""Exact simulation of large networks of spiking neurons with short-term synaptic facilitation."""

from ._core import __version__
from .archive import load
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

__all__ = [
    "Constant",
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
