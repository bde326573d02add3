"""Propagation of chaos: a network and its limit copies on the same Poisson points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from .. import _core, card, checks, pictures
from .. import seed as seeds
from ..model.model import Model
from ..model.stimulus import Current, Pulse, Stimulus
from ..progress import Progress, reporting
from ..result import Floats, Result
from ..seed import Entropy, Seed
from ..times import grid_times

# Seconds between two looks at Ctrl-C and progress.
_PATIENCE = 0.03


@dataclass(frozen=True, eq=False, repr=False)
class Coupled(Result):
    r"""A network and its limit copies, seen through their means.

    Attributes
    ----------
    t : ndarray of float64, shape (m,)
        The times of the grid.
    potential, calcium : ndarray of float64, shape (m,)
        Means over the network.
    limit_potential, limit_calcium : ndarray of float64, shape (m,)
        Means over the copies.
    calcium_error : ndarray of float64, shape (m,)
        Mean over the neurons of \\|R_i − R̄_i\\|, what is left of the interaction: it falls like n^(−1/2).
    model : Model
    n : int
    stimulus : tuple of Pulse
    entropy, spawn_key
        Of the seed sequence.
    version : str

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> cpl = fc.couple(model, 1000, 20.0, potential=2.0, calcium=9.0, grid=5, rng=1)
    >>> bool(abs(cpl.potential - cpl.limit_potential).max() < 1.0)
    True
    """

    t: Floats
    potential: Floats
    calcium: Floats
    limit_potential: Floats
    limit_calcium: Floats
    calcium_error: Floats
    model: Model
    n: int
    stimulus: tuple[Pulse, ...]
    entropy: Entropy
    spawn_key: tuple[int, ...]
    version: str

    _axes = dict.fromkeys(
        ("t", "potential", "calcium", "limit_potential", "limit_calcium", "calcium_error"), ("t",)
    )

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.coupled`, with its options; return Axes by name (``facilis[plot]``)."""
        return pictures.plot().coupled(self, **options)

    def _lines(self) -> card.Rows:
        yield "network", f"{self.n} neurons, alpha = {self.model.alpha:g}, kappa = {self.model.kappa:g}"
        if self.t.size:
            apart = np.abs(self.potential - self.limit_potential).max()
            yield "time", f"{self.t[0]:g} to {self.t[-1]:g}, {self.t.size} points kept"
            yield "potential", f"means of network and copies differ by at most {apart:.4g}"
            yield (
                "calcium",
                f"a neuron and its copy differ by {self.calcium_error[-1]:.4g} at the end, on average",
            )
        yield "seed", f"entropy {self.entropy}, spawn key {self.spawn_key}, facilis {self.version}"

    def _picture(self) -> str:
        curves = [card.Curve(self.t, self.potential), card.Curve(self.t, self.limit_potential, "dashed")]
        bands = [(pulse.start, pulse.stop) for pulse in self.stimulus]
        return card.picture(curves, "mean potential against time, of the limit copies dashed", bands)

    def __repr__(self) -> str:
        until = self.t[-1] if self.t.size else 0.0
        return f"Coupled(n={self.n}, t=0..{until:g})"


def couple(
    model: Model,
    n: int,
    t_end: float,
    *,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    stimulus: Stimulus = (),
    grid: ArrayLike = 1000,
    rng: Seed = None,
    progress: Progress = False,
) -> Coupled:
    """Simulate a network and, on the same Poisson points, as many independent neurons of the limit.

    A candidate carries a threshold: neuron i spikes if it is below φ(U_i), its copy if it is below φ(Ū_i),
    where Ū_i solves the limit equation. Network and copies start alike. The network has the law of
    `simulate`, the copies that of independent neurons with the limit's rate.

    Parameters
    ----------
    model, n, potential, calcium, stimulus, rng, progress
        As in `simulate`. Starts that differ between neurons cost an equation for each different one.
    t_end : float
        Finite, >= 0.
    grid : int or array_like
        As in `simulate`.

    Returns
    -------
    Coupled

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value.
    RuntimeError
        If the limit blows up or the network explodes before `t_end`; the message has the time.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> cpl = fc.couple(model, 1000, 20.0, potential=2.0, calcium=9.0, grid=5, rng=1)
    >>> cpl.calcium_error.shape
    (5,)
    """
    checks.instance("model", model, Model)
    n = checks.count("n", n, most=checks.MOST_NEURONS)
    end = checks.finite("t_end", t_end, "a finite time >= 0")
    if grid is None:
        raise TypeError(checks.wrong("grid", "a number of times, or an array of them", grid))
    times = grid_times(grid, 0.0, end)
    start = checks.per_neuron("potential", potential, n), checks.per_neuron("calcium", calcium, n)
    current, seed = Current.of(stimulus), seeds.root(rng)
    coupling = _core.Coupling(model._handle, n, *start, current.handle, seeds.words(seed), end, times)
    _go(coupling, end, progress)
    return Coupled(
        t=times,
        **coupling.arrays(),
        model=model,
        n=n,
        stimulus=current.pulses,
        entropy=cast(Entropy, seed.entropy),
        spawn_key=tuple(seed.spawn_key),
        version=_core.__version__,
    )


def _go(coupling: _core.Coupling, end: float, progress: Progress) -> None:
    with reporting(progress) as report:
        while (stop := coupling.advance_for(_PATIENCE)) is None:
            report(coupling.t / end)
        report(1.0)
    if stop == "explosion":
        raise RuntimeError(f"the network explodes at t = {coupling.t!r}")
