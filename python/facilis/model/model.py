"""The model: its parameters, and the limit equation that they define."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from math import inf
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, card, checks
from ..caller import meant
from .rate import Hill, Rate

_EXAMPLES = {"memory": 0.22, "bistable": 0.30, "ghost": 0.21}


@dataclass(frozen=True)
class Model:
    """Spiking neurons, all connected to all, whose synapses facilitate.

    Neuron i has a potential U_i and a residual calcium R_i. It spikes at rate φ(U_i); then the potential of
    every other neuron jumps by (alpha/n)·R_i, and R_i by 1. Between spikes dU/dt = −beta·U + I(t) and
    dR/dt = −lam·R.

    Parameters
    ----------
    alpha : float
        Synaptic strength, 0, or from 1e-300 to 1e100.
    beta, lam : float
        Rates at which potential and calcium decay, > 0: from 1e-100 to 1e9.
    rate : Rate
        The spiking rate φ.
    transmits : {"before", "after"}
        Whether a spike transmits the calcium just before or just after its own increment.
    recipients : {"others", "all"}
        Whether the neuron that spikes gets its own spike as well.

    References
    ----------
    A. Galves, E. Löcherbach, C. Pouzat, E. Presutti, A system of interacting neurons with short term synaptic
    facilitation, J. Stat. Phys. 178 (2020) 869–892, doi:10.1007/s10955-019-02467-1.

    Examples
    --------
    >>> model = fc.Model(alpha=0.22, beta=1.0, lam=0.1, rate=fc.Hill(top=1.0, half=1.0, power=4))
    >>> round(model.kappa, 6), model.replace(alpha=0.3).alpha
    (2.2, 0.3)
    """

    alpha: float
    beta: float
    lam: float
    rate: Rate
    transmits: str = "before"
    recipients: str = "others"
    _handle: ClassVar[_core.Model]  # of each instance; as a ClassVar it is no field

    def __post_init__(self) -> None:
        for name in ("alpha", "beta", "lam"):
            object.__setattr__(self, name, checks.number(name, getattr(self, name)))
        if not isinstance(self.rate, Rate) or type(self.rate) is Rate:
            allowed = "a Constant, Linear, Hill, Sigmoid, Ramp, Exponential or Table"
            if callable(self.rate) and not isinstance(self.rate, type | Rate):
                allowed += " (Table.from_function makes one of a function)"
            raise TypeError(checks.wrong("rate", allowed, self.rate))
        checks.choice("transmits", self.transmits, ("before", "after"))
        checks.choice("recipients", self.recipients, ("others", "all"))
        handle = _core.Model(
            self.alpha, self.beta, self.lam, self.rate._handle, self.transmits, self.recipients
        )
        object.__setattr__(self, "_handle", handle)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, field.name) for field in fields(self))

    @classmethod
    def example(cls, name: str) -> Model:
        """Return a model to try things with: beta 1, lam 0.1, Hill(1, 1, 4).

        Parameters
        ----------
        name : {"memory", "bistable", "ghost"}
            alpha 0.22, where a small network remembers for long but not for ever; 0.30, where two stable
            equilibria are well apart; 0.21, just below the fold at which they are born.
        """
        alpha = _EXAMPLES[checks.choice("name", name, tuple(_EXAMPLES))]
        return cls(alpha, 1.0, 0.1, Hill(1.0, 1.0, 4.0))

    @property
    def kappa(self) -> float:
        """alpha/(beta·lam): for "before" and no current, all that equilibria depend on besides φ."""
        return self.alpha / self.beta / self.lam

    @property
    def _offset(self) -> float:
        """Calcium transmitted beyond that before the spike: 0 ("before") or 1 ("after")."""
        return self._handle.transmitted_offset

    def replace(self, **changes: Any) -> Model:
        """Return a new model with some parameters changed; TypeError for a name that is none of them."""
        names = [field.name for field in fields(self)]
        for name in changes:
            if name not in names:
                raise TypeError(
                    f"the parameter to replace must be one of {', '.join(names)}, got {name!r}{meant(name, names)}"
                )
        return replace(self, **changes)

    def _repr_html_(self) -> str:
        return card.card("Model", card.table([*card.parts(self), ("kappa", self.kappa)]))

    def to_json(self) -> str:
        """Return all parameters, those of the rate included, as JSON, which `from_json` reads.

        The rate has its class beside its parameters. Where JSON has no number, for infinity, stands null.

        Examples
        --------
        >>> text = fc.Model.example("memory").to_json()
        >>> fc.Model.from_json(text) == fc.Model.example("memory")
        True
        """
        rate: dict[str, Any] = {"class": type(self.rate).__name__}
        for name, value in card.parts(self.rate):
            rate[name] = value.tolist() if isinstance(value, np.ndarray) else None if value == inf else value
        return json.dumps(dict(card.parts(self)) | {"rate": rate}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Return the model that `to_json` wrote; ValueError if the text is none of these.

        Examples
        --------
        >>> text = fc.Model(0.3, 1.0, 0.1, fc.Exponential(0.1, 1.0, np.inf)).to_json()
        >>> fc.Model.from_json(text).rate.cap
        inf
        """
        allowed = "the JSON of a model"
        checks.word("text", text, allowed)
        rates = {kind.__name__: kind for kind in Rate.__subclasses__()}
        try:
            values: dict[str, Any] = json.loads(text)
            rate = rates[values["rate"].pop("class")]
            own = {name: inf if value is None else value for name, value in values["rate"].items()}
            return cls(**values | {"rate": rate(**own)})
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            raise ValueError(checks.wrong("text", allowed, text)) from None

    def vector_field(self, t: float, y: ArrayLike, current: float = 0.0) -> NDArray[np.float64]:
        """Return the right-hand side of the limit equation, for `scipy.integrate.solve_ivp` and the like.

        u' = −beta·u + alpha·ψ·φ(u) + current, r' = −lam·r + φ(u), with ψ = r ("before") or r + 1 ("after").

        Parameters
        ----------
        t : float
            Ignored: only the current depends on time, and it is given.
        y : array_like, shape (2,) or (2, k)
            Potential u and calcium r.
        current : float
            The external current at time `t`.

        Returns
        -------
        ndarray of float64, of the shape of `y`
        """
        state = _plane(y)
        constant = checks.finite("current", current)
        change = self._handle.vector_field(state[0].ravel(), state[1].ravel(), constant)
        return np.stack(change).reshape(state.shape)

    def jacobian(self, t: float, y: ArrayLike, current: float = 0.0) -> NDArray[np.float64]:
        """Return the derivative of `vector_field` in `y`; the same arguments serve both.

        Parameters
        ----------
        t : float
            Ignored, as by `vector_field`.
        y : array_like, shape (2,)
            Potential u and calcium r.
        current : float
            The external current at time `t`, which the derivative does not depend on.

        Returns
        -------
        ndarray of float64, shape (2, 2)
            Row 0 is the derivative of du/dt, row 1 that of dr/dt.
        """
        state = _plane(y)
        checks.finite("current", current)
        if state.ndim != 1:
            raise ValueError(checks.wrong_shape("y", "an array of shape (2,)", y, state.shape))
        return self._handle.jacobian(state[0], state[1])


def _plane(y: ArrayLike) -> NDArray[np.float64]:
    allowed = "real numbers of shape (2,) or (2, k)"
    state = checks.reals("y", y, allowed)
    if state.ndim not in (1, 2) or state.shape[0] != 2 or np.isnan(state).any():
        raise ValueError(checks.wrong_shape("y", allowed, y, state.shape))
    return state
