"""Verification of splitting: estimates against exact probabilities and against plain simulations.

Each case has one z-score, of a mean over so many runs that it is normal; it fails beyond 5.6, which a correct
program reaches once in 46 million times. It also fails if the variance over runs is more than four times the ideal
one: a mean alone would not show that branches are no longer different.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

import facilis as fc

LIMIT = 5.6
MOST_VARIANCE = 4.0


@dataclass(frozen=True)
class Case:
    """Estimates by splitting, a run each, and what their mean should be, with the standard error of that."""

    name: str
    what: str
    replicas: int
    runs: Callable[[int], np.ndarray]
    expected: Callable[[int], tuple[float, float]]

    def judge(self, seed: int) -> "Judgement":
        """Return what came out."""
        runs, (expected, other) = self.runs(seed), self.expected(seed + 1)
        found, error = _mean(runs)
        joint = sqrt(error**2 + other**2)
        # Runs that are all alike tell nothing of their error.
        score = (found - expected) / joint if joint > 0.0 else 0.0 if found == expected else np.inf
        ideal = expected ** (-1.0 / self.replicas) - 1.0
        return Judgement(found, expected, score, (error / expected) ** 2 * runs.size / ideal)


@dataclass(frozen=True)
class Judgement:
    """Estimate and expectation, their difference in standard errors, and the variance in units of the ideal one."""

    found: float
    expected: float
    score: float
    variance: float

    @property
    def passes(self) -> bool:
        """Whether all is as it should be."""
        return abs(self.score) < LIMIT and self.variance < MOST_VARIANCE


def cases() -> Iterator[Case]:
    """The cases, the quick ones first."""
    for name, rate, until, replicas, runs in [
        # A spike makes an exit before ln 4 impossible, so that only silence up to ln 2 leads out.
        ("silence", 9.0, 0.8, 10, 20_000),
        ("silence-few", 3.0, 0.8, 2, 40_000),
        # After a spike clones that see no other before the horizon tie.
        ("ties", 1.0, 1.3, 3, 60_000),
        ("ties-many", 1.0, 1.3, 10, 20_000),
    ]:
        yield Case(
            name,
            f"{replicas} replicas: one neuron of rate {rate} is silent for ln 2, by t = {until}",
            replicas,
            lambda seed, rate=rate, until=until, replicas=replicas, runs=runs: (
                fc.exit_probability(
                    fc.Model(0.1, 1.0, 1.0, fc.Constant(rate)),
                    1,
                    until,
                    region=fc.Region.calcium_above(0.5),
                    calcium=1.0,
                    score=(0.0, 1.0),
                    replicas=replicas,
                    runs=runs,
                    rng=seed,
                ).runs
            ),
            lambda seed, rate=rate: (2.0**-rate, 0.0),
        )
    yield Case(
        "all-tie",
        "5 replicas: one neuron of rate 1 spikes by t = 0.5; all that don't tie",
        5,
        lambda seed: (
            fc.exit_probability(
                fc.Model(0.1, 1.0, 1.0, fc.Constant(1.0)),
                1,
                0.5,
                region=fc.Region.box(calcium=(0.0, 1.5)),
                calcium=1.0,
                score=(0.0, 1.0),
                replicas=5,
                runs=20_000,
                rng=seed,
            ).runs
        ),
        lambda seed: (1.0 - exp(-0.5), 0.0),
    )
    point = fc.equilibria(fc.Model.example("bistable").replace(alpha=0.27))[-1]
    start = {"potential": point.potential, "calcium": point.calcium}
    pulse = {"stimulus": fc.Pulse(2.0, 12.0, 3.0)}
    for transmits in ("before", "after"):
        for recipients in ("others", "all"):
            for label, options in (("start", start), ("pulse", pulse)):
                yield _forgetting(
                    f"forgetting-{transmits}-{recipients}-{label}", transmits, recipients, options
                )


def _forgetting(name: str, transmits: str, recipients: str, options: dict[str, object]) -> Case:
    alpha = 0.27 if transmits == "before" else 0.25
    model = fc.Model.example("bistable").replace(alpha=alpha, transmits=transmits, recipients=recipients)
    end = 26.0 if "stimulus" in options else 14.0
    setting = {"region": fc.Region.potential_above(0.7), **options}

    def runs(seed: int) -> np.ndarray:
        return fc.exit_probability(model, 15, end, replicas=50, runs=400, rng=seed, **setting).runs

    def expected(seed: int) -> tuple[float, float]:
        left = fc.memory_times(model, 15, end, replicates=40_000, rng=seed, **setting).exited
        return _mean(left.astype(float))

    what = f"networks of 15 forget by t = {end}, against plain simulations"
    return Case(name, what, 50, runs, expected)


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1)) / sqrt(values.size)
