"""Which value of a field gives so many spikes at a potential: formulas for arrays, and for jets of intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..model.rate import Constant, Exponential, Hill, Linear, Rate, Sigmoid
from .jet import Jet

#: (rate, potential, spikes per unit of time) -> the value of the field.
Inverse = Callable[[Any, Any, Any], Any]


def _share(odds: Any, against: Any) -> Any:
    """Return the share x/(1 + x) of odds x, which are given with their inverse."""
    if not isinstance(odds, Jet):
        return odds / (1.0 + odds)
    # The one is narrow where the odds are small, the other where they are large.
    return odds / (1.0 + odds) & 1.0 / (1.0 + against)


def _logit(spikes: Any, top: float) -> Any:
    """Return the logarithm of the odds of which `spikes` are the share of `top`."""
    return np.log(spikes) - np.log(top - spikes)


def _hill(rate: Any, u: Any) -> Any:
    return rate.top * _share(np.power(u / rate.half, rate.power), np.power(rate.half / u, rate.power))


def _sigmoid(rate: Any, u: Any) -> Any:
    z = (u - rate.centre) / rate.width
    return rate.top * _share(np.exp(z), np.exp(-1.0 * z))


_INVERSES: dict[tuple[type, str], Inverse] = {
    (Constant, "value"): lambda rate, u, spikes: spikes,
    (Linear, "slope"): lambda rate, u, spikes: (spikes - rate.base) / u,
    (Linear, "base"): lambda rate, u, spikes: spikes - rate.slope * u,
    (Hill, "top"): lambda rate, u, spikes: (spikes - rate.base) * (1.0 + np.power(rate.half / u, rate.power)),
    (Hill, "half"): lambda rate, u, spikes: (
        u * np.exp(-1.0 / rate.power * _logit(spikes - rate.base, rate.top))
    ),
    (Hill, "power"): lambda rate, u, spikes: _logit(spikes - rate.base, rate.top) / np.log(u / rate.half),
    (Hill, "base"): lambda rate, u, spikes: spikes - _hill(rate, u),
    (Sigmoid, "top"): lambda rate, u, spikes: spikes * (1.0 + np.exp((rate.centre - u) / rate.width)),
    (Sigmoid, "centre"): lambda rate, u, spikes: u - rate.width * _logit(spikes, rate.top),
    (Sigmoid, "width"): lambda rate, u, spikes: (u - rate.centre) / _logit(spikes, rate.top),
    (Exponential, "scale"): lambda rate, u, spikes: spikes * np.exp(-rate.slope * u),
    (Exponential, "slope"): lambda rate, u, spikes: np.log(spikes / rate.scale) / u,
}

_SMOOTH: dict[type, Callable[[Any, Any], Any]] = {
    Constant: lambda rate, u: rate.value + 0.0 * u,
    Linear: lambda rate, u: rate.base + rate.slope * u,
    Hill: lambda rate, u: rate.base + _hill(rate, u),
    Sigmoid: _sigmoid,
    Exponential: lambda rate, u: rate.scale * np.exp(rate.slope * u),
}


def is_smooth(rate: Rate) -> bool:
    """Tell whether a rate is one formula from 0 on: a ramp, a table and a capped exponential are not."""
    return type(rate) in _SMOOTH and not (isinstance(rate, Exponential) and np.isfinite(rate.cap))


def inverses(rate: Rate) -> dict[str, Inverse]:
    """Return, for each field of the rate that can be found from a potential and its spikes, how."""
    return {field: f for (kind, field), f in _INVERSES.items() if kind is type(rate) and is_smooth(rate)}


def smooth(rate: Rate) -> Callable[..., Any]:
    """Return a smooth rate as a formula for arrays and for jets, in which fields may be given other values."""
    formula = _SMOOTH[type(rate)]
    held = {field.name: getattr(rate, field.name) for field in fields(rate)}  # type: ignore[arg-type]
    return lambda u, **changes: formula(SimpleNamespace(**held | changes), u)
