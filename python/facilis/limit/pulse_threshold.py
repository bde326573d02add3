"""The smallest stimulus that leads the limit equation into the basin of memory."""

from math import inf

import numpy as np

from .. import _core, checks
from ..model.model import Model
from ..model.stimulus import Current, Pulse
from ..result import Floats
from .equilibria import Equilibrium, equilibria

_STRONGEST = 1e100  # current of a pulse


def pulse_threshold(model: Model, duration: float) -> float:
    """Return the smallest current of a pulse after which the limit stays in the memory basin.

    The pulse finds the network at its lowest stable equilibrium, at rest where neurons without potential don't
    spike. The memory basin is that of the highest stable equilibrium; its border is the stable manifold of the
    saddle below. For nondecreasing rates the state at the end of the pulse rises with the current, so that
    bisection finds the threshold.

    Parameters
    ----------
    model : Model
    duration : float
        Of the pulse, finite, > 0.

    Returns
    -------
    float
        0 where rest itself is unstable; inf where no pulse does it: for lack of a second stable equilibrium, or
        because it would need a current beyond 1e100.

    Raises
    ------
    ValueError
        If the rate isn't nondecreasing: the memory could then be left again by a stronger pulse.
    RuntimeError
        If the equation is too stiff to follow the curve, as very steep rates make it.

    Examples
    --------
    >>> print(f"{fc.pulse_threshold(fc.Model.example('memory'), 20.0):.5f}")
    0.98411
    """
    checks.instance("model", model, Model)
    allowed = "a finite number > 0"
    if (length := checks.finite("duration", duration, allowed)) <= 0.0:
        raise ValueError(checks.wrong("duration", allowed, duration))
    if not model.rate.is_nondecreasing:
        raise ValueError(checks.wrong("model", "one with a nondecreasing rate", model))
    points = equilibria(model)
    stable = [k for k, point in enumerate(points) if point.stable]
    if len(stable) < 2:
        # Where rest is a saddle, whatever moves the network moves it to the only stable state.
        return 0.0 if stable == [1] and points[0].potential == 0.0 else inf
    rest, index = points[stable[0]], stable[-1] - 1
    # No state after a pulse has more calcium than lasting spikes at the highest rate give.
    most = 1.0 + max(rest.calcium, model.rate(1e300) / model.lam)
    u, r = _core.manifold(model._handle, 0.0, index, inf, most, 1e-11)

    least = min(1.0, *(x for x in (points[index].potential, points[index].calcium) if x > 0.0))

    def remembers(current: float) -> bool:
        with checks.naming(t_end="duration"):
            state = _after(model, rest, Pulse(0.0, length, current), 1e-14 * least)
        return bool(state[1] > np.interp(state[0], u, r, left=inf, right=-inf))

    low, high = 0.0, 1.0
    while not remembers(high):
        low, high = high, 2.0 * high
        if high > _STRONGEST:
            return inf
    while (middle := 0.5 * (low + high)) not in (low, high) and high - low > 1e-14 * high:
        low, high = (low, middle) if remembers(middle) else (middle, high)
    return high


def _after(model: Model, start: Equilibrium, pulse: Pulse, atol: float) -> Floats:
    """Return potential and calcium at the end of a pulse."""
    atom = np.array([start.potential]), np.array([start.calcium]), np.ones(1)
    pieces = _core.solve_limit(model._handle, pulse.stop, *atom, Current((pulse,)).handle, 1e-12, atol)
    return _core.values_of(*pieces, np.array([pulse.stop]))[:2, 0]
