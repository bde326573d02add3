"""What a run of a network leaves behind: spikes, means, states, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import card, checks, export, pictures
from ..model.model import Model
from ..model.stimulus import Pulse
from ..result import Floats, Result
from ..seed import Entropy
from .spikes import Spikes

Stop: TypeAlias = Literal["t_end", "extinct", "exit", "max_spikes", "explosion", "interrupted"]


@dataclass(frozen=True, eq=False, repr=False)
class State:
    """The whole network at time `t`: `potential` and `calcium` of each neuron, shape (n,).

    Examples
    --------
    >>> state = fc.simulate(fc.Model.example("memory"), 10, 5.0, rng=1).final
    >>> state.t, state.potential.shape
    (5.0, (10,))
    """

    t: float
    potential: Floats
    calcium: Floats

    def __repr__(self) -> str:
        return f"State(t={self.t!r}, of {len(self.potential)} neurons)"


@dataclass(frozen=True, eq=False, repr=False)
class Watched:
    """Chosen neurons on the grid: `potential` and `calcium` have shape (len(neuron), len(t)).

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 10, 20.0, grid=5, watch=[0, 3], rng=1)
    >>> run.watched.calcium.shape
    (2, 5)
    """

    neuron: NDArray[np.uint32]
    potential: Floats
    calcium: Floats

    def __repr__(self) -> str:
        return f"Watched({len(self.neuron)} neurons at {self.potential.shape[1]} times)"


@dataclass(frozen=True, eq=False, repr=False)
class Snapshots:
    """Whole states at chosen times: `t` has shape (m,), `potential` and `calcium` (m, n).

    Examples
    --------
    >>> fc.simulate(fc.Model.example("memory"), 10, 20.0, snapshots=[5.0, 10.0], rng=1).snapshots
    Snapshots(2 of 10 neurons)
    """

    t: Floats
    potential: Floats
    calcium: Floats

    def __len__(self) -> int:
        return len(self.t)

    def __getitem__(self, k: int) -> State:
        checks.count("k", k, least=-len(self), most=len(self) - 1)
        return State(float(self.t[k]), self.potential[k], self.calcium[k])

    def __iter__(self) -> Iterator[State]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"Snapshots({len(self)} of {self.potential.shape[1]} neurons)"


@dataclass(frozen=True)
class Stats:
    """What a run cost: simulated spikes, candidates proposed, and wall-clock seconds.

    Examples
    --------
    >>> stats = fc.simulate(fc.Model.example("memory"), 10, 20.0, potential=2.0, calcium=9.0, rng=1).stats
    >>> 0.0 < stats.acceptance <= 1.0
    True
    """

    spikes: int
    proposals: int
    seconds: float

    @property
    def acceptance(self) -> float:
        """The part of the proposals that became spikes; 1 where there were none."""
        return self.spikes / self.proposals if self.proposals else 1.0


@dataclass(frozen=True, eq=False, repr=False)
class Run(Result):
    """One run of a network, or one piece of it.

    Attributes
    ----------
    t : ndarray of float64, shape (m,)
        The times of the grid that were reached.
    potential, calcium, calcium_var : ndarray of float64, shape (m,)
        Mean potential, mean calcium and the variance of calcium over the neurons.
    spike_count : ndarray of int64, shape (m,)
        Spikes since the simulation began.
    spikes : Spikes or None
        None if they were not kept (``spikes=False``).
    watched : Watched or None
    snapshots : Snapshots or None
    final : State or None
        The whole network at the end; None if it was not kept.
    stop : {"t_end", "extinct", "exit", "max_spikes", "explosion", "interrupted"}
        Why it ended.
    exit_time : float
        Time from `exit_after` to the first exit from `exit_from`; nan if there was none.
    stats : Stats
    model : Model
    n : int
    stimulus : tuple of Pulse
    t_start, t_stop : float
        When it began and ended.
    entropy : int or tuple of int
    spawn_key : tuple of int
        ``SeedSequence(entropy, spawn_key=spawn_key)``, given as `rng`, repeats the run.
    version : str
        Of facilis.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 20.0, stimulus=fc.Pulse(5.0, 10.0, 3.0), rng=1)
    >>> run.stop, run.n, run.potential.shape
    ('extinct', 100, (1000,))
    """

    t: Floats
    potential: Floats
    calcium: Floats
    calcium_var: Floats
    spike_count: NDArray[np.int64]
    spikes: Spikes | None
    watched: Watched | None
    snapshots: Snapshots | None
    final: State | None
    stop: Stop
    exit_time: float
    stats: Stats
    model: Model
    n: int
    stimulus: tuple[Pulse, ...]
    t_start: float
    t_stop: float
    entropy: Entropy
    spawn_key: tuple[int, ...]
    version: str

    _axes = {  # noqa: RUF012
        "t": ("t",),
        "potential": ("t",),
        "calcium": ("t",),
        "calcium_var": ("t",),
        "spike_count": ("t",),
        "spikes.time": ("spike",),
        "spikes.neuron": ("spike",),
        "watched.neuron": ("watched",),
        "watched.potential": ("watched", "t"),
        "watched.calcium": ("watched", "t"),
        "snapshots.t": ("snapshot",),
        "snapshots.potential": ("snapshot", "neuron"),
        "snapshots.calcium": ("snapshot", "neuron"),
        "final.t": (),
        "final.potential": ("neuron",),
        "final.calcium": ("neuron",),
    }

    def kept_spikes(self) -> Spikes:
        """Return the spikes; ValueError if they were not kept."""
        if self.spikes is None:
            raise ValueError("spikes must be kept for this, by simulating with spikes=True, got spikes=False")
        return self.spikes

    def rate(self, width: float) -> tuple[Floats, Floats]:
        """Return the spiking rate in bins of time.

        Parameters
        ----------
        width : float
            Of a bin; at most the run's duration. What remains after the last whole bin is left out.

        Returns
        -------
        centres, rate : ndarray of float64, shape (bins,)
            The middle of each bin, and spikes per neuron (of those whose spikes were kept) and unit of time.

        Raises
        ------
        ValueError
            If the spikes were not kept, or the width has the wrong type or value.
        """
        spikes = self.kept_spikes()
        edges = spikes._edges(width)
        counts, _ = np.histogram(spikes.time, edges)
        return edges[:-1] + width / 2, counts / (spikes.neurons.size * width)

    def _lines(self) -> Iterator[tuple[str, str]]:
        stats, duration = self.stats, self.t_stop - self.t_start
        yield "network", f"{self.n} neurons, alpha = {self.model.alpha:g}, kappa = {self.model.kappa:g}"
        yield "time", f"{self.t_start:g} to {self.t_stop:g}, ended by {self.stop}"
        if not np.isnan(self.exit_time):
            yield "exit time", f"{self.exit_time:g}"
        mean = f" ({stats.spikes / self.n / duration:.3g} per neuron and unit of time)" if duration else ""
        yield "spikes", f"{stats.spikes}{mean}"
        if (final := self.final) is not None:
            yield "final mean", f"potential {final.potential.mean():.4g}, calcium {final.calcium.mean():.4g}"
        yield "cost", f"{stats.seconds:.3g} s, {stats.acceptance:.1%} of {stats.proposals} proposals accepted"
        yield "seed", f"entropy {self.entropy}, spawn key {self.spawn_key}, facilis {self.version}"

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.run`, with its options; return Axes by name (``facilis[plot]``)."""
        return pictures.plot().run(self, **options)

    def to_pandas(self) -> Any:
        """Return the means on the grid as a `pandas.DataFrame` indexed by time (needs ``facilis[io]``)."""
        return export.to_pandas(self)

    def to_neo(self, units: object = "s") -> Any:
        """Return spike trains, means and stimulus as a `neo.Block` of one segment (needs ``facilis[neuro]``).

        The spike trains are in ``block.segments[0].spiketrains``, the number of each neuron is the annotation
        ``channel_id``. The means of potential and calcium are two signals, the pulses an epoch.

        Parameters
        ----------
        units : {"s", "ms", "us", "ns", "min", "h", "d"} or a unit of the library quantities
            What the model's unit of time is taken to be, as neo wants a physical one.
        """
        return export.to_neo(self, units)

    def to_pynapple(self, units: str = "s") -> Any:
        """Return ``{"spikes": TsGroup, "means": TsdFrame}`` of pynapple (needs ``facilis[neuro]``).

        The interval of the run is the time support of them all. pynapple rounds times to 10⁻⁹ seconds.

        Parameters
        ----------
        units : {"s", "ms", "us"}
            What the model's unit of time is taken to be.
        """
        return export.to_pynapple(self, units)

    def _picture(self) -> str:
        bands = [(pulse.start, pulse.stop) for pulse in self.stimulus]
        drawn = card.picture([card.Curve(self.t, self.potential)], "mean potential against time", bands)
        if not drawn and self.spikes is not None:
            drawn = self.spikes._picture()
        return drawn

    def __repr__(self) -> str:
        span = f"t={self.t_start:g}..{self.t_stop:g}"
        return f"Run(n={self.n}, {span}, spikes={self.stats.spikes}, stop={self.stop!r})"
