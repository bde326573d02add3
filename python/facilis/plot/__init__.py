"""Pictures of runs, of the limit and of memory: one Axes in, the same out; whole figures give a dict of Axes.

This package alone imports matplotlib, and nothing imports it before a picture is asked for.
"""

try:
    import matplotlib as _matplotlib  # noqa: F401
except ImportError as error:
    raise ImportError("facilis.plot needs matplotlib: pip install 'facilis[plot]'") from error

from .. import caller as _caller
from .coupling import coupled
from .diagrams import bifurcation, fluctuations
from .dose import dose_response
from .figures import limit, run, share_time, to_file
from .film import animate
from .folds import fold_curve
from .growth import scaling
from .heat import heat_map
from .histograms import firing_rate, isi_histogram, memory_histogram, rate_histogram
from .memory import memory_times, survival
from .plane import phase_portrait
from .rare import action, mean_lives, quasi_stationary, way_out
from .slow import critical_manifold
from .splitting import exit_probability
from .spread import ensemble
from .timeline import raster, traces

__all__ = [
    "action",
    "animate",
    "bifurcation",
    "coupled",
    "critical_manifold",
    "dose_response",
    "ensemble",
    "exit_probability",
    "firing_rate",
    "fluctuations",
    "fold_curve",
    "heat_map",
    "isi_histogram",
    "limit",
    "mean_lives",
    "memory_histogram",
    "memory_times",
    "phase_portrait",
    "quasi_stationary",
    "raster",
    "rate_histogram",
    "run",
    "scaling",
    "share_time",
    "survival",
    "to_file",
    "traces",
    "way_out",
]

for _name in __all__:
    globals()[_name].__module__ = __name__
_caller.install(globals(), __all__)


def __dir__() -> list[str]:
    """Name what is public, for completion."""
    return __all__
