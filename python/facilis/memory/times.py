"""How long networks remember: memory times, their mean, their survival curve, the law that they follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isinf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks, pictures
from .. import seed as seeds
from ..caller import caution
from ..replicates.result import Replay
from ..result import Columns, Floats
from ..seed import Seed
from ..simulation.region import Region
from . import exponential
from . import mixture as mixtures
from .doubt import doubt, p_value
from .estimate import Estimate
from .exponential import ExponentialTest
from .mixture import Mixture
from .survival import Survival, kaplan_meier, restricted_mean


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MemoryTimes(Replay):
    """Memory times of independent networks, some of them censored.

    Attributes
    ----------
    time : ndarray of float64, shape (replicates,)
        From `exit_after` to the first exit from `region`, or to `t_max` where there was none (censored).
    exited : ndarray of bool, shape (replicates,)
    extinct : ndarray of bool, shape (replicates,)
        Whether the network came to rest, and rest is inside, so that it never exits.
    index : ndarray of uint32, shape (replicates,)
        Numbers of the replicates; 0, 1, 2, … unless an interrupt left some out.
    spikes : ndarray of int64, shape (replicates,)
    model, n, t_max, region, start_potential, start_calcium, stimulus, exit_after
        As given to `memory_times`.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, k))`` is the seed of replicate k.
    version : str
        Of facilis.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> times = fc.memory_times(model, 20, 1e4, region=region, replicates=50, potential=2.0, calcium=9.0, rng=1)
    >>> times.time.shape, bool(times.exited.all())
    ((50,), True)
    """

    time: Floats
    exited: NDArray[np.bool_]
    extinct: NDArray[np.bool_]
    t_max: float
    region: Region

    _axes = dict.fromkeys(("time", "exited", "extinct", "index", "spikes"), ("replicate",))

    def mean(self) -> Estimate:
        """Return the mean memory time, taken to be a shifted exponential, with its 95 % interval.

        The estimate is the first exit time s plus Σ(T − s)/(number of exits), the sum over all replicates:
        for data without censoring, the arithmetic mean. The interval is for that law, and so is the mean
        itself where data are censored. Without exits the value is inf and `low` is what the time waited in vain
        tells; if a network never exits, both are inf.

        Raises
        ------
        ValueError
            If there is no replicate.

        Warns
        -----
        RuntimeWarning
            Where `doubt` gives a reason not to rely on it. Then use `restricted_mean`, or `mixture`.

        Examples
        --------
        >>> import facilis as fc
        >>> mem = fc.memory_times(
        ...     fc.Model.example("memory"), 100, 1e4, region=fc.Region.potential_above(0.7),
        ...     replicates=100, potential=2.0, calcium=9.0, rng=1,
        ... )
        >>> mean = mem.mean()
        >>> mean.low < mean.value < mean.high
        True
        """
        mean = self._mean()
        if (reason := self.doubt()) is not None:
            text = f"the mean memory time {mean.value:.6g} is not to be relied on: {reason}"
            caution(f"{text}; see restricted_mean and mixture")
        return mean

    def _mean(self) -> Estimate:
        self._check_some("mean")
        return exponential.mean(self.known_time(), self.exited)

    def doubt(self) -> str | None:
        """Return why `mean` is not to be relied on, in words, or None where nothing speaks against it.

        There are three reasons: `exponential_test` refutes the shifted exponential law (p <= 0.01); fewer than
        ten networks were seen to forget; or fewer than half of them were.

        Examples
        --------
        >>> import facilis as fc
        >>> mem = fc.memory_times(
        ...     fc.Model.example("memory"), 100, 5.0, region=fc.Region.potential_above(0.7),
        ...     replicates=20, potential=2.0, calcium=9.0, rng=1,
        ... )
        >>> print(mem.doubt()[:41])
        0 of 20 networks were seen to forget, and
        """
        self._check_some("doubt")
        return doubt(self.known_time(), self.exited, self._p_value)

    @cached_property
    def _p_value(self) -> float:
        return p_value(self.known_time(), self.exited)

    def mixture(self) -> Mixture:
        """Tell apart the networks that never took the memory from those that did.

        The rate at which networks forget is taken to be constant up to a split, and constant and lower after
        it; the split is where the likelihood is greatest (Matthews and Farewell 1982). Memory times up to it
        count as "not remembered", and the memory time of the others is a shifted exponential.

        Returns
        -------
        Mixture
            `not_remembered`, `remembered` and `mean` with 95 % intervals, `split`, and `doubt`.

        Raises
        ------
        ValueError
            If there is no replicate, if networks are known to stay for ever, or if there are not plainly two
            populations: the logarithm of the likelihood gains less than 10 by the split, or memory goes on
            beyond it for less than ten times the split.

        Examples
        --------
        >>> import facilis as fc
        >>> mem = fc.memory_times(
        ...     fc.Model.example("bistable"), 30, 1000.0, region=fc.Region.potential_above(0.7),
        ...     stimulus=fc.Pulse(0.0, 10.0, 1.2), replicates=400, rng=1,
        ... )
        >>> found = mem.mixture()
        >>> 0.0 < found.not_remembered.low < found.not_remembered.high < 1.0
        True
        """
        self._check_some("mixture")
        return mixtures.mixture(self.known_time(), self.exited)

    def known_time(self) -> Floats:
        """Return the memory times, inf for networks that never exit, those of others censored as in `time`."""
        return np.where(self.extinct, np.inf, self.time)

    def restricted_mean(self, until: float | None = None) -> Estimate:
        """Return the mean of min(T, until) with its 95 % interval, whatever the law of T.

        Parameters
        ----------
        until : float, optional
            By default all the time watched: t_max − exit_after, or the last exit where that is infinite.

        Raises
        ------
        ValueError
            If there is no replicate, or `until` is not in the time watched.
        """
        self._check_some("restricted_mean")
        watched = self.t_max - self.exit_after
        allowed = f"a finite number > 0, and at most the time watched, {watched!r}"
        if until is None:
            until = float(self.time[self.exited].max(initial=0.0)) if isinf(watched) else watched
        elif not 0.0 < checks.finite("until", until, allowed) <= watched:
            raise ValueError(checks.wrong("until", allowed, until))
        return restricted_mean(self.time, self.exited, float(until))

    def survival(self) -> Survival:
        """Return the probability to remember against time: Kaplan–Meier, with pointwise 95 % intervals.

        Raises
        ------
        ValueError
            If there is no replicate.
        """
        self._check_some("survival")
        return kaplan_meier(self.time, self.exited)

    def exponential_test(self, resamples: int = 999, rng: Seed = 0) -> ExponentialTest:
        """Fit a shifted exponential law and test it by a parametric bootstrap.

        Parameters
        ----------
        resamples : int
            Samples drawn from the fit; the smallest p-value is 1/(resamples + 1). Of more than 4096 exits they have
            4096, and the same share of censored times: beyond, the law of the distance hardly depends on it.
        rng
            Seed of the bootstrap alone.

        Returns
        -------
        ExponentialTest
            `shift`, `scale`, `p_value` and more.

        Raises
        ------
        ValueError
            With fewer than three exits, or if networks are known to stay for ever.
        """
        checks.count("resamples", resamples)
        generator = np.random.Generator(np.random.PCG64DXSM(seeds.root(rng)))
        return exponential.goodness(self.known_time(), self.exited, resamples, generator)

    def _lines(self) -> list[tuple[str, str]]:
        if not self.time.size:
            return [("networks", f"0 of {self.n} neurons")]
        mean, exits, reason = self._mean(), self.exited.sum(), self.doubt()
        rows = [
            ("networks", f"{len(self.time)} of {self.n} neurons, alpha = {self.model.alpha:g}"),
            ("exits", f"{exits}, censored {len(self.time) - exits}, of these at rest {self.extinct.sum()}"),
            ("mean time", f"{mean:.5g}"),
        ]
        if reason is not None:
            restricted = self.restricted_mean()
            rows += [("restricted", f"{restricted:.5g}, {restricted.of}"), ("warning", reason)]
            rows += self._told_mixture()
        return [
            *rows,
            ("spikes", str(self.spikes.sum())),
            ("seed", f"entropy {self.entropy}, spawn key {self.spawn_key}, facilis {self.version}"),
        ]

    def _told_mixture(self) -> list[tuple[str, str]]:
        try:
            found = self.mixture()
        except ValueError:
            return []  # one population, for all that can be seen
        share = f"a share of {found.not_remembered:.4g} had forgotten by {found.split:.5g}"
        told = [f"{share}, the rest remembered for {found.remembered:.5g}", f"mean of all {found.mean:.5g}"]
        if found.doubt is not None:
            told.append(f"of the rest: {found.doubt}")
        return [("mixture", line) for line in told]

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.memory_times`, with its options; return Axes by name (``facilis[plot]``)."""
        return pictures.plot().memory_times(self, **options)

    def _columns(self) -> Columns:
        restricted = self.restricted_mean()
        estimates = {"mean_time": self._mean(), "restricted_mean": restricted}
        named = {
            name if end == "value" else f"{name}_{end}": column
            for name, one in estimates.items()
            for end, column in one._columns().items()
        }
        told = {
            "mean_time_doubt": self.doubt() or "",
            "exponential_p_value": self._p_value,
            "exit_share": self.exited.mean(),
            "censored": np.count_nonzero(~self.exited),
        }
        return super()._columns() | named | {name: ((), value) for name, value in told.items()}

    def _check_some(self, name: str) -> None:
        if not self.time.size:
            raise ValueError(f"{name} needs at least one replicate, got 0")

    def _end(self) -> tuple[float, Region]:
        return self.t_max, self.region

    def _own_end(self, k: int) -> float:
        return float(self.time[self.index == k][0] + self.exit_after)

    def _title(self) -> str:
        return "Memory times"

    def _picture(self) -> str:
        return self.survival()._picture() if self.time.size else ""

    def __repr__(self) -> str:
        exits = self.exited.sum()
        return f"MemoryTimes(n={self.n}, {exits} of {len(self.time)} exited by t={self.t_max:g})"
