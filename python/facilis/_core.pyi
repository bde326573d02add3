"""The Rust core: plain numbers and arrays in, NumPy arrays out, nothing converted twice."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Point: TypeAlias = tuple[float, float]

__version__: str

def processors() -> int:
    """Return how many processors this process may use, by its affinity and by the quotas of control groups."""

@final
class Rate:
    @staticmethod
    def constant(value: float) -> Rate: ...
    @staticmethod
    def linear(slope: float, base: float) -> Rate: ...
    @staticmethod
    def hill(top: float, half: float, power: float, base: float) -> Rate: ...
    @staticmethod
    def sigmoid(top: float, centre: float, width: float) -> Rate: ...
    @staticmethod
    def ramp(low: float, high: float, top: float) -> Rate: ...
    @staticmethod
    def exponential(scale: float, slope: float, cap: float) -> Rate: ...
    @staticmethod
    def table(potential: NDArray[np.float64], rate: NDArray[np.float64], interpolation: str) -> Rate: ...
    @property
    def is_nondecreasing(self) -> bool: ...
    @property
    def is_bounded(self) -> bool: ...
    @property
    def corners(self) -> NDArray[np.float64]: ...
    def value(self, potential: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def derivative(self, potential: NDArray[np.float64]) -> NDArray[np.float64]: ...

@final
class Model:
    def __new__(
        cls, alpha: float, beta: float, lam: float, rate: Rate, transmits: str, recipients: str
    ) -> Model: ...
    @property
    def transmitted_offset(self) -> float:
        """Calcium transmitted beyond that before the spike."""
    def vector_field(
        self, potential: NDArray[np.float64], calcium: NDArray[np.float64], current: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def jacobian(self, potential: float, calcium: float) -> NDArray[np.float64]: ...

@final
class Stimulus:
    """The sum of pulses (start, stop, current)."""

    def __new__(cls, pulses: Sequence[tuple[float, float, float]]) -> Stimulus: ...
    @property
    def end(self) -> float: ...
    def current_at(self, time: float) -> float: ...

@final
class Region:
    """A box of (mean potential, mean calcium), infinite bounds allowed, cut by half-planes and curves.

    A half-plane (a, b, c) holds the points with a·u + b·r >= c. A curve is a pair of arrays (potential,
    calcium): the point (u, r) is above it where r exceeds the piecewise linear interpolation of the curve at u,
    extended flat to the right and by +inf to the left. Points must be above `curves` and below `ceilings`.
    """

    def __new__(
        cls,
        potential: tuple[float, float],
        calcium: tuple[float, float],
        half_planes: Sequence[tuple[float, float, float]],
        curves: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
        ceilings: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    ) -> Region: ...
    def contains(self, potential: NDArray[np.float64], calcium: NDArray[np.float64]) -> NDArray[np.bool_]: ...

@final
class Simulation:
    """The state of one network: where it is, what is drawn but not used yet, and its generator.

    `potential` and `calcium` have length 1 (all neurons alike) or n. `generator` is (state, inc) of NumPy's
    PCG64DXSM.
    """

    def __new__(
        cls,
        model: Model,
        n: int,
        potential: NDArray[np.float64],
        calcium: NDArray[np.float64],
        stimulus: Stimulus,
        generator: tuple[int, int],
    ) -> Simulation: ...
    @property
    def t(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def spikes(self) -> int: ...
    @property
    def proposals(self) -> int: ...
    def means(self) -> tuple[float, float, float]: ...
    def state(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def copy(self, generator: tuple[int, int] | None) -> Simulation: ...
    def checkpoint(self) -> dict[str, Any]:
        """Return the whole state by names: an array `cells`, and numbers."""
    def trace(self, until: float) -> dict[str, Any]:
        """Go on until a time and return every candidate and every spike on the way.

        stop (str); time, threshold, bound (float64) and neuron (uint32) of the candidates; spike_time,
        spike_neuron.
        """
    @staticmethod
    def restore(model: Model, stimulus: Stimulus, saved: dict[str, Any]) -> Simulation: ...

@final
class Recording:
    """One advance of a simulation: how far, what to keep, when to stop early.

    `times`, `snapshots`: strictly increasing, within [sim.t, until]. `spikes`: True, False or an array of neuron
    indices. `exit_after` is an absolute time.
    """

    def __new__(
        cls,
        simulation: Simulation,
        until: float,
        times: NDArray[np.float64],
        snapshots: NDArray[np.float64],
        watch: NDArray[np.uint32],
        spikes: bool | NDArray[np.uint32],
        region: Region | None,
        exit_after: float,
        max_spikes: int | None,
    ) -> Recording: ...
    def advance_for(self, simulation: Simulation, seconds: float) -> str | None:
        """Go on for about so long: like `advance`."""
    def advance(self, simulation: Simulation, candidates: int) -> str | None:
        """Go on for about so many candidates; the reason of the stop, or None when there is more to do.

        Reasons: "t_end", "extinct", "exit", "max_spikes", "explosion".
        """
    def fraction(self, simulation: Simulation) -> float: ...
    @property
    def exit_time(self) -> float:
        """Absolute time of the exit, nan if there was none."""
    def saved(self) -> dict[str, Any]:
        """Return a copy of what was recorded so far, each array in one dimension."""
    def go_on(self, simulation: Simulation, saved: dict[str, Any]) -> None:
        """Go on where a recording of the same plan was saved, together with the simulation."""
    def arrays(self) -> dict[str, NDArray[Any] | None]:
        """Move what was recorded out (once).

        t, potential, calcium, calcium_var (float64), spike_count (int64): the reached grid times and means.
        spike_time (float64), spike_neuron (uint32): None if spikes are not kept.
        watched_potential, watched_calcium: (len(watch), len(t)).
        snapshot_t: (m,), snapshot_potential, snapshot_calcium: (m, n).
        """

@final
class Control:
    """Tells a running ensemble to stop, and how far it is; may be used from any thread."""

    def __new__(cls) -> Control: ...
    def cancel(self) -> None: ...
    @property
    def finished(self) -> int: ...

@final
class Experiment:
    """What all replicates have in common. `root` are the assembled entropy words of the root seed.

    `potential`, `calcium`, `until`, `times`, `region` and `exit_after` are as in Simulation and Recording.
    """

    def __new__(
        cls,
        model: Model,
        n: int,
        potential: NDArray[np.float64],
        calcium: NDArray[np.float64],
        stimulus: Stimulus,
        until: float,
        times: NDArray[np.float64],
        region: Region | None,
        exit_after: float,
        root: NDArray[np.uint32],
    ) -> Experiment: ...
    def replicates(
        self,
        first: int,
        last: int,
        threads: int,
        control: Control,
        stop: NDArray[np.uint8],
        end: NDArray[np.float64],
        exit: NDArray[np.float64],
        spikes: NDArray[np.int64],
        potential: NDArray[np.float64],
        calcium: NDArray[np.float64],
    ) -> None:
        """Run replicates first..last, each filling its row of the arrays; those cut short by a cancellation don't.

        `stop` has codes, see `stops`; `end` and `exit` are absolute, `exit` nan if there was none; `potential` and
        `calcium` have shape (replicates, len(times)) and become nan after an early stop.
        """
    @staticmethod
    def stops() -> list[str]:
        """Return the names of the reasons to stop, each at the place of its code, which is never 0."""

def solve_limit(
    model: Model,
    t_end: float,
    potential: NDArray[np.float64],
    calcium: NDArray[np.float64],
    weights: NDArray[np.float64],
    stimulus: Stimulus,
    rtol: float,
    atol: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The limit equation from atoms (potential, calcium) of those weights, as one polynomial per step.

    Where the steps start, shape (m,), their widths, shape (m,), and for mean potential, mean calcium and
    variance of calcium the coefficients, shape (m, 3, 8), of
    c0 + x(c1 + (1 − x)(c2 + x(c3 + (1 − x)(c4 + x(c5 + (1 − x)(c6 + x·c7)))))), x = (t − start)/width.
    """

def generator(pool: NDArray[np.uint32]) -> tuple[int, int]:
    """State and increment of NumPy's PCG64DXSM for a seed sequence with this pool of four words."""

def check_grid(times: NDArray[np.float64], start: float, end: float) -> None:
    """Refuse a grid whose times do not increase strictly within [start, end]."""

def values_of(
    starts: NDArray[np.float64],
    widths: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    times: NDArray[np.float64],
) -> NDArray[np.float64]:
    """A solution of `solve_limit` at times in any order, shape (3, len(times)), none made negative by rounding."""

def equilibria(
    model: Model, current: float
) -> list[tuple[float, float, str, NDArray[np.float64], NDArray[np.complex128]]]:
    """All equilibria by potential: (potential, calcium, kind, jacobian, eigenvalues)."""

def covariance(
    model: Model,
    t_end: float,
    potential: NDArray[np.float64],
    calcium: NDArray[np.float64],
    weights: NDArray[np.float64],
    stimulus: Stimulus,
    rtol: float,
    atol: float,
    times: NDArray[np.float64],
) -> NDArray[np.float64]:
    """N times (Var potential, Cov, Var calcium) of the means at times within [0, t_end], shape (len(times), 3)."""

def folds(model: Model, current: float) -> list[tuple[float, float, str]]:
    """(alpha, potential, "smooth" | "corner" | "rest") of all folds as alpha varies, by potential."""

def folds_of_beta(model: Model, current: float) -> list[tuple[float, str]]:
    """(potential, "smooth" | "corner") of all folds as beta varies, by potential."""

def folds_of_current(model: Model) -> list[tuple[float, str]]:
    """(potential, "smooth" | "corner") of all folds as the current varies, by potential."""

def turning_points(model: Model, current: float) -> list[tuple[float, str]]:
    """(potential, "smooth" | "corner") of all folds of the critical manifold, by potential."""

def manifold(
    model: Model, current: float, index: int, potential: float, calcium: float, tolerance: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of the stable manifold of equilibrium `index` within [0, potential] × [0, calcium], along it."""

def passage_time(
    model: Model, current: float, start: _Point, end: float, t_max: float, rtol: float, atol: float
) -> float | None:
    """When the potential first passes `end` on the orbit from `start`; None if not before `t_max`."""

def approach(
    model: Model, current: float, fold: _Point, smooth: bool, start: _Point, end: float
) -> tuple[str, float]:
    """What the orbit does at a fold of `model`: "tends" and a decay, "passes" and a time, or "unknown"."""

def destinations(
    model: Model, current: float, potential: NDArray[np.float64], calcium: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Index of the equilibrium that each start reaches, −1 where it grows without bound, by integration of each."""

def escape_action(
    model: Model, equilibrium: int, saddle: int, report: Callable[[float], object]
) -> tuple[tuple[float, float, float, float], float, NDArray[np.float64], NDArray[np.float64]]:
    """The most likely way from one equilibrium over another, given by their indices.

    (exponent, numerical error, upper bound, sensitivity), the length of a step of time, and the path's mean
    potential and mean calcium. `report` is called with the part that is done.
    """

@final
class Score:
    """How near a network is to the exit, by its mean potential and mean calcium."""

    @staticmethod
    def linear(potential: float, calcium: float) -> Score:
        """Return −(potential·u + calcium·r), with weights >= 0."""
    @staticmethod
    def border(potential: NDArray[np.float64], calcium: NDArray[np.float64]) -> Score:
        """Return how far left a state is of the curve through these points, whose calcium falls to 0."""
    def at(self, potential: float, calcium: float) -> float:
        """Return the score at these means."""

@final
class Splitting:
    """Runs of adaptive multilevel splitting: how likely networks leave a region, from exit_after until a time.

    With `cycle` = (floor, gate, settle) paths start where the
    score exceeds the gate after a time `settle` and a visit below the floor, and end below the floor.
    """

    def __new__(
        cls,
        model: Model,
        n: int,
        potential: NDArray[np.float64],
        calcium: NDArray[np.float64],
        stimulus: Stimulus,
        region: Region,
        score: Score,
        exit_after: float,
        until: float,
        cycle: tuple[float, float, float] | None,
        replicas: int,
        root: NDArray[np.uint32],
    ) -> Splitting: ...
    def runs(self, first: int, last: int, threads: int, control: Control) -> dict[str, Any]:
        """Do runs first..last; those cut short by a cancellation are left out.

        index (uint32), probability and flux (float64), levels, ties and spikes (int64); broken (float64): nan, or
        the time of an explosion, or −1 where no flux could be measured.
        """
    def lines(self, run: int, control: Control) -> list[tuple[NDArray[np.float64], NDArray[np.uint32]]]:
        """Do a run again; for each path out of the region, when its branches start, and their numbers."""

@final
class FlemingViot:
    """Runs of the particle system of Fleming and Viot in a region; run k has particles·2^k networks."""

    def __new__(
        cls,
        model: Model,
        n: int,
        potential: NDArray[np.float64],
        calcium: NDArray[np.float64],
        region: Region,
        particles: int,
        window: float,
        windows: int,
        root: NDArray[np.uint32],
    ) -> FlemingViot: ...
    def runs(self, first: int, last: int, threads: int, control: Control) -> dict[str, NDArray[Any]]:
        """Do runs first..last, of 0 and 1; those cut short by a cancellation are left out.

        index (uint32), spikes (int64), broken (float64, the time of an explosion or nan): (runs,); exits in each
        window: (runs, windows); moments at their ends, of u, r, u², ur, r² around the start: (runs, windows, 5);
        states, the last mean potential and calcium of each network, nan where there is none: (runs, 2·particles,
        2).
        """

@final
class Coupling:
    """A network and its limit copies on the same Poisson points; arguments as in Simulation.

    `times`: strictly increasing, from 0 to `t_end`.
    """

    def __new__(
        cls,
        model: Model,
        n: int,
        potential: NDArray[np.float64],
        calcium: NDArray[np.float64],
        stimulus: Stimulus,
        generator: tuple[int, int],
        t_end: float,
        times: NDArray[np.float64],
    ) -> Coupling: ...
    def advance_for(self, seconds: float) -> str | None:
        """Go on for about so long: "t_end" or "explosion", or None when there is more to do."""
    @property
    def t(self) -> float: ...
    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Move what was noted out (once).

        potential, calcium, limit_potential, limit_calcium, calcium_error: each (len(times),).
        """
