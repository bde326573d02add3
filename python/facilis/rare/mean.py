"""The mean life of a memory that hardly ever ends: the flux out of its core, and the chance to leave from there."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from math import inf
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks, pictures
from ..limit.linear_noise import linear_noise
from ..memory.estimate import Estimate
from ..model.model import Model
from ..progress import Progress
from ..replicates import store
from ..replicates.engine import Engine
from ..replicates.experiment import Chunk, design
from ..result import Columns, Floats, Result
from ..seed import Entropy, Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from .score import Score, Weights, at, border_score, given_score, saddle_score, spread, state_and_saddle
from .splitting import estimates, interval, inverse, refuse_rest, skewness, splitting

# Of the way from the equilibrium's score to the saddle's, if that is not more than a standard deviation: in large
# networks cycles to a gate further away would be rare themselves.
_GATE = 0.15
_SETTLE = 10.0  # relaxations before the first cycle
# Of relaxations: a state that ends sooner is no state in which networks linger. For 8 neurons at alpha = 0.3, at
# 2.5 relaxations, the mean from the equilibrium was 4 % below this one; for 10 neurons, at 4.3, it was 1 % below.
_LEAST_LIFE = 3.0


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MeanMemory(Result):
    """The mean time that networks which linger in a state take to leave a region.

    Attributes
    ----------
    value : float
        1/(flux·probability).
    low, high : float
        Ends of its 95 % interval, from the spread of the runs alone, by Student's law; `high` is inf where the runs
        set no upper limit.
    flux : Estimate
        How often, per unit of time, networks set out: pass the gate after a visit to the core.
    probability : Estimate
        That a network which has set out leaves the region before it is back in the core.
    rates : ndarray of float64, shape (r,)
        flux·probability of each run; the runs are independent.
    levels, ties, spikes : ndarray of int64, shape (r,)
        As in `ExitProbability`.
    index : ndarray of uint32, shape (r,)
        Numbers of the runs.
    check : Estimate or None
        The mean by another score, if that was asked for.
    relaxation : float
        The time in which the state forgets small disturbances, one over the absolute value of its slow eigenvalue.
    score : (float, float)
        The weights of mean potential and mean calcium.
    cycle : (float, float)
        The weighted sums at which the core begins and at which the gate is; above the first is the core, below the
        second is outside.
    replicas : int
        Networks in a run.
    model, n, region
        As given to `mean_memory`.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, k, b))`` is the seed of branch b in run k.
    version : str
        Of facilis.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> mean = fc.mean_memory(model, 20, region=region, replicas=100, runs=4, rng=1)
    >>> mean.rates.size, mean.low < mean.value < mean.high
    (4, True)
    """

    value: float
    low: float
    high: float
    flux: Estimate
    probability: Estimate
    rates: Floats
    levels: NDArray[np.int64]
    ties: NDArray[np.int64]
    spikes: NDArray[np.int64]
    index: NDArray[np.uint32]
    check: Estimate | None
    relaxation: float
    score: Weights
    cycle: Weights
    replicas: int
    model: Model
    n: int
    region: Region
    entropy: Entropy
    spawn_key: tuple[int, ...]
    version: str

    _axes = dict.fromkeys(("rates", "levels", "ties", "spikes", "index"), ("run",))

    @property
    def skewness(self) -> float:
        """Of the rates of the runs. Above 1 or so the interval is too optimistic: take more replicas."""
        return skewness(self.rates)

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.mean_lives`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"mean_lives": pictures.plot().mean_lives(self, **options)}

    def _columns(self) -> Columns:
        numbers: Columns = {name: ((), getattr(self, name)) for name in ("value", "low", "high")}
        return self._arrays() | numbers

    def __repr__(self) -> str:
        return (
            f"MeanMemory({self.value:.4g}, 95 %: {self.low:.4g} to {self.high:.4g}, n={self.n}, "
            f"{self.rates.size} runs)"
        )


def mean_memory(
    model: Model,
    n: int,
    *,
    region: Region,
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
) -> MeanMemory:
    """Estimate the mean life of a memory, however long it is, by its flux and by splitting.

    The state is the highest stable equilibrium, with a saddle below. A network that lingers there runs in cycles:
    from the core of the state, where the score is that of the equilibrium or less, to the gate, and back to the
    core or out of the region. The gate is 15 % of the way to the saddle's score, or one standard deviation of the
    score by the linear-noise approximation if that is less. A simulation of many cycles tells how long one takes,
    and in which states networks pass the gate; from these, adaptive multilevel splitting (see `exit_probability`)
    tells with which probability a cycle ends outside. The mean life is the mean length of a cycle over that
    probability.

    It is the mean from the core on. A network that lingers, met at any moment, may be on its way out already: under
    the quasi-stationary law the mean is less by a part of the relaxation. One that is started elsewhere takes its
    relaxation in addition, or forgets before it gets there.

    Parameters
    ----------
    model : Model
        One with a stable equilibrium above a saddle.
    n : int
        Number of neurons.
    region : Region
        What is to be left; the equilibrium is inside.
    replicas, runs, score, check, rng
        As in `exit_probability`.
    workers, executor, directory, progress, on_interrupt
        As in `memory_times`, with runs in place of replicates.

    Returns
    -------
    MeanMemory

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value, or networks leave the region so soon that they don't linger:
        within three times the relaxation of the state, or before they come to its core. Use `memory_times` then.
    RuntimeError
        If a network has infinitely many spikes before a finite time.

    Examples
    --------
    >>> import facilis as fc
    >>> region = fc.Region.potential_above(0.7)
    >>> mean = fc.mean_memory(fc.Model.example("bistable"), 20, region=region, replicas=200, rng=1)
    >>> bool(mean.low < 825.5 < mean.high)
    True
    """
    engine = Engine(
        workers=workers, executor=executor, directory=directory, progress=progress, on_interrupt=on_interrupt
    )
    checks.instance("model", model, Model)
    checks.instance("region", region, Region)
    state, saddle = state_and_saddle(model)
    relaxation = float(1.0 / np.abs(state.eigenvalues.real).min())
    weights = saddle_score(model) if score is None else given_score(score)
    with checks.naming(exit_from="region"):
        experiment = design(
            model,
            n,
            inf,
            potential=state.potential,
            calcium=state.calcium,
            stimulus=(),
            grid=None,
            exit_from=region,
            exit_after=None,
            rng=store.root(rng, directory),
        )
    refuse_rest(model, region)

    noise = linear_noise(model, state).covariance / experiment.n

    def cycle(score: Score) -> tuple[float, float, float]:
        core, far = (at(score, point) for point in (state, saddle))
        return core, core + min(_GATE * (far - core), spread(score, state, noise)), _SETTLE * relaxation

    task = splitting(experiment, weights, replicas, cycle(weights))
    second = border_score(model) if checks.truth("check", check) else None
    chunk, other = estimates(engine, task, runs, second, None if second is None else cycle(second))
    rates = chunk["flux"] * chunk["probability"]
    mean = inverse(interval(rates, "rate"), "mean life")
    if mean.value < _LEAST_LIFE * relaxation:
        raise ValueError(
            f"region must be one in which networks linger, but they leave it after {mean.value:.4g} in the mean, "
            f"and the state relaxes in {relaxation:.4g}: see memory_times"
        )
    kept = task.outcome(chunk)
    names = (
        "levels",
        "ties",
        "spikes",
        "index",
        "model",
        "n",
        "entropy",
        "spawn_key",
        "version",
        "score",
        "replicas",
    )
    return MeanMemory(
        value=mean.value,
        low=mean.low,
        high=mean.high,
        flux=interval(chunk["flux"], "flux"),
        probability=interval(chunk["probability"], "probability"),
        rates=rates,
        check=None if other is None else _by_second_score(other),
        relaxation=relaxation,
        cycle=(-cycle(weights)[0], -cycle(weights)[1]),
        region=region,
        **{name: kept[name] for name in names},
    )


def _by_second_score(chunk: Chunk) -> Estimate:
    return inverse(interval(chunk["flux"] * chunk["probability"], "rate"), "mean life by a second score")
