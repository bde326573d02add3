"""What every result can do: a frozen dataclass of NumPy arrays that goes to a file or to xarray."""

from os import PathLike
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import archive, card, export

Floats: TypeAlias = NDArray[np.float64]
Columns: TypeAlias = dict[str, tuple[tuple[str, ...], Any]]


class Tabular:
    """What a sweep can put into a table."""

    def _columns(self) -> Columns:
        """Return what a sweep keeps: arrays by name, each with the names of its dimensions."""
        raise NotImplementedError


class Result(card.Shown, Tabular):
    """What every result can do.

    `_axes` names the dimensions of each array, an array within a part by a dotted name: that is how the
    result becomes an xarray Dataset.
    """

    _axes: ClassVar[dict[str, tuple[str, ...]]]

    def _arrays(self) -> Columns:
        """Return the arrays that there are, those of parts by the part's name too, with their dimensions."""
        found = {}
        for name, axes in self._axes.items():
            value: Any = self
            for part in name.split("."):
                value = None if value is None else getattr(value, part)
            if value is not None:
                found[name.replace(".", "_")] = (axes, value)
        return found

    def _columns(self) -> Columns:
        return self._arrays()

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything to one npz file, without pickle; `facilis.load` opens it."""
        archive.save(self, path)

    def to_xarray(self) -> Any:
        """Return the arrays as an `xarray.Dataset` (needs ``facilis[io]``)."""
        return export.to_xarray(self)
