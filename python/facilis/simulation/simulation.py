"""One run of a network, step by step."""

from __future__ import annotations

from math import nan
from os import PathLike
from threading import Lock
from time import perf_counter
from typing import Any, cast

from numpy.typing import ArrayLike

from .. import _core, archive, checks, ram
from .. import seed as seeds
from ..caller import caution
from ..model.model import Model
from ..model.stimulus import Current, Stimulus
from ..progress import Progress, reporting
from ..seed import Seed
from . import plan as plans
from .checkpoint import Checkpoint
from .plan import STATE, OnInterrupt, Plan
from .region import Region
from .run import Run, Snapshots, State, Stats, Stop, Watched
from .spikes import Spikes

# Seconds between two looks at Ctrl-C and progress.
_PATIENCE = 0.03
_KIND = "Simulation"
_STATE = ("model", "n", "stimulus", "entropy", "spawn_key", "_core")
_MEANS = ("t", "potential", "calcium", "calcium_var", "spike_count")


class Simulation:
    """A network on its way: the same as `simulate`, step by step.

    Cut anywhere, copied, saved or pickled, it goes on bit for bit as it would have gone uncut.

    Parameters
    ----------
    model, n, potential, calcium, stimulus, rng
        As in `simulate`.

    Attributes
    ----------
    model : Model
    n : int
    stimulus : tuple of Pulse
    entropy, spawn_key
        Of the seed sequence from which its stream began.

    Examples
    --------
    >>> sim = fc.Simulation(fc.Model.example("memory"), 100, potential=2.0, calcium=9.0, rng=1)
    >>> piece = sim.advance(until=5.0)
    >>> sim.t, sim.state().potential.shape
    (5.0, (100,))
    """

    def __init__(
        self,
        model: Model,
        n: int,
        *,
        potential: ArrayLike = 0.0,
        calcium: ArrayLike = 0.0,
        stimulus: Stimulus = (),
        rng: Seed = None,
    ) -> None:
        checks.instance("model", model, Model)
        self.model = model
        self.n = n = checks.count("n", n, most=checks.MOST_NEURONS)
        ram.require(n=STATE * self.n)
        self._current = Current.of(stimulus)
        self.stimulus = self._current.pulses
        start = (checks.per_neuron("potential", potential, n), checks.per_neuron("calcium", calcium, n))
        self._core = _core.Simulation(model._handle, n, *start, self._current.handle, self._seed(rng))
        self._turn, self._advancing = Lock(), Lock()

    def _seed(self, rng: Seed) -> tuple[int, int]:
        """Remember the seed and return the generator's state."""
        seed = seeds.root(rng)
        self.entropy, self.spawn_key = cast(seeds.Entropy, seed.entropy), tuple(seed.spawn_key)
        return seeds.words(seed)

    @property
    def t(self) -> float:
        """The present time; may be asked from other threads while the simulation advances."""
        with self._turn:
            return self._core.t

    def state(self) -> State:
        """Return the present state of all neurons."""
        ram.require(n=STATE * self.n)
        with self._turn:
            return State(self._core.t, *self._core.state())

    def advance(
        self,
        until: float,
        *,
        grid: ArrayLike | None = 1000,
        spikes: bool | ArrayLike = True,
        watch: ArrayLike | None = None,
        snapshots: ArrayLike | None = None,
        exit_from: Region | None = None,
        exit_after: float | None = None,
        max_spikes: int | None = None,
        final: bool = True,
        progress: Progress = False,
        on_interrupt: OnInterrupt = "raise",
    ) -> Run:
        """Go on until the absolute time `until`, inf included.

        The options are those of `simulate`. All times are absolute; a numeric `grid` spans the present time
        to `until`; `max_spikes` counts the spikes of this call. Where the watch of `exit_from` has already
        begun, the network has to be inside.

        Returns
        -------
        Run
            The piece from the present time on. After a KeyboardInterrupt the simulation stands where it was
            stopped, and can go on.
        """
        taken: list[bool] = []
        try:
            # One call, for Ctrl-C is heard between two, and must not come between taking it and noting that.
            taken.extend(map(self._advancing.acquire, (False,)))
            if taken == [False]:
                raise RuntimeError("this simulation is advancing already, in another thread")
            plan = self._plan(
                until,
                grid=grid,
                spikes=spikes,
                watch=watch,
                snapshots=snapshots,
                exit_from=exit_from,
                exit_after=exit_after,
                max_spikes=max_spikes,
                final=final,
            )
            run = self._record(plan, progress, on_interrupt)
        finally:
            if taken == [True]:
                self._advancing.release()
        return run

    def _plan(self, until: object, **options: Any) -> Plan:
        return plans.plan(self.n, self.t, self._current.end, until, **options)

    def _told(self) -> dict[str, Any]:
        """Return what tells simulations apart, beside their states."""
        return {name: getattr(self, name) for name in _STATE[:-1]}

    def _record(
        self, plan: Plan, progress: Progress, on_interrupt: OnInterrupt, checkpoint: Checkpoint | None = None
    ) -> Run:
        checks.choice("on_interrupt", on_interrupt, ("raise", "return"))
        recording = plan.recording(self._core)
        start, spikes, proposals = self._core.t, self._core.spikes, self._core.proposals
        plans.check_end(self.model, plan.until, plan.region, plan.max_spikes)
        if plan.region is not None:
            means, pulsed = self._core.means()[:2], bool(self.stimulus)
            plans.check_start(plan.region, plan.exit_after, start, means, pulsed)
        (stop, seconds), clock = self._resume(recording, checkpoint), perf_counter()
        if stop is None:
            stop = self._go(recording, progress, on_interrupt, checkpoint)
        seconds += perf_counter() - clock
        stats = Stats(self._core.spikes - spikes, self._core.proposals - proposals, seconds)
        if stop == "max_spikes":
            text = f"stopped at t = {self.t!r} by max_spikes = {plan.max_spikes}; give another to go further"
            caution(text)
        return self._run(plan, recording, start, stop, stats)

    def _resume(self, recording: _core.Recording, checkpoint: Checkpoint | None) -> tuple[Stop | None, float]:
        """Go on where a checkpoint was; return why the run stopped there, if it did, and the seconds it took."""
        if checkpoint is None or (found := checkpoint.found()) is None:
            return None, 0.0
        with checkpoint.reading():
            self._core = _core.Simulation.restore(
                self.model._handle, self._current.handle, found["simulation"]
            )
            recording.go_on(self._core, found["recording"])
            return found["stop"], float(found["seconds"])

    def _go(
        self,
        recording: _core.Recording,
        progress: Progress,
        on_interrupt: OnInterrupt,
        checkpoint: Checkpoint | None,
    ) -> Stop:
        """Advance in slices of time: Ctrl-C acts between two of them, when the simulation is whole."""
        with reporting(progress) as report:
            try:
                while (stop := self._advance_for_a_while(recording)) is None:
                    report(recording.fraction(self._core))
                    if checkpoint is not None and checkpoint.is_due():
                        checkpoint.write(self._core, recording, None)
            except KeyboardInterrupt:
                if checkpoint is not None:
                    checkpoint.write(self._core, recording, None)
                if on_interrupt == "raise":
                    raise
                return "interrupted"
            report(1.0)
        if checkpoint is not None:
            checkpoint.write(self._core, recording, stop)
        return cast(Stop, stop)

    def _advance_for_a_while(self, recording: _core.Recording) -> str | None:
        with self._turn:
            return recording.advance_for(self._core, _PATIENCE)

    def copy(self, rng: Seed = None) -> Simulation:
        """Return a copy in the same state: without `rng` it repeats what this one will do.

        With `rng`, as in `simulate`, it goes its own way: what was drawn but not used yet is dropped.
        """
        twin = object.__new__(Simulation)
        twin.__dict__.update(self.__dict__)
        twin._turn, twin._advancing = Lock(), Lock()
        ram.require(n=STATE * self.n)
        generator = None if rng is None else twin._seed(rng)
        with self._turn:
            twin._core = self._core.copy(generator)
        return twin

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole simulation, its generator included, to one npz file."""
        archive.write(path, _KIND, self.__getstate__())

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Simulation:
        """Open what `save` wrote; ValueError if the file is something else."""
        allowed = "a file that Simulation.save wrote"
        state, simulation = archive.read(path, _KIND, _STATE, allowed), object.__new__(cls)
        try:
            simulation.__setstate__(state)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise ValueError(checks.wrong("path", allowed, path)) from None
        return simulation

    def __getstate__(self) -> dict[str, Any]:
        ram.require(n=STATE * self.n)
        with self._turn:
            state = {**self.__dict__, "_core": self._core.checkpoint()}
        del state["_turn"], state["_advancing"], state["_current"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._turn, self._advancing = Lock(), Lock()
        self._current = Current(self.stimulus)
        self._core = _core.Simulation.restore(self.model._handle, self._current.handle, state["_core"])

    def __repr__(self) -> str:
        with self._turn:
            t, spikes = self._core.t, self._core.spikes
        return f"Simulation(n={self.n}, t={t:g}, spikes={spikes}, {self.model!r})"

    def _run(self, plan: Plan, recording: _core.Recording, start: float, stop: Stop, stats: Stats) -> Run:
        kept: dict[str, Any] = recording.arrays()
        return Run(
            **{name: kept[name] for name in _MEANS},
            spikes=_spikes(plan, kept, self.n, start, self._core.t),
            watched=_watched(plan, kept),
            snapshots=_snapshots(plan, kept),
            final=self.state() if plan.final else None,
            stop=stop,
            exit_time=(self._core.t if stop == "exit" else nan) - plan.exit_after,
            stats=stats,
            model=self.model,
            n=self.n,
            stimulus=self.stimulus,
            t_start=start,
            t_stop=self._core.t,
            entropy=self.entropy,
            spawn_key=self.spawn_key,
            version=_core.__version__,
        )


def _spikes(plan: Plan, kept: dict[str, Any], n: int, start: float, stop: float) -> Spikes | None:
    if plan.spikes is False:
        return None
    chosen = None if plan.spikes is True else plan.spikes
    return Spikes(kept["spike_time"], kept["spike_neuron"], n, chosen, start, stop)


def _watched(plan: Plan, kept: dict[str, Any]) -> Watched | None:
    if plan.watch is None:
        return None
    return Watched(plan.watch, kept["watched_potential"], kept["watched_calcium"])


def _snapshots(plan: Plan, kept: dict[str, Any]) -> Snapshots | None:
    if plan.snapshots is None:
        return None
    return Snapshots(kept["snapshot_t"], kept["snapshot_potential"], kept["snapshot_calcium"])
