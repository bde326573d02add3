"""Exact simulation of large networks of spiking neurons with short-term synaptic facilitation."""

from ._core import __version__
from .model import Model
from .rate import Constant, Exponential, Hill, Linear, Ramp, Sigmoid, Table
from .stimulus import Pulse

__all__ = [
    "Constant",
    "Exponential",
    "Hill",
    "Linear",
    "Model",
    "Pulse",
    "Ramp",
    "Sigmoid",
    "Table",
    "__version__",
]
