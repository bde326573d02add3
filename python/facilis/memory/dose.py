"""The share of networks that remember a pulse, against its length and its strength."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import ArrayLike, NDArray

from .. import card, checks, pictures
from .. import seed as seeds
from ..limit.pulse_threshold import pulse_threshold
from ..model.model import Model
from ..model.stimulus import Pulse
from ..progress import Progress, reporting
from ..replicates import store
from ..result import Floats, Result
from ..seed import Entropy, Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from .binomial import wilson
from .measurement import memory_times

_MOST_SHOWN = 5  # currents in a summary


@dataclass(frozen=True, eq=False, repr=False)
class DoseResponse(Result):
    """The share of networks that remember a pulse.

    Attributes
    ----------
    duration : ndarray of float64, shape (d,)
    current : ndarray of float64, shape (c,)
    remembered, trials : ndarray of int64, shape (d, c)
        How many networks still remembered, of how many.
    share, low, high : ndarray of float64, shape (d, c)
        Their share with Wilson's 95 % interval; nan where an interrupt left no network.
    threshold : ndarray of float64, shape (d,)
        The limit's `pulse_threshold` for each duration; nan where it is not defined.
    after : float
        How long after the pulse a network must remember.
    n, model, region, entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, j))`` is the root of point j, the current running fastest.

    Examples
    --------
    >>> import facilis as fc
    >>> found = fc.dose_response(
    ...     fc.Model.example("memory"), 20, durations=[10.0, 20.0], currents=[1.0],
    ...     region=fc.Region.potential_above(0.7), replicates=20, rng=1,
    ... )
    >>> found.share.shape
    (2, 1)
    """

    duration: Floats
    current: Floats
    remembered: NDArray[np.int64]
    trials: NDArray[np.int64]
    share: Floats
    low: Floats
    high: Floats
    threshold: Floats
    after: float
    n: int
    model: Model
    region: Region
    entropy: Entropy
    spawn_key: tuple[int, ...]

    _axes = dict.fromkeys(("duration", "threshold"), ("duration",)) | {
        "current": ("current",),
        **dict.fromkeys(("remembered", "trials", "share", "low", "high"), ("duration", "current")),
    }

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.dose_response`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"dose_response": pictures.plot().dose_response(self, **options)}

    def _lines(self) -> card.Rows:
        return [
            ("networks", f"of {self.n} neurons, alpha = {self.model.alpha:g}, {self.trials.sum()} in all"),
            ("share", f"of those that remember for {self.after:g} after the pulse, by duration and current"),
            ("seed", f"entropy {self.entropy}, spawn key {self.spawn_key}"),
        ]

    def _grid(self) -> card.Grid:
        few = np.unique(
            np.linspace(0, self.current.size - 1, min(self.current.size, _MOST_SHOWN)).astype(int)
        )
        rows = [
            (f"{duration:g}", *(f"{share:.3g}" for share in shares), f"{threshold:.4g}")
            for duration, shares, threshold in zip(
                self.duration, self.share[:, few], self.threshold, strict=True
            )
        ]
        return ("duration", *(f"{current:.4g}" for current in self.current[few]), "limit's threshold"), rows

    def __repr__(self) -> str:
        return f"DoseResponse(n={self.n}, {len(self.duration)} durations, {len(self.current)} currents)"


def dose_response(
    model: Model,
    n: int,
    *,
    durations: ArrayLike,
    currents: ArrayLike,
    region: Region,
    after: float | None = None,
    replicates: int = 300,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    progress: Progress = False,
    on_interrupt: OnInterrupt = "raise",
) -> DoseResponse:
    """Measure the share of networks that remember a pulse, against its length and its strength.

    Each network is at rest until the pulse begins. It remembers the pulse if it stays in the region from the end of
    the pulse for a time `after`.

    Parameters
    ----------
    model, n, region, workers, executor, directory, progress, on_interrupt
        As in `memory_times`; every point has a folder of its own in `directory`.
    durations, currents : array_like of float, shapes (d,) and (c,)
        Of the pulses, > 0 and >= 0.
    after : float, optional
        By default 5/lam, five times the time in which calcium decays.
    replicates : int
        Number of networks for each pulse.
    rng
        As in `simulate`; every point has its own root.

    Returns
    -------
    DoseResponse

    Raises
    ------
    TypeError, ValueError, RuntimeError
        As `memory_times` does, and if durations or currents are not as said.

    Examples
    --------
    >>> import facilis as fc
    >>> found = fc.dose_response(
    ...     fc.Model.example("memory"), 50, durations=[20.0], currents=[0.5, 2.0],
    ...     region=fc.Region.potential_above(0.7), after=20.0, replicates=50, rng=1,
    ... )
    >>> bool(found.share[0, 0] < found.share[0, 1])
    True
    """
    checks.instance("model", model, Model)
    lengths, strengths = _doses("durations", durations), _doses("currents", currents)
    if not (lengths > 0.0).all():
        raise ValueError(checks.wrong("durations", "numbers > 0", durations))
    wait = 5.0 / model.lam if after is None else checks.finite("after", after)
    if wait <= 0.0:
        raise ValueError(checks.wrong("after", "a finite number > 0", after))
    if not (lengths + wait > lengths).all():
        raise ValueError(checks.wrong("after", "a time that counts beside durations", after))
    entropy, spawn_key = _root(rng, _folder(directory, 0))
    remembered, trials = np.zeros((2, len(lengths), len(strengths)), np.int64)
    with reporting(progress) as report:
        for j, (row, column) in enumerate(np.ndindex(trials.shape)):
            one = memory_times(
                model,
                n,
                float(lengths[row] + wait),
                region=region,
                replicates=replicates,
                stimulus=Pulse(0.0, float(lengths[row]), float(strengths[column])),
                rng=SeedSequence(entropy, spawn_key=(*spawn_key, j)),
                workers=workers,
                executor=executor,
                directory=_folder(directory, j),
                progress=partial(_tell, report, j, trials.size),
                on_interrupt=on_interrupt,
            )
            remembered[row, column], trials[row, column] = np.count_nonzero(~one.exited), len(one.time)
            if len(one.time) < replicates:
                break  # interrupted
    counted = np.where(trials > 0, trials, 1)
    known = np.where(trials > 0, 1.0, np.nan)
    low, high = wilson(remembered, counted)
    return DoseResponse(
        duration=lengths,
        current=strengths,
        remembered=remembered,
        trials=trials,
        share=known * remembered / counted,
        low=known * low,
        high=known * high,
        threshold=np.array([_threshold(model, float(length)) for length in lengths]),
        after=wait,
        n=n,
        model=model,
        region=region,
        entropy=entropy,
        spawn_key=spawn_key,
    )


def _folder(directory: str | PathLike[str] | None, j: int) -> Path | None:
    return None if directory is None else store.directory_path(directory) / f"pulse-{j:06}"


def _root(rng: Seed, first: Path | None) -> tuple[Entropy, tuple[int, ...]]:
    """Return the seed of all points: without `rng`, that of what the first folder holds."""
    found = store.root(rng, first)
    if rng is None and isinstance(found, SeedSequence):
        return cast(Entropy, found.entropy), tuple(found.spawn_key)[:-1]
    seed = seeds.root(rng)
    return cast(Entropy, seed.entropy), tuple(seed.spawn_key)


def _tell(report: Callable[[float], object], j: int, total: int, fraction: float) -> None:
    report((j + fraction) / total)


def _doses(name: str, values: ArrayLike) -> Floats:
    found = checks.nonnegatives(name, values)
    if found.ndim != 1 or not found.size:
        raise ValueError(checks.wrong_shape(name, "a sequence of numbers, not empty", values, found.shape))
    return found


def _threshold(model: Model, duration: float) -> float:
    return pulse_threshold(model, duration) if model.rate.is_nondecreasing else np.nan
