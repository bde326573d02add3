"""The spikes of a run, and what is most often asked of them: intervals, counts, how these vary and correlate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import card, checks
from ..result import Floats
from . import plan

_MOST_BINS = 10**8


@dataclass(frozen=True, eq=False, repr=False)
class Spikes:
    """Spikes in the order of time; two may share a time.

    ``len(spikes)`` is the number of spikes; a loop over them goes through the neurons whose spikes were kept, by
    their number, and gives the times of each: ``for i, times in zip(spikes.neurons, spikes)``.

    Attributes
    ----------
    time : ndarray of float64, shape (m,)
    neuron : ndarray of uint32, shape (m,)
        The neuron that spiked at that time.
    n : int
        Number of neurons of the network.
    chosen : ndarray of uint32, or None
        The neurons whose spikes were kept; None means all.
    t_start, t_stop : float
        The spikes are all those from `t_start` to `t_stop`.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 10, 20.0, potential=2.0, calcium=9.0, rng=1)
    >>> sum(times.size for times in run.spikes) == len(run.spikes) == run.spikes.time.size
    True
    """

    time: Floats
    neuron: NDArray[np.uint32]
    n: int
    chosen: NDArray[np.uint32] | None
    t_start: float
    t_stop: float

    @property
    def neurons(self) -> NDArray[np.uint32]:
        """The neurons whose spikes were kept, in the order of their number."""
        return np.arange(self.n, dtype=np.uint32) if self.chosen is None else np.sort(self.chosen)

    def of(self, i: int) -> Floats:
        """Return the spike times of neuron `i`; ValueError if its spikes were not kept."""
        i = checks.count("i", i, least=0, most=self.n - 1)
        if self.chosen is not None and i not in self.chosen:
            raise ValueError(checks.wrong("i", "one of the neurons whose spikes were kept", i))
        times: Floats = self.time[self.neuron == i]
        return times

    def isi(self, i: int) -> Floats:
        """Return the intervals between the spikes of neuron `i`, in their order; none if it spiked once or never.

        Examples
        --------
        >>> run = fc.simulate(fc.Model.example("memory"), 10, 20.0, potential=2.0, calcium=9.0, rng=1)
        >>> run.spikes.isi(3).size == run.spikes.of(3).size - 1
        True
        """
        return np.diff(self.of(i))

    def cv(self, neurons: ArrayLike | None = None) -> Floats:
        """Return the coefficient of variation of the intervals between spikes, of each neuron.

        It is their standard deviation divided by their mean: 1 for a Poisson process, 0 for a clock.

        Parameters
        ----------
        neurons : array_like of int, optional
            Distinct neurons whose spikes were kept; by default all of these, as in `neurons`.

        Returns
        -------
        ndarray of float64, shape (k,)
            nan for a neuron with fewer than three spikes, which are two intervals.

        Examples
        --------
        >>> run = fc.simulate(fc.Model(1.0, 1.0, 1.0, fc.Constant(2.0)), 10, 5000.0, rng=1)
        >>> print(run.spikes.cv([3, 7]).round(1))
        [1. 1.]
        """
        row, kept, k = self._rows(neurons)
        order = np.argsort(row, kind="stable")
        row, time = row[order], self.time[kept][order]
        same = row[1:] == row[:-1]
        row, interval = row[1:][same], np.diff(time)[same]
        number = np.bincount(row, minlength=k)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.bincount(row, interval, k) / number
            variance = np.bincount(row, (interval - mean[row]) ** 2, k) / number
            return np.where(number > 1, np.sqrt(variance) / mean, np.nan)

    def count(self, width: float, neurons: ArrayLike | None = None) -> NDArray[np.int64]:
        """Return how many spikes each neuron made in each bin of time.

        Parameters
        ----------
        width : float
            Of a bin; at most t_stop − t_start. Bins begin at `t_start`. What remains after the last whole bin is
            left out; a spike at the end of the last bin belongs to it.
        neurons : array_like of int, optional
            Distinct neurons whose spikes were kept; by default all of these, as in `neurons`.

        Returns
        -------
        ndarray of int64, shape (k, bins)

        Raises
        ------
        TypeError, ValueError
            If `width` or `neurons` has the wrong type or value.

        Examples
        --------
        >>> run = fc.simulate(fc.Model.example("memory"), 10, 20.0, potential=2.0, calcium=9.0, rng=1)
        >>> run.spikes.count(5.0).shape
        (10, 4)
        """
        place, k, bins = self._places(width, neurons)
        return np.bincount(place, minlength=k * bins).reshape(k, bins)

    def fano(self, width: float, neurons: ArrayLike | None = None) -> Floats:
        """Return the Fano factor of each neuron: variance of its counts over the bins, divided by their mean.

        It is 1 for a Poisson process, more where spikes come in bursts or the rate changes, and less where they are
        regular. The variance is that with the number of bins as divisor.

        Parameters
        ----------
        width, neurons
            As in `count`.

        Returns
        -------
        ndarray of float64, shape (k,)
            nan for a neuron without spikes in these bins, and for all if there is one bin only.

        Examples
        --------
        >>> run = fc.simulate(fc.Model(1.0, 1.0, 1.0, fc.Constant(2.0)), 10, 5000.0, rng=1)
        >>> print(run.spikes.fano(5.0).mean().round(1))
        1.0
        """
        place, k, bins = self._places(width, neurons)
        if bins == 1:
            return np.full(k, np.nan)
        place, number = np.unique(place, return_counts=True)
        row = place // bins
        mean = np.bincount(row, number, k) / bins
        silent = bins - np.bincount(row, minlength=k)
        squares = np.bincount(row, (number - mean[row]) ** 2, k) + silent * mean**2
        with np.errstate(invalid="ignore"):
            return squares / bins / mean

    def correlation(self, width: float, neurons: ArrayLike | None = None) -> Floats:
        """Return the correlation coefficients of the counts of each two neurons.

        Parameters
        ----------
        width, neurons
            As in `count`.

        Returns
        -------
        ndarray of float64, shape (k, k)
            Pearson's coefficients; nan in the row and the column of a neuron whose counts are all equal, as those
            of a neuron without spikes are.

        Examples
        --------
        >>> run = fc.simulate(fc.Model.example("bistable"), 10, 500.0, potential=2.9, calcium=9.9, rng=1)
        >>> run.spikes.correlation(10.0).shape
        (10, 10)
        """
        counts = self.count(width, neurons).astype(np.float64)
        counts -= counts.mean(axis=1, keepdims=True)
        norm = np.sqrt((counts**2).sum(axis=1))
        with np.errstate(invalid="ignore"):
            counts /= norm[:, np.newaxis]
        matrix: Floats = np.clip(counts @ counts.T, -1.0, 1.0)
        np.fill_diagonal(matrix, np.where(norm > 0.0, 1.0, np.nan))
        return matrix

    def _edges(self, width: float) -> Floats:
        """Return the ends of the whole bins of that width, the first at `t_start`.

        Raises
        ------
        TypeError, ValueError
            If `width` is not a number > 0 that is at most t_stop − t_start.
        """
        duration = self.t_stop - self.t_start
        least = duration / _MOST_BINS
        allowed = f"a number from {least!r} to the run's duration {duration!r}"
        if not 0.0 < least <= checks.finite("width", width, allowed) <= duration:
            raise ValueError(checks.wrong("width", allowed, width))
        return self.t_start + width * np.arange(int(duration / width * (1 + 1e-12)) + 1, dtype=np.float64)

    def _rows(self, neurons: ArrayLike | None) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
        """Return of each spike of the neurons asked for its row, which spikes these are, and how many rows."""
        asked = own = self.neurons
        if neurons is not None:
            several = np.array([neurons]) if checks.is_count(neurons) else neurons
            asked = plan.neurons("neurons", several, self.n)
            strange = ~np.isin(asked, own)
            if strange.any():
                given = checks.first("neurons", asked, strange)
                raise ValueError(f"neurons must be among those whose spikes were kept, got {given}")
        place = np.full(self.n, -1)
        place[asked] = np.arange(asked.size)
        row = place[self.neuron]
        kept = row >= 0
        return row[kept], kept, asked.size

    def _places(self, width: float, neurons: ArrayLike | None) -> tuple[NDArray[np.int64], int, int]:
        """Return of each spike its place in the table of counts, and how many rows and columns this has."""
        edges = self._edges(width)
        row, kept, k = self._rows(neurons)
        time = self.time[kept]
        cuts = np.searchsorted(time, edges)
        cuts[-1] = np.searchsorted(time, edges[-1], side="right")
        bins = edges.size - 1
        column = np.repeat(np.arange(bins), np.diff(cuts))
        return row[: column.size] * bins + column, k, bins

    def __iter__(self) -> Iterator[Floats]:
        row, _, k = self._rows(None)
        time = self.time[np.argsort(row, kind="stable")]
        return iter(np.split(time, np.cumsum(np.bincount(row, minlength=k))[:-1])[:k])

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        kept = self.n if self.chosen is None else self.chosen.size
        return f"Spikes({len(self)} of {kept} neurons)"

    def _repr_html_(self) -> str:
        rows = [
            ("spikes", f"{len(self)}"),
            ("of", f"{self.neurons.size} of {self.n} neurons"),
            ("time", f"{self.t_start:g} to {self.t_stop:g}"),
        ]
        return card.card("Spikes", card.table(rows), self._picture())

    def _picture(self) -> str:
        """Return a picture of the rate in time, for a notebook; empty if no time has passed."""
        if not self.t_stop > self.t_start:
            return ""
        counts, edges = np.histogram(self.time, card.COLUMNS, (self.t_start, self.t_stop))
        rate = counts / (np.diff(edges) * max(self.neurons.size, 1))
        return card.picture([card.stairs(edges, rate)], "spikes per neuron and unit of time")
