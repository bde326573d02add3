"""Memory time against the number of neurons, and the mechanism that it tells of.

A memory ends in one of two ways. Below the fold where the memory state is born, networks pass its *ghost*: T
tends to the limit's finite time. Above, they *escape* by fluctuations: log T grows linearly in N. At the fold
itself T grows like N^{1/3}.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from ..caller import caution
from ..model.model import Model
from ..model.stimulus import Stimulus
from ..progress import Progress, reporting
from ..replicates import store
from ..result import Floats, Result
from ..seed import Entropy, Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from . import exponential
from .advice import advice
from .estimate import Estimate
from .measurement import memory_times
from .mechanism import explanation
from .times import MemoryTimes
from .verdict import LEAST_SIZES, Verdict, trend


@dataclass(frozen=True, eq=False, repr=False)
class Scaling(Result):
    """Memory time against the number of neurons at a fixed model.

    Attributes
    ----------
    n : ndarray of int64, shape (m,)
        Numbers of neurons, increasing.
    mean, low, high : ndarray of float64, shape (m,)
        `MemoryTimes.mean` of each, with its 95 % interval.
    exponent : Estimate
        Slope of log T against N, what each neuron adds to log T: a straight line through all sizes.
    growth, local_growth : Estimate
        Slope of log T against log N: of a straight line, and at the largest size that of a parabola.
    bend : Estimate
        Second coefficient of that parabola.
    root_bend : Estimate
        Second coefficient of the parabola of T against N^{1/3}.
    verdict : {"ghost", "escape", "undecided"}
        By the rule that `memory_scaling` states.
    times : tuple of MemoryTimes
        What all this comes from.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, n))`` is the root of the memory times of size n.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "replicates": 100, "rng": 1}
    >>> scaling = fc.memory_scaling(model, [10, 20, 40], 1e4, region=region, **start)
    >>> scaling.n, bool((scaling.low < scaling.high).all())
    (array([10, 20, 40]), True)
    """

    n: NDArray[np.int64]
    mean: Floats
    low: Floats
    high: Floats
    exponent: Estimate
    growth: Estimate
    local_growth: Estimate
    bend: Estimate
    root_bend: Estimate
    verdict: Verdict
    times: tuple[MemoryTimes, ...]
    entropy: Entropy
    spawn_key: tuple[int, ...]

    _axes = dict.fromkeys(("n", "mean", "low", "high"), ("n",))

    def explain(self) -> str:
        """Tell in words what the limit equation says to the verdict, or what would decide where it is open.

        For a ghost it names the distance δ in kappa from the fold at which the lasting state is born, and the gain
        of the slow passage where there is one: 1 means that memory lasts as long as calcium takes to decay, a large
        one that it lingers where the state is about to be born. The data alone can't tell these apart. For
        "undecided" it is the `advice`.

        Examples
        --------
        >>> import facilis as fc
        >>> scaling = fc.memory_scaling(
        ...     fc.Model.example("ghost"), [20, 40, 80, 160], 1e4, region=fc.Region.potential_above(0.7),
        ...     replicates=200, potential=2.0, calcium=9.0, rng=1,
        ... )
        >>> "gain" in scaling.explain() or scaling.verdict != "ghost"
        True
        """
        told = self.advice()
        return explanation(self.times[0].model, self.verdict) if told is None else told

    def advice(self) -> str | None:
        """Tell in words what would decide: sizes, replicates and t_max; None where the verdict is not open.

        It is computed from the fit: memory times are taken to go on along its parabola, never to fall, and to
        scatter as they do; of the larger sizes, at most eight times the largest, and the greater numbers of
        networks that would then decide in nine of ten cases, it names those that take the fewest spikes.

        Examples
        --------
        >>> scaling = fc.memory_scaling(
        ...     fc.Model.example("memory"), [20, 40, 80], 1e4, region=fc.Region.potential_above(0.7),
        ...     replicates=30, potential=2.0, calcium=9.0, rng=1,
        ... )
        >>> scaling.advice() is None or "would decide" in scaling.advice()
        True
        """
        return advice(self.times) if self.verdict == "undecided" else None

    def doubts(self) -> dict[int, str]:
        """Return why the means of some sizes are not to be relied on, by size: `MemoryTimes.doubt` of each.

        Examples
        --------
        >>> scaling = fc.memory_scaling(
        ...     fc.Model.example("memory"), [5, 10, 20], 1e4, region=fc.Region.potential_above(0.7),
        ...     replicates=30, potential=2.0, calcium=9.0, rng=1,
        ... )
        >>> scaling.doubts()
        {}
        """
        told = {one.n: one.doubt() for one in self.times}
        return {n: reason for n, reason in told.items() if reason is not None}

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.scaling`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"scaling": pictures.plot().scaling(self, **options)}

    def _lines(self) -> card.Rows:
        return [("verdict", self.verdict), *((f"n = {n}", why) for n, why in self.doubts().items())]

    def _grid(self) -> card.Grid:
        rows = [
            (one.n, f"{Estimate(*mean):.5g}", f"{one.exited.sum()} of {one.time.size}")
            for one, *mean in zip(self.times, self.mean, self.low, self.high, strict=True)
        ]
        return ("n", "mean memory time", "exits"), rows

    def __repr__(self) -> str:
        pairs = ", ".join(f"{n}: {mean:.4g}" for n, mean in zip(self.n, self.mean, strict=True))
        return f"Scaling({self.verdict}, {pairs})"


def memory_scaling(
    model: Model,
    sizes: Sequence[int],
    t_max: float,
    *,
    region: Region,
    replicates: int = 1000,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    stimulus: Stimulus = (),
    exit_after: float | None = None,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    progress: Progress = False,
    on_interrupt: OnInterrupt = "raise",
) -> Scaling:
    """Measure memory times for several numbers of neurons, and tell by which mechanism memory ends.

    The verdict comes from the data alone. To log T against log N, T the mean memory time, a straight line and
    a parabola are fitted, to T against N^{1/3} another parabola; weights are those of the data. "Is" means
    that the whole 95 % interval is, widened where the fit is bad.

    * "escape": the parabola's slope at the largest N is above 1/3, and it bends up; or the slope is above 1.
    * "ghost": that slope is below 1/3, and T bends down against N^{1/3}; or nearly nothing changes: the
      straight line's slope is between −1/6 and 1/6, and the parabola can't be said to bend up.
    * "undecided": anything else. At the fold T ~ N^{1/3}, so that the slope tends to 1/3 and T does not bend
      against N^{1/3}; and sizes too small or too close, or too few exits, tell nothing.

    Parameters
    ----------
    model, t_max, region, replicates, potential, calcium, stimulus, exit_after
        As in `memory_times`; a `potential` or `calcium` must be the same for all neurons.
    sizes : sequence of int
        At least three different numbers of neurons; sizes with fewer than two exits decide nothing.
    rng
        As in `simulate`; every size has its own root.
    workers, executor, directory, progress, on_interrupt
        As in `memory_times`. An interrupt returns the sizes that were finished, and those in part.

    Returns
    -------
    Scaling

    Raises
    ------
    TypeError, ValueError, RuntimeError
        As `memory_times` does, and if there are fewer than three sizes.

    Warns
    -----
    RuntimeWarning
        Where a mean rests on the exponential law, because memory times are censored, and `Scaling.doubts` gives a
        reason not to rely on it. Without censoring it is the arithmetic mean, whatever the law.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "replicates": 200, "rng": 1}
    >>> fc.memory_scaling(model, [25, 50, 100, 200], 1e4, region=region, **start).verdict
    'escape'
    """
    numbers = _sizes(sizes)
    entropy, spawn_key = _root(rng, directory, numbers)
    times: list[MemoryTimes] = []
    with reporting(progress) as report:
        for k, n in enumerate(numbers):
            one = memory_times(
                model,
                n,
                t_max,
                region=region,
                replicates=replicates,
                potential=potential,
                calcium=calcium,
                stimulus=stimulus,
                exit_after=exit_after,
                rng=SeedSequence(entropy, spawn_key=(*spawn_key, n)),
                workers=workers,
                executor=executor,
                directory=_folder(directory, n),
                progress=partial(_tell, report, k, len(numbers)),
                on_interrupt=on_interrupt,
            )
            if len(one.time):
                times.append(one)
            if len(one.time) < replicates:
                break  # interrupted
    means = [exponential.mean(one.known_time(), one.exited) for one in times]
    scaling = Scaling(
        n=np.array([one.n for one in times]),
        mean=np.array([mean.value for mean in means]),
        low=np.array([mean.low for mean in means]),
        high=np.array([mean.high for mean in means]),
        **trend(times),
        times=tuple(times),
        entropy=entropy,
        spawn_key=spawn_key,
    )
    censored = {one.n for one in times if not one.exited.all()}
    if reasons := "; ".join(f"n = {n}: {why}" for n, why in scaling.doubts().items() if n in censored):
        caution(f"mean memory times are not to be relied on for {reasons}")
    return scaling


def _tell(report: Callable[[float], object], k: int, total: int, fraction: float) -> None:
    report((k + fraction) / total)


def _sizes(sizes: Sequence[int]) -> list[int]:
    allowed = f"at least {LEAST_SIZES} different numbers of neurons"
    if not isinstance(sizes, list | tuple | range | np.ndarray) or getattr(sizes, "ndim", 1) != 1:
        raise TypeError(checks.wrong("sizes", allowed, sizes))
    numbers = sorted({checks.count("sizes", n, most=checks.MOST_NEURONS) for n in sizes})
    if len(numbers) < LEAST_SIZES:
        raise ValueError(checks.wrong("sizes", allowed, sizes))
    return numbers


def _folder(directory: str | PathLike[str] | None, n: int) -> Path | None:
    return None if directory is None else store.directory_path(directory) / f"n={n}"


def _root(
    rng: Seed, directory: str | PathLike[str] | None, numbers: list[int]
) -> tuple[Entropy, tuple[int, ...]]:
    """Return the seed of all sizes: without `rng`, that of what the directory holds."""
    for n in numbers:
        found = store.root(rng, _folder(directory, n))
        if rng is None and isinstance(found, SeedSequence):
            return cast(Entropy, found.entropy), tuple(found.spawn_key)[:-1]
    seed = seeds.root(rng)
    return cast(Entropy, seed.entropy), tuple(seed.spawn_key)
