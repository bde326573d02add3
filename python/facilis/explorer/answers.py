"""What is drawn for given settings: curves of the limit equation, one exact run, memory times of many networks."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..limit.equilibria import equilibria, nullclines
from ..limit.separatrix import separatrix
from ..limit.solution import solve_limit
from ..memory.measurement import memory_times
from ..memory.survival import kaplan_meier
from ..memory.times import MemoryTimes
from ..simulation.region import Region
from ..simulation.simulate import simulate
from .settings import Settings

Floats = NDArray[np.float64]

GRID = 500  # times of traces, and points of nullclines: about one for each pixel
SHOWN_NEURONS = 60  # in the raster
MOST_SPIKES = 4_000_000  # of one run: about 60 ms
CHUNK_SPIKES = 1_000_000.0  # of all networks of one chunk of memory times
MOST_REPLICATES = 400


@dataclass
class Answer:
    """Numbers and words (`facts`) and arrays by name, with `notes` on what could not be had."""

    facts: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, Floats] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Turn errors and warnings of one part into notes, so that the others are shown all the same."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                yield
            except (ValueError, RuntimeError) as error:
                self.notes.append(f"{what}: {error}")
        self.notes += [f"{what}: {warning.message}" for warning in caught]


def picture(settings: Settings) -> Answer:
    """Return all but the memory times: well under 150 ms for a thousand neurons."""
    clock = perf_counter()
    answer = Answer(facts={"code": settings.code(), "start": [settings.potential, settings.calcium]})
    answer.facts["pulses"] = [[pulse.start, pulse.stop] for pulse in settings.stimulus()]
    for what, part in (("run", _run), ("limit", _limit), ("phase plane", _plane)):
        with answer.attempt(what):
            part(settings, answer)
    answer.facts["milliseconds"] = 1e3 * (perf_counter() - clock)
    return answer


def _start(settings: Settings) -> dict[str, Any]:
    return {
        "potential": settings.potential,
        "calcium": settings.calcium,
        "stimulus": settings.stimulus(),
    }


def _run(settings: Settings, answer: Answer) -> None:
    shown = np.unique(np.linspace(0, settings.n - 1, min(settings.n, SHOWN_NEURONS)).astype(int))
    run = simulate(
        settings.model(),
        settings.n,
        settings.t_end,
        grid=GRID,
        spikes=shown,
        max_spikes=MOST_SPIKES,
        rng=settings.seed,
        **_start(settings),
    )
    assert run.spikes is not None
    answer.arrays |= {
        "run.t": run.t,
        "run.potential": run.potential,
        "run.calcium": run.calcium,
        "spikes.time": run.spikes.time,
        "spikes.row": np.searchsorted(shown, run.spikes.neuron).astype(float),
    }
    answer.facts |= {"rows": len(shown), "spikes": run.stats.spikes, "stop": run.stop}


def _limit(settings: Settings, answer: Answer) -> None:
    sol = solve_limit(settings.model(), settings.t_end, grid=GRID, **_start(settings))
    answer.arrays |= {"limit.t": sol.t, "limit.potential": sol.potential, "limit.calcium": sol.calcium}


def _plane(settings: Settings, answer: Answer) -> None:
    model = settings.model()
    points = equilibria(model)
    answer.facts["equilibria"] = [[p.potential, p.calcium, p.stable, p.kind] for p in points]
    width, height = _extent(settings, points, answer)
    potential = np.linspace(0.0, width, GRID)
    potential_still, calcium_still = nullclines(model, potential)
    answer.arrays |= {
        "plane.potential": potential,
        "plane.potential_still": potential_still,
        "plane.calcium_still": calcium_still,
    }
    answer.facts["extent"] = [width, height]
    saddles = sum(point.kind == "saddle" for point in points)
    for k in range(saddles):
        curve = separatrix(model, saddle=k, calcium=height, tolerance=1e-3)
        answer.arrays |= {
            f"separatrix.{k}.potential": curve.potential,
            f"separatrix.{k}.calcium": curve.calcium,
        }


def _extent(settings: Settings, points: Any, answer: Answer) -> tuple[float, float]:
    """Return the potential and the calcium up to which the plane is shown: everything fits in."""

    def largest(name: str, start: float, values: list[float]) -> float:
        curves = [answer.arrays.get(f"{source}.{name}") for source in ("run", "limit")]
        tops = [float(curve.max()) for curve in curves if curve is not None and curve.size]
        return 1.1 * max(1e-3, start, *values, *tops)

    return (
        largest("potential", settings.potential, [p.potential for p in points]),
        largest("calcium", settings.calcium, [p.calcium for p in points]),
    )


class MemorySurvey:
    """Memory times of networks with the same settings, a chunk at a time."""

    def __init__(self, settings: Settings) -> None:
        """Begin with no network."""
        self.settings = settings
        self.t_max = max(20.0, min(2000.0, CHUNK_SPIKES / settings.n)) + self._watched_from()
        self.replicates = 1
        self.time: Floats = np.empty(0)
        self.exited: NDArray[np.bool_] = np.empty(0, bool)
        self.chunks = 0

    def _watched_from(self) -> float:
        return max((pulse.stop for pulse in self.settings.stimulus()), default=0.0)

    @property
    def done(self) -> bool:
        """Whether there are networks enough."""
        return self.time.size >= MOST_REPLICATES

    def more(self) -> Answer:
        """Let some more networks remember; return the survival curve of all so far."""
        answer = Answer()
        with answer.attempt("memory"):
            found = self._chunk()
            self.time, self.exited = np.append(self.time, found.time), np.append(self.exited, found.exited)
            curve = kaplan_meier(self.time, self.exited)
            answer.arrays |= {
                "t": curve.t,
                "probability": curve.probability,
                "low": curve.low,
                "high": curve.high,
            }
        answer.facts |= {
            "networks": self.time.size,
            "exits": int(self.exited.sum()),
            "watched": self.t_max - self._watched_from(),
            # Nothing will be better next time where a part could not be had at all.
            "done": self.done or not answer.arrays,
        }
        return answer

    def _chunk(self) -> MemoryTimes:
        clock = perf_counter()
        found = memory_times(
            self.settings.model(),
            self.settings.n,
            self.t_max,
            region=Region.potential_above(self.settings.threshold),
            replicates=self.replicates,
            rng=np.random.SeedSequence(self.settings.seed, spawn_key=(self.chunks,)),
            **_start(self.settings),
        )
        self.chunks += 1
        # Towards chunks of 40 ms: a change of a slider waits for one at most.
        pace = 0.04 / max(perf_counter() - clock, 1e-4)
        self.replicates = int(np.clip(self.replicates * min(pace, 4.0), 1, MOST_REPLICATES // 4))
        return found
