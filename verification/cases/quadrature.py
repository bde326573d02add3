"""(f) Two and three neurons: the law by quadrature over the first spikes."""

import itertools

from ..case import Case
from ..references import quadrature
from .common import CONVENTIONS, HILL, mean_check, model

TRANSFORMS = (
    {"potential_0": 1.0},
    {"potential_1": 2.0, "calcium_0": 0.5},
    {"potential_0": 1.0, "potential_1": 1.0},
)


def cases():
    """(f) Two and three neurons: counts and Laplace transforms of (U, R) by quadrature over the first spikes."""
    for n, (transmits, recipients) in itertools.product((2, 3), CONVENTIONS):
        start = ([0.6, 1.2, 0.3][:n], [1.0, 2.0, 0.5][:n])
        spikes, nodes = (4, 8) if n == 2 else (3, 8)
        case = Case(
            f"f-quadrature-{n}-{transmits}-{recipients}",
            f"{n} unequal neurons: spike counts and joint law of (U, R) at t = 1",
            "f",
            model(HILL, 2.0, 1.0, 0.5, transmits, recipients),
            n,
            *start,
            1.0,
            40_000,
            [],
            reduced=4000,
            spikes=True,
        )
        origin = f"quadrature over at most {spikes} spikes (references/quadrature.py), error < 1e-6"
        law = quadrature.counts(case, spikes, nodes)
        likely = sorted(law, key=law.get, reverse=True)[:6]
        for key in likely:
            case.checks.append({"test": "event", "counts": key, "probability": law[key], "origin": origin})
        for a in TRANSFORMS:
            expected, variance = quadrature.transform(case, a, spikes, nodes)
            quantity = {"exponential": a, "at_most_spikes": spikes}
            case.checks.append(mean_check(quantity, expected, variance, origin))
        yield case
