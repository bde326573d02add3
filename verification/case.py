"""One case of the catalogue: a network, its start, what is observed, and what must hold (see FORMAT.md)."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

CATALOGUE = Path(__file__).parent / "catalogue"


def at_least_zero(formula):
    """Extend a rate to the negative potentials that rounding makes."""
    return lambda u: formula(np.maximum(u, 0.0))


# The seven rates as formulas, so that the checks need no compiled code.
FORMULAS = {
    "Constant": lambda value: lambda u: value + 0.0 * u,
    "Linear": lambda slope, base=0.0: at_least_zero(lambda u: base + slope * u),
    "Hill": lambda top, half, power, base=0.0: at_least_zero(
        lambda u: base + top * u**power / (half**power + u**power)
    ),
    "Sigmoid": lambda top, centre, width: at_least_zero(lambda u: top / (1.0 + np.exp((centre - u) / width))),
    "Ramp": lambda low, high, top: at_least_zero(lambda u: top * np.clip((u - low) / (high - low), 0.0, 1.0)),
    "Exponential": lambda scale, slope, cap: at_least_zero(
        lambda u: np.minimum(cap, scale * np.exp(slope * u))
    ),
    "Table": lambda potential, rate: at_least_zero(lambda u: np.interp(u, potential, rate)),
}


@dataclass(frozen=True)
class Case:
    """The numbers of one case, as its file states them."""

    name: str
    title: str
    part: str
    model: dict[str, Any]
    n: int
    potential: Any
    calcium: Any
    t_end: float
    replicates: int
    checks: list[dict[str, Any]]
    reduced: int = 0
    pulses: list[list[float]] = field(default_factory=list)
    region: dict[str, float] | None = None
    spikes: bool = False

    @property
    def parameters(self):
        """The model's parameters but its rate, as attributes."""
        return SimpleNamespace(**{key: value for key, value in self.model.items() if key != "rate"})

    @property
    def phi(self):
        """The rate as a NumPy function."""
        (kind, parameters), *_ = self.model["rate"].items()
        return FORMULAS[kind](**parameters)

    @property
    def knots(self):
        """Potentials at which a rate that is not monotone may turn."""
        return self.model["rate"].get("Table", {}).get("potential", [])

    @property
    def has_corners(self):
        """Whether the rate has corners, across which quadrature is of low order."""
        return not self.model["rate"].keys().isdisjoint({"Ramp", "Exponential", "Table"})

    @property
    def stimulus(self):
        """The pulses, as attributes."""
        return [SimpleNamespace(start=a, stop=b, current=c) for a, b, c in self.pulses]


def load(path: Path) -> Case:
    """Read one case."""
    return Case(**json.loads(path.read_text()))


def catalogue(only: str = "") -> list[Case]:
    """Read all cases whose names contain `only`."""
    return [load(path) for path in sorted(CATALOGUE.glob("*.json")) if only in path.stem]
