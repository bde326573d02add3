"""Exact simulation of large networks of spiking neurons with short-term synaptic facilitation."""

from types import ModuleType
from typing import TYPE_CHECKING

from ._core import __version__
from .archive import load
from .calcium import CalciumLaw, calcium_law
from .certificate import Certificate, Certificates, certificates
from .coupling import Coupled, couple
from .diagram import Branch, Diagram, Fold, bifurcation, folds
from .ensemble import Ensemble, ensemble
from .equilibrium import Equilibrium, equilibria, nullclines
from .estimate import Estimate
from .exponential import ExponentialTest
from .limit import Limit, solve_limit
from .manifold import Curve, separatrix
from .memory import MemoryTimes, memory_times
from .model import Model
from .noise import LinearNoise, linear_noise
from .passage import Ghost, ghost
from .rate import Constant, Exponential, Hill, Linear, Ramp, Rate, Sigmoid, Table
from .region import Region
from .result import Run, Snapshots, Spikes, State, Stats, Watched
from .scaling import Scaling, memory_scaling
from .simulate import simulate
from .simulation import Simulation
from .stimulus import Pulse
from .survival import Survival
from .sweep import sweep
from .threshold import basin, pulse_threshold

if TYPE_CHECKING:
    from . import plot

__all__ = [
    "Branch",
    "CalciumLaw",
    "Certificate",
    "Certificates",
    "Constant",
    "Coupled",
    "Curve",
    "Diagram",
    "Ensemble",
    "Equilibrium",
    "Estimate",
    "Exponential",
    "ExponentialTest",
    "Fold",
    "Ghost",
    "Hill",
    "Limit",
    "Linear",
    "LinearNoise",
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
    "basin",
    "bifurcation",
    "calcium_law",
    "certificates",
    "couple",
    "ensemble",
    "equilibria",
    "folds",
    "ghost",
    "linear_noise",
    "load",
    "memory_scaling",
    "memory_times",
    "nullclines",
    "plot",
    "pulse_threshold",
    "separatrix",
    "simulate",
    "solve_limit",
    "sweep",
]


def __getattr__(name: str) -> ModuleType:
    """Import what draws when it is first asked for: it brings matplotlib along."""
    if name == "plot":
        from importlib import import_module

        return import_module(".plot", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
