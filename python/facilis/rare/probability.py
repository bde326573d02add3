"""The probability of forgetting by a time, also where it is too small to be seen in plain simulations."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from math import inf
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import checks, pictures
from ..memory.estimate import Estimate
from ..model.model import Model
from ..model.stimulus import Pulse, Stimulus
from ..progress import Progress
from ..replicates import store
from ..replicates.engine import Engine
from ..replicates.experiment import design
from ..result import Columns, Floats, Result
from ..seed import Entropy, Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from . import reactive
from .reactive import ReactivePath
from .score import Weights, border_score, given_score, saddle_score
from .splitting import Splitting, estimates, interval, skewness, splitting


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ExitProbability(Result):
    """The probability that a network leaves a region by a time.

    Attributes
    ----------
    value : float
        The mean over runs, an unbiased estimate.
    low, high : float
        Ends of its 95 % interval, from the spread of the runs alone, by Student's law; 0 and inf where the runs
        don't tell.
    runs : ndarray of float64, shape (r,)
        The estimates of the runs, which are independent. A run can be 0: then all its networks tied and died.
    levels : ndarray of int64, shape (r,)
        How often networks were replaced.
    ties : ndarray of int64, shape (r,)
        How many of them were replaced together with another.
    spikes : ndarray of int64, shape (r,)
        Simulated spikes.
    index : ndarray of uint32, shape (r,)
        Numbers of the runs; 0, 1, 2, … unless an interrupt left some out.
    check : Estimate or None
        The probability by another score, if that was asked for.
    score : (float, float)
        The weights of mean potential and mean calcium: the less they sum up to, the nearer a network is to the
        exit.
    replicas : int
        Networks in a run.
    model, n, t_max, region, start_potential, start_calcium, stimulus, exit_after
        As given to `exit_probability`.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, k, b))`` is the seed of branch b in run k.
    version : str
        Of facilis.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.92, "calcium": 9.86, "replicas": 100, "runs": 4, "rng": 1}
    >>> found = fc.exit_probability(model, 20, 50.0, region=region, **start)
    >>> found.runs.size, found.low < found.value < found.high
    (4, True)
    """

    value: float
    low: float
    high: float
    runs: Floats
    levels: NDArray[np.int64]
    ties: NDArray[np.int64]
    spikes: NDArray[np.int64]
    index: NDArray[np.uint32]
    check: Estimate | None
    score: Weights
    replicas: int
    model: Model
    n: int
    t_max: float
    region: Region
    start_potential: float | Floats
    start_calcium: float | Floats
    stimulus: tuple[Pulse, ...]
    exit_after: float
    entropy: Entropy
    spawn_key: tuple[int, ...]
    version: str

    _axes = dict.fromkeys(("runs", "levels", "ties", "spikes", "index"), ("run",))

    @property
    def skewness(self) -> float:
        """Of the runs. Above 1 or so the interval is too optimistic: take more replicas."""
        return skewness(self.runs)

    def paths(
        self,
        k: int = 1,
        *,
        grid: ArrayLike | None = 1000,
        spikes: bool | ArrayLike = True,
        watch: ArrayLike | None = None,
        snapshots: ArrayLike | None = None,
    ) -> tuple[ReactivePath, ...]:
        """Run `k` paths on which networks left the region again, to the last bit.

        They are `k` of one run, evenly spread over its replicas; paths of a run may have their beginnings in
        common. The run is done again, which takes as long as it took, to learn which paths these are.

        Parameters
        ----------
        k : int
            From 1 to `replicas`.
        grid, spikes, watch, snapshots
            What to keep, as in `simulate`, with `t_max` as the end; the paths end at their exits.

        Returns
        -------
        tuple of ReactivePath

        Raises
        ------
        ValueError
            If no run has such paths, or an argument has the wrong type or value.
        """
        return reactive.paths(
            self._task(),
            self.index[self.runs > 0.0],
            k,
            grid=grid,
            spikes=spikes,
            watch=watch,
            snapshots=snapshots,
        )

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.exit_probability`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"exit_probability": pictures.plot().exit_probability(self, **options)}

    def _task(self) -> Splitting:
        experiment = design(
            self.model,
            self.n,
            self.t_max,
            potential=self.start_potential,
            calcium=self.start_calcium,
            stimulus=self.stimulus,
            grid=None,
            exit_from=self.region,
            exit_after=self.exit_after,
            rng=np.random.SeedSequence(self.entropy, spawn_key=self.spawn_key),
        )
        return splitting(experiment, self.score, self.replicas, None)

    def _columns(self) -> Columns:
        numbers: Columns = {name: ((), getattr(self, name)) for name in ("value", "low", "high")}
        return self._arrays() | numbers

    def __repr__(self) -> str:
        return (
            f"ExitProbability({self.value:.4g}, 95 %: {self.low:.4g} to {self.high:.4g}, n={self.n}, "
            f"by t={self.t_max:g}, {self.runs.size} runs)"
        )


def exit_probability(
    model: Model,
    n: int,
    t_max: float,
    *,
    region: Region,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    stimulus: Stimulus = (),
    replicas: int = 2000,
    runs: int = 10,
    score: Weights | None = None,
    check: bool = False,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    progress: Progress = False,
    on_interrupt: OnInterrupt = "raise",
) -> ExitProbability:
    """Estimate the probability that a network leaves a region by a time, by adaptive multilevel splitting.

    In each run, `replicas` networks start alike. Each one's record is the highest score that it reached; the score
    says how near a network is to the exit, by its mean potential and calcium. Again and again the networks with
    the lowest record are replaced by branches of others, which go their own way from the moment at which these
    passed that record. The probability is the product of the shares that were kept. The estimate is unbiased
    whatever the score, also for few replicas; a good score makes it precise: its relative variance is then about
    −ln(probability)/(replicas·runs).

    Parameters
    ----------
    model, n, potential, calcium, stimulus
        As in `simulate`.
    t_max : float
        Absolute time by which the network has to leave; finite. The exit is watched from the end of the last pulse
        on, or from 0.
    region : Region
        What is to be left.
    replicas : int
        Networks in a run; with fewer than 1000 or so the estimates of the runs are skewed.
    runs : int
        Independent runs, from whose spread the error comes; 2 or more.
    score : (float, float), optional
        Weights >= 0 of mean potential and mean calcium; the less they sum up to, the nearer a network is to the
        exit. By default the left unstable eigenvector at the saddle below the highest stable equilibrium.
    check : bool
        Estimate it by a second score as well, which takes as long again.
    rng
        As in `simulate`; branch b in run k has the seed ``SeedSequence(entropy, spawn_key=(*spawn_key, k, b))``.
    workers, executor, directory, progress, on_interrupt
        As in `memory_times`, with runs in place of replicates.

    Returns
    -------
    ExitProbability

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value.
    RuntimeError
        If a network has infinitely many spikes before a finite time.

    References
    ----------
    F. Cérou, A. Guyader, Adaptive multilevel splitting for rare event analysis, Stoch. Anal. Appl. 25 (2007)
    417–443; C.-E. Bréhier, M. Gazeau, L. Goudenège, T. Lelièvre, M. Rousset, Unbiasedness of some generalized
    adaptive multilevel splitting algorithms, Ann. Appl. Probab. 26 (2016) 3559–3601.

    Examples
    --------
    >>> import facilis as fc
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.919, "calcium": 9.864}
    >>> found = fc.exit_probability(
    ...     fc.Model.example("bistable"), 20, 50.0, region=region, replicas=100, rng=1, **start
    ... )
    >>> bool(found.low < 0.0487 < found.high)
    True
    """
    engine = Engine(
        workers=workers, executor=executor, directory=directory, progress=progress, on_interrupt=on_interrupt
    )
    checks.instance("region", region, Region)
    with checks.naming(until="t_max", exit_from="region"):
        experiment = design(
            model,
            n,
            t_max,
            potential=potential,
            calcium=calcium,
            stimulus=stimulus,
            grid=None,
            exit_from=region,
            exit_after=None,
            rng=store.root(rng, directory),
        )
    if not experiment.exit_after < experiment.until < inf:
        allowed = f"a finite time > {experiment.exit_after!r}"
        raise ValueError(checks.wrong("t_max", allowed, t_max))
    weights = saddle_score(model) if score is None else given_score(score)
    task = splitting(experiment, weights, replicas, None)
    chunk, second = estimates(
        engine, task, runs, border_score(model) if checks.truth("check", check) else None
    )
    found = interval(chunk["probability"], "probability")
    other = None if second is None else interval(second["probability"], "probability by a second score")
    return ExitProbability(
        value=found.value,
        low=found.low,
        high=found.high,
        runs=chunk["probability"],
        check=other,
        t_max=experiment.until,
        region=region,
        **task.outcome(chunk),
    )
