"""Exact simulation of large networks of spiking neurons with short-term synaptic facilitation."""

from inspect import get_annotations, isclass
from typing import TYPE_CHECKING, Any

from . import archive, caller, pictures
from ._core import __version__
from .archive import load
from .explorer.explore import explore
from .limit.basin import basin
from .limit.bifurcation import bifurcation
from .limit.calcium_law import CalciumLaw, calcium_law
from .limit.certificates import Certificate, Certificates, certificates
from .limit.diagram import Branch, Diagram
from .limit.equilibria import Equilibria, Equilibrium, equilibria, nullclines
from .limit.fold import Fold, folds
from .limit.fold_lines import Cusp, FoldCurve, fold_curve
from .limit.ghost import Ghost, ghost
from .limit.linear_noise import LinearNoise, linear_noise
from .limit.pulse_threshold import pulse_threshold
from .limit.separatrix import Curve, separatrix
from .limit.slide import SlowPassage, slow_passage
from .limit.slow_curve import CriticalManifold, ManifoldFold, critical_manifold
from .limit.solution import Limit, solve_limit
from .memory.dose import DoseResponse, dose_response
from .memory.estimate import Estimate
from .memory.exponential import ExponentialTest
from .memory.measurement import memory_times
from .memory.mixture import Mixture
from .memory.scaling import Scaling, memory_scaling
from .memory.survival import Survival
from .memory.times import MemoryTimes
from .model.model import Model
from .model.rate import Constant, Exponential, Hill, Linear, Ramp, Rate, Sigmoid
from .model.stimulus import Pulse
from .model.table import Table
from .rare.action import EscapeAction, EscapePath, escape_action
from .rare.lingering import quasi_stationary
from .rare.lingering_law import QuasiStationary
from .rare.mean import MeanMemory, mean_memory
from .rare.probability import ExitProbability, exit_probability
from .rare.reactive import ReactivePath
from .replicates.ensemble import Ensemble, ensemble
from .simulation.coupled import Coupled, couple
from .simulation.region import Region
from .simulation.run import Run, Snapshots, State, Stats, Watched
from .simulation.simulate import simulate
from .simulation.simulation import Simulation
from .simulation.spikes import Spikes
from .sweeps.sweep import sweep

if TYPE_CHECKING:
    from . import plot

__all__ = [
    "Branch",
    "CalciumLaw",
    "Certificate",
    "Certificates",
    "Constant",
    "Coupled",
    "CriticalManifold",
    "Curve",
    "Cusp",
    "Diagram",
    "DoseResponse",
    "Ensemble",
    "Equilibria",
    "Equilibrium",
    "EscapeAction",
    "EscapePath",
    "Estimate",
    "ExitProbability",
    "Exponential",
    "ExponentialTest",
    "Fold",
    "FoldCurve",
    "Ghost",
    "Hill",
    "Limit",
    "Linear",
    "LinearNoise",
    "ManifoldFold",
    "MeanMemory",
    "MemoryTimes",
    "Mixture",
    "Model",
    "Pulse",
    "QuasiStationary",
    "Ramp",
    "Rate",
    "ReactivePath",
    "Region",
    "Run",
    "Scaling",
    "Sigmoid",
    "Simulation",
    "SlowPassage",
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
    "critical_manifold",
    "dose_response",
    "ensemble",
    "equilibria",
    "escape_action",
    "exit_probability",
    "explore",
    "fold_curve",
    "folds",
    "ghost",
    "linear_noise",
    "load",
    "mean_memory",
    "memory_scaling",
    "memory_times",
    "nullclines",
    "plot",
    "pulse_threshold",
    "quasi_stationary",
    "separatrix",
    "simulate",
    "slow_passage",
    "solve_limit",
    "sweep",
]


# Users, pickles and files know what is public by this package alone, wherever its code stands.
for _name in __all__:
    if callable(_public := globals().get(_name)):
        if isclass(_public):
            # Names are looked up in the module that a class says it is from, so this is the time to do it.
            _public.__annotations__ = get_annotations(_public, eval_str=True)
        _public.__module__ = __name__
        archive.admit(_public)
caller.install(globals(), __all__)


def __dir__() -> list[str]:
    """Name what is public, for completion; modules can be imported all the same."""
    return __all__


def __getattr__(name: str) -> Any:
    """Import what draws when it is first asked for: it brings matplotlib along."""
    if name == "plot":
        return pictures.plot()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
