"""One run of a network, all at once."""

from __future__ import annotations

from os import PathLike

import numpy as np
from numpy.typing import ArrayLike

from .. import checks
from ..model.model import Model
from ..model.stimulus import Stimulus
from ..progress import Progress
from ..seed import Seed
from . import plan as plans
from .checkpoint import Checkpoint
from .plan import OnInterrupt
from .region import Region
from .run import Run
from .simulation import Simulation


def simulate(
    model: Model,
    n: int,
    t_end: float,
    *,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    stimulus: Stimulus = (),
    grid: ArrayLike | None = 1000,
    spikes: bool | ArrayLike = True,
    watch: ArrayLike | None = None,
    snapshots: ArrayLike | None = None,
    exit_from: Region | None = None,
    exit_after: float | None = None,
    max_spikes: int | None = None,
    final: bool = True,
    rng: Seed = None,
    checkpoint: str | PathLike[str] | None = None,
    every: float = 60.0,
    progress: Progress = False,
    on_interrupt: OnInterrupt = "raise",
) -> Run:
    """Simulate a network of `n` neurons, exactly, from 0 to `t_end`.

    Times and potentials are in the model's own units: 1/beta sets the scale of time.

    Parameters
    ----------
    model : Model
    n : int
        Number of neurons, 1 to 2**32 − 1.
    t_end : float
        >= 0; may be inf where the run can end otherwise, with a `grid` of None or an array. A finite one is at
        most about 9·10¹²/max(beta, lam): beyond that doubles are too coarse.
    potential, calcium : float or array_like of shape (n,)
        Where the neurons start: all alike, or one by one; finite and >= 0.
    stimulus : Pulse or sequence of Pulse
        The external current; pulses that overlap add.
    grid : int, array_like or None
        Times at which the means are kept: so many equally spaced from 0 to `t_end`, both ends included, or
        strictly increasing times, or none.
    spikes : bool or array_like of int
        Whether to keep the spikes, or of which neurons.
    watch : array_like of int, optional
        Neurons whose potential and calcium are kept on the grid.
    snapshots : array_like, optional
        Strictly increasing times at which the state of all neurons is kept.
    exit_from : Region, optional
        Stop when (mean potential, mean calcium) leaves it, at the exact time.
    exit_after : float, optional
        Time from which exits are detected, and from which `exit_time` is counted: by default the end of the last
        pulse, or 0.
    max_spikes : int, optional
        Stop, with a RuntimeWarning, after so many spikes; by default 10 million if spikes are kept.
    final : bool
        Whether to keep the state of all neurons at the end. A network takes 16 bytes per neuron, and its final
        state as many again.
    rng : None, int, sequence of int, SeedSequence, BitGenerator or Generator
        The seed. A generator is spawned from, a SeedSequence is left as it is; the result keeps the entropy. None
        with a `checkpoint` that is there means the seed of the run in it.
    checkpoint : path-like, optional
        A file that is written now and then, at Ctrl-C and at the end. The same call goes on from it, to the same
        bits, and a call of other arguments is refused. A run that has ended is read from it.
    every : float
        Seconds between two writings of the checkpoint, at least: writing never takes more than about a tenth of
        the time.
    progress : bool or callable
        Show how far the run is, or call a function with the fraction done.
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, or return what was simulated, with stop "interrupted".

    Returns
    -------
    Run
        Once no spike can ever come (stop "extinct") the state is known for ever: with a finite `t_end` the
        arrays go on to it. After any other early stop they end there.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value, if without a stimulus the start is outside `exit_from`, or if
        the checkpoint is damaged or of another call.
    MemoryError
        If the network and what is to be kept need more memory than there is.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> run = fc.simulate(model, 400, 200.0, stimulus=fc.Pulse(start=10.0, stop=30.0, current=3.0), rng=1)
    >>> run.t.shape, run.entropy
    ((1000,), 1)
    """
    n = checks.count("n", n, most=checks.MOST_NEURONS)
    plans.require_memory(n, new=True, final=final, grid=grid, watch=watch, snapshots=snapshots)
    keeper = None if checkpoint is None else Checkpoint(checkpoint, every)
    seed = rng if keeper is None else keeper.seed(rng)
    simulation = Simulation(model, n, potential=potential, calcium=calcium, stimulus=stimulus, rng=seed)
    with checks.naming(until="t_end"):
        plan = simulation._plan(
            t_end,
            grid=grid,
            spikes=spikes,
            watch=watch,
            snapshots=snapshots,
            exit_from=exit_from,
            exit_after=exit_after,
            max_spikes=max_spikes,
            final=final,
        )
        if keeper is not None:
            start = {"potential": np.asarray(potential, float), "calcium": np.asarray(calcium, float)}
            keeper.open(**simulation._told(), **start, **plan.told())
        return simulation._record(plan, progress, on_interrupt, keeper)
