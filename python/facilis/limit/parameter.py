"""What a diagram can have on its axis: a parameter of the model, a field of its rate, or the current."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from .. import _core, checks
from ..model.model import Model
from ..result import Floats
from .equilibria import equilibria
from .jet import Jet
from .rate_inverse import inverses, is_smooth, smooth
from .turning import Undecided, turning_points

_OF_THE_MODEL = ("alpha", "beta", "lam", "kappa", "current")
# What lowers the spiking rate, or what it does, as it grows; the others raise it.
_LOWERING = ("beta", "lam", "rate.half", "rate.centre")


@dataclass(frozen=True)
class Parameter:
    """A parameter by name, of a model of which all else is held.

    At any potential one value of it at most makes an equilibrium there, so that equilibria are a curve
    `value(u)`, and folds are where it turns.
    """

    name: str
    model: Model
    current: float

    @property
    def field(self) -> str:
        """The field of the rate that it is; "" if it is none."""
        return self.name.removeprefix("rate.") if self.name.startswith("rate.") else ""

    def at(self, value: float) -> tuple[Model, float]:
        """Return the model and the current where the parameter has that value."""
        if self.name == "current":
            return self.model, value
        if self.name == "kappa":
            return self.model.replace(alpha=value * self.model.beta * self.model.lam), self.current
        if self.field:
            return self.model.replace(rate=replace(self.model.rate, **{self.field: value})), self.current  # type: ignore[type-var]
        return self.model.replace(**{self.name: value}), self.current

    def own(self) -> float | None:
        """Return the value in the model; None for a current, of which it has none."""
        if self.name == "current":
            return None
        owner = self.model.rate if self.field else self.model
        return float(getattr(owner, self.field or self.name))

    def ends(self, low: float, high: float) -> tuple[float, float]:
        """Return the ends of a range, both of which make a model."""
        check = checks.finite if self.name == "rate.centre" else checks.nonnegative
        ends = check("low", low), check("high", high)
        if not ends[0] < ends[1]:
            raise ValueError(checks.wrong("high", f"a number > low = {ends[0]!r}", high))
        for name, end in zip(("low", "high"), ends, strict=True):
            try:
                self.at(end)
            except ValueError as error:
                raise ValueError(
                    checks.wrong(name, f"a value that {self.name} can have", end) + f": {error}"
                ) from None
        return ends

    def value(self, u: Any, phi: Any = None, gain: Any = None) -> Any:
        """Return the value that makes an equilibrium at each potential; what is none is nan, or out of range.

        For intervals of potentials, as jets, `phi` is the rate there, and `gain` by how much `u` exceeds
        current/beta, which a difference of the two would tell less precisely.
        """
        model, current = self.model, self.current
        gain = u - current / model.beta if gain is None else gain
        if self.field:
            return inverses(model.rate)[self.field](model.rate, u, self._spikes(gain))
        phi = np.asarray(model.rate(u)) if phi is None else phi
        drive = phi * (phi / model.lam + model._offset)
        match self.name:
            case "current":
                return model.beta * u - model.alpha * drive
            case "beta":
                return (current + model.alpha * drive) / u
            case "lam":
                return model.alpha * phi * phi / (model.beta * gain - model.alpha * model._offset * phi)
            case "kappa":
                return gain / drive / model.lam
        return model.beta * gain / drive

    def _spikes(self, gain: Any) -> Any:
        """Return the rate of spikes that holds each potential: the root of alpha·φ·ψ = beta·gain."""
        needed = self.model.beta * gain / self.model.alpha
        if self.model._offset == 0.0:
            return np.sqrt(self.model.lam * needed)
        return 2.0 * needed / (1.0 + np.sqrt(1.0 + (4.0 / self.model.lam) * needed))

    def _gain(self, u: float, value: float) -> float:
        """Return by how much the spikes at a potential would raise it above current/beta."""
        model, _ = self.at(value)
        phi = model.rate(u)
        return model.alpha * phi * (phi / model.lam + model._offset) / model.beta

    def is_reached(self, u: float, one: float, other: float) -> bool:
        """Tell whether a value between makes an equilibrium there: spikes are too few at one of the two alone."""
        few = [
            model.beta * u > model.beta * self._gain(u, end) + current
            for end in (one, other)
            for model, current in [self.at(end)]
        ]
        return few[0] != few[1]

    def is_raising(self, u: float) -> bool:
        """Tell whether a greater value drives a neuron of that potential more."""
        if self.name == "rate.power":
            return bool(u > self.model.rate.half)  # type: ignore[attr-defined]
        if self.name == "rate.width":
            return bool(u < self.model.rate.centre)  # type: ignore[attr-defined]
        return self.name not in _LOWERING

    def calcium(self, u: Floats, value: Floats) -> Floats:
        """Return the calcium of equilibria."""
        if self.field:
            models = (self.at(float(v))[0] for v in value)
            return np.array([model.rate(float(x)) / model.lam for x, model in zip(u, models, strict=True)])
        return np.asarray(self.model.rate(u)) / (value if self.name == "lam" else self.model.lam)

    def quiet(self, low: float, high: float) -> float | None:
        """Return the potential at which there is an equilibrium whatever the value, or None."""
        if self.name == "current" or (self.name == "beta" and self.current > 0.0):
            return None
        u = self.current / self.model.beta
        silent = self.model.alpha == 0.0 and self.name not in ("alpha", "kappa")
        return u if silent or all(self.at(end)[0].rate(u) == 0.0 for end in (low, high)) else None

    def folds(self, low: float, high: float) -> list[tuple[float, float, str]]:
        """Return all folds with a value from `low` to `high`, by potential: (value, potential, kind)."""
        if self.name in ("alpha", "kappa"):
            unit = 1.0 if self.name == "alpha" else self.model.beta * self.model.lam
            core = _core.folds(self.model._handle, self.current)
            found = [(alpha / unit, u, kind) for alpha, u, kind in core]
        else:
            found = self._rest() + [(self.value_at(u), u, kind) for u, kind in self._turns(low, high)]
        return [fold for fold in found if low <= fold[0] <= high]

    def value_at(self, u: float) -> float:
        """Return the value that makes an equilibrium at one potential."""
        with np.errstate(all="ignore"):
            return float(self.value(np.array(u)))

    def _rest(self) -> list[tuple[float, float, str]]:
        """Return the beta at which the state in which no neuron spikes loses its stability."""
        model = self.model
        if self.name != "beta" or self.current > 0.0 or model.rate(0.0) > 0.0:
            return []
        slope = model.alpha * model._offset * model.rate.derivative(0.0)
        return [(slope, 0.0, "rest")] if slope > 0.0 else []

    def _turns(self, low: float, high: float) -> list[tuple[float, str]]:
        """Return the potentials at which the curve turns, in closed form where there is one."""
        model, current = self.model, self.current
        if self.name == "current":
            return _core.folds_of_current(model._handle)
        if self.name == "beta":
            return _core.folds_of_beta(model._handle, current)
        if self.is_closed():
            return [(u, kind) for _, u, kind in _core.folds(model._handle, current)]
        return [] if model.alpha == 0.0 else [(u, "smooth") for u in self._searched(low, high)]

    def is_closed(self) -> bool:
        """Tell whether folds are known in closed form, of any value."""
        return self.name in ("alpha", "kappa", "current", "beta") or (
            self.name == "lam" and self.model._offset == 0.0
        )

    def _searched(self, low: float, high: float) -> list[float]:
        model, phi, span = self.model, smooth(self.model.rate), self._span(low, high)
        if span is None:
            return []
        rest = self.current / model.beta

        def value(gain: Jet) -> Jet:
            found: Jet = self.value(rest + gain, phi(rest + gain), gain)
            return found

        def balance(gain: Jet, value: Jet) -> Jet:
            rate = phi(rest + gain, **{self.field: value}) if self.field else phi(rest + gain)
            lam = value if self.name == "lam" else model.lam
            surplus: Jet = model.alpha * rate * (rate / lam + model._offset) - model.beta * gain
            return surplus

        try:
            return [rest + gain for gain in turning_points(value, balance, span, low, high)]
        except Undecided as error:
            raise ValueError(
                "low and high must leave out where folds can't be told apart with certainty: "
                f"{self.name} from {low!r} to {high!r} may have a cusp, or rest may lose its stability, "
                f"near potential {rest + error.place:.6g}"
            ) from None

    def _span(self, low: float, high: float) -> tuple[float, float] | None:
        """Return gains between which all equilibria are, for all values from `low` to `high`; None without any.

        At each potential the balance of drive and decay is monotone in the value. So where it has one sign for
        both ends, it has that sign for all values between them.
        """
        quiet = self.quiet(low, high)
        ends = {end: equilibria(*self.at(end)) for end in (low, high)}
        active = [self._gain(e.potential, end) for end in ends for e in ends[end] if e.potential != quiet]
        if quiet is not None and ends[low][0].stable != ends[high][0].stable:
            active.append(0.0)
        return (min(active) * (1.0 - 1e-9), max(active) * (1.0 + 1e-9)) if active else None


def parameter(name: str, of: Model, current: float, argument: str = "parameter") -> Parameter:
    """Return a parameter of which all equilibria can be found; ValueError for what is none."""
    known = list(_OF_THE_MODEL)
    if of._offset > 0.0 and not is_smooth(of.rate):
        known.remove("lam")
    known += [f"rate.{field}" for field in inverses(of.rate)]
    return Parameter(checks.choice(argument, name, tuple(known)), of, current)


def any_parameter(name: str, of: Model, current: float, argument: str) -> Parameter:
    """Return a parameter that can be set: any of the model, or any number in its rate."""
    numbers = [f.name for f in fields(of.rate) if isinstance(getattr(of.rate, f.name), float)]  # type: ignore[arg-type]
    known = ("alpha", "beta", "lam", "current", *(f"rate.{field}" for field in numbers))
    return Parameter(checks.choice(argument, name, known), of, current)
