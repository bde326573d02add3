"""The one door to `facilis.plot`, opened when a picture is first asked for: it brings matplotlib along."""

from importlib import import_module
from typing import Any


def plot() -> Any:
    """Return the package `facilis.plot`; ImportError without matplotlib."""
    return import_module(".plot", __package__)
