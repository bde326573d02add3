"""The demonstration: a network is given a stimulus, remembers it for a while, and forgets it."""

from dataclasses import dataclass
from math import inf
from os import PathLike
from time import perf_counter
from typing import TYPE_CHECKING

from numpy.random import SeedSequence

from . import __version__, pictures
from .limit.equilibria import equilibria
from .limit.solution import Limit, solve_limit
from .memory.measurement import memory_times
from .memory.times import MemoryTimes
from .model.model import Model
from .model.stimulus import Pulse
from .simulation.region import Region
from .simulation.run import Run
from .simulation.simulate import simulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MODEL = Model.example("memory")
NEURONS = 100
PULSE = Pulse(10.0, 30.0, 3.0)
THRESHOLD = 0.7  # of the mean potential, below which the stimulus counts as forgotten
REPLICATES = 400
AFTERWARDS = 30.0  # how long to look on once the stimulus is forgotten


@dataclass(frozen=True)
class Experiment:
    """One network in full, its limit, and the memory times of many such networks."""

    run: Run
    limit: Limit
    memory_time: float
    others: MemoryTimes
    spikes_per_second: float


def experiment(seed: int) -> Experiment:
    """Run the experiment; the same seed gives the same numbers."""
    root = SeedSequence(seed)
    region = Region.potential_above(THRESHOLD)
    forgotten = simulate(
        MODEL, NEURONS, inf, stimulus=PULSE, grid=None, spikes=False, exit_from=region, rng=root
    )
    memory_time = forgotten.exit_time
    # The same seed is the same run, now with everything recorded and a look at what comes after.
    t_end = PULSE.stop + memory_time + AFTERWARDS
    run = simulate(MODEL, NEURONS, t_end, stimulus=PULSE, rng=root)
    clock = perf_counter()
    others = memory_times(MODEL, NEURONS, inf, region=region, replicates=REPLICATES, stimulus=PULSE, rng=root)
    seconds = perf_counter() - clock
    return Experiment(
        run=run,
        limit=solve_limit(MODEL, t_end, stimulus=PULSE),
        memory_time=memory_time,
        others=others,
        spikes_per_second=others.spikes.sum() / seconds,
    )


def table(result: Experiment) -> str:
    """Return what came out, as text."""
    # All networks forget, so that this is the mean, whatever the law of the memory times.
    run, mean = result.run, result.others.restricted_mean()
    rows = [
        ("stimulus", f"current {PULSE.current:g} from t = {PULSE.start:g} to {PULSE.stop:g}, at rest before"),
        ("memory time", f"{result.memory_time:.1f} until the mean potential falls below {THRESHOLD:g}"),
        (
            "of other seeds",
            f"{mean.value:.1f} on average over {REPLICATES} networks (95 %: {mean.low:.1f} to {mean.high:.1f})",
        ),
        ("spikes", f"{run.stats.spikes:,} up to t = {run.t_stop:.1f}"),
        ("speed", f"{result.spikes_per_second / 1e6:.1f} million spikes/s on all threads"),
        ("limit equilibria", f"{'potential':>9} {'calcium':>9}"),
    ]
    rows += [
        ("  " + point.kind, f"{point.potential:9.5f} {point.calcium:9.5f}") for point in equilibria(MODEL)
    ]
    head = f"facilis {__version__}: a memory experiment on {NEURONS} neurons, seed {run.entropy}"
    return "\n".join([head, "", *(f"{name:<20}{value}" for name, value in rows)])


def draw(result: Experiment, figure: "Figure") -> None:
    """Draw the four panels of the demonstration."""
    plot, run = pictures.plot(), result.run
    axes = figure.subplot_mosaic([["raster", "phase"], ["traces", "survival"]], width_ratios=[1.3, 1.0])
    for ax in axes.values():
        ax.spines[["top", "right"]].set_visible(False)
    plot.raster(run, axes["raster"], legend=False)
    plot.traces(run, axes["traces"], limit=result.limit)
    plot.share_time(axes["raster"], axes["traces"])
    plot.phase_portrait(MODEL, run, axes["phase"])
    curve = result.others.survival()
    plot.survival(curve, axes["survival"], label=f"{REPLICATES} networks")
    still = curve(min(result.memory_time, curve.t[-1]))
    axes["survival"].plot(result.memory_time, still, "o", color="#222222", label="the network shown")
    axes["survival"].legend(frameon=False, fontsize="small", loc="upper right")
    forgotten = PULSE.stop + result.memory_time
    for name in ("raster", "traces"):
        axes[name].axvline(forgotten, color="#222222", lw=1.0, ls=":")
    axes["raster"].annotate(
        "forgotten", (forgotten, 0.5), (4, 0), xycoords=("data", "axes fraction"), textcoords="offset points"
    )


def main(out: str | PathLike[str], seed: int) -> None:
    """Run the experiment, write its figure and print its table."""
    plot = pictures.plot()  # before any work is done, as it may be missing
    result = experiment(seed)
    plot.to_file(out, lambda figure: draw(result, figure), size=(11.0, 6.5))
    print(f"{table(result)}\n\nfigure in {out}")
