"""The law of networks that linger in a region, as a sample of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import pictures
from ..limit.equilibria import Equilibrium
from ..memory.estimate import Estimate
from ..model.model import Model
from ..result import Columns, Floats, Result
from ..seed import Entropy
from ..simulation.region import Region


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class QuasiStationary(Result):
    """The law of networks that linger in a region.

    Attributes
    ----------
    rate : Estimate
        At which networks that linger leave the region: exits per network and unit of time.
    mean_life : Estimate
        1/rate.
    doubled : Estimate
        The rate from twice as many networks: the difference shows the error that comes from their number.
    potential, calcium : Estimate
        The means over networks and time of mean potential and mean calcium.
    covariance : ndarray of float64, shape (2, 2)
        n times the covariance of (mean potential, mean calcium).
    state : Equilibrium
        The equilibrium around which they linger.
    relaxation : float
        The time in which the state forgets small disturbances, one over the absolute value of its slow eigenvalue.
    ratio : float
        rate·relaxation. Where it is small, a network forgets where it started long before it leaves, and the mean
        life is that of networks wherever they started in the state.
    state_potential, state_calcium : ndarray of float64, shape (particles,)
        Mean potential and mean calcium of the networks at the end: a sample of the law.
    exits : ndarray of int64
        Exits in each of the windows of time, those counted for nothing included.
    window : float
        The length of a window.
    spikes : int
        Simulated spikes.
    particles, model, n, region, t_end
        As given to `quasi_stationary`; `t_end` is rounded up to whole windows.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, k, b))`` is the seed of branch b in run k, 0 or 1.
    version : str
        Of facilis.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> law = fc.quasi_stationary(model, 20, region=region, particles=100, t_end=600.0, rng=1)
    >>> law.ratio < 0.1  # metastable
    True
    """

    rate: Estimate
    mean_life: Estimate
    doubled: Estimate
    potential: Estimate
    calcium: Estimate
    covariance: Floats
    state: Equilibrium
    relaxation: float
    ratio: float
    state_potential: Floats
    state_calcium: Floats
    exits: NDArray[np.int64]
    window: float
    spikes: int
    particles: int
    model: Model
    n: int
    region: Region
    t_end: float
    entropy: Entropy
    spawn_key: tuple[int, ...]
    version: str

    _axes = {  # noqa: RUF012
        "covariance": ("mean", "other_mean"),
        "exits": ("window",),
        **dict.fromkeys(("state_potential", "state_calcium"), ("particle",)),
    }

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.quasi_stationary`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"quasi_stationary": pictures.plot().quasi_stationary(self, **options)}

    def _columns(self) -> Columns:
        estimates = ("rate", "mean_life", "doubled", "potential", "calcium")
        numbers: Columns = {name: ((), float(getattr(self, name))) for name in (*estimates, "ratio")}
        return {"covariance": self._arrays()["covariance"]} | numbers

    def __repr__(self) -> str:
        return (
            f"QuasiStationary(rate {self.rate.value:.4g}, 95 %: {self.rate.low:.4g} to {self.rate.high:.4g}, "
            f"n={self.n}, ratio {self.ratio:.2g})"
        )
