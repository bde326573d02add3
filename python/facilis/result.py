"""What every result can do: a frozen dataclass of NumPy arrays that goes to a file or to xarray."""

from os import PathLike
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import archive, export

Floats: TypeAlias = NDArray[np.float64]


class Result:
    """What every result can do.

    `_axes` names the dimensions of each array, an array within a part by a dotted name: that is how the
    result becomes an xarray Dataset.
    """

    _axes: ClassVar[dict[str, tuple[str, ...]]]

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything to one npz file, without pickle; `facilis.load` opens it."""
        archive.save(self, path)

    def to_xarray(self) -> Any:
        """Return the arrays as an `xarray.Dataset` (needs ``facilis[io]``)."""
        return export.to_xarray(self)
