"""The law of one neuron's calcium written again: its spikes counted by SciPy, and summed on one fine lattice.

The mean number of spikes is integrated along with the limit equation, so that the number of jumps in a cell of the
lattice is a difference. A jump is moved by a cell at most, half of them up and half of them down, so that the law
found lies within two cells of the true one. Smaller values of calcium have lattices of their own: calcium is at
most x only where no jump is greater than x.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, exp, inf, log2

import numpy as np
from scipy.integrate import solve_ivp

import facilis as fc

from .oracle import rate_of

_MOST_EVALUATIONS = 60_000
_CELLS = 2**16  # per greatest jump
_LARGEST = 2**22
_RESOLVED = 500  # cells from 0 from which on the shape of small jumps doesn't matter
_NEGLIGIBLE = 1e-8


@dataclass
class Spikes:
    """Time, mean number of spikes so far, and mean calcium without the start's, for one of the neurons."""

    model: fc.Model
    t: float
    parts: list

    @classmethod
    def until(cls, model, pulses, start, own, t):
        """Integrate along the limit for equal neurons, for one that starts at the potential `own`.

        None where SciPy fails, or takes very long.
        """
        phi, left = rate_of(model.rate), iter(range(_MOST_EVALUATIONS))
        alpha, beta, lam, more = model.alpha, model.beta, model.lam, float(model.transmits == "after")
        edges = sorted({0.0, t, *(e for p in pulses for e in (p.start, p.stop) if 0.0 < e < t)})
        state, parts = [start[0], start[1], 0.0, 0.0], []
        for a, b in pairwise(edges):
            current = sum(p.current for p in pulses if p.start <= 0.5 * (a + b) < p.stop)

            def change(s, y, current=current):
                if next(left, None) is None:
                    raise OverflowError("too many evaluations")
                f, g = phi(y[0]), phi(max(y[0] + (own - start[0]) * exp(-beta * s), 0.0))
                return [
                    -beta * y[0] + alpha * (y[1] + more) * f + current,
                    -lam * y[1] + f,
                    g,
                    -lam * y[3] + g,
                ]

            try:
                with np.errstate(all="ignore"):
                    sol = solve_ivp(
                        change,
                        (a, b),
                        state,
                        "DOP853",
                        rtol=1e-11,
                        atol=1e-13,
                        dense_output=True,
                        max_step=max(0.3 / max(beta, lam), (b - a) / 1000),
                    )
            except (OverflowError, ValueError):
                return None
            if not sol.success or not np.isfinite(sol.y).all():
                return None
            parts.append((a, b, sol.sol))
            state = sol.y[:, -1]
        return cls(model, t, parts)

    def at(self, times):
        """Mean numbers of spikes so far, and mean calcium, at times."""
        values = np.zeros((2, len(times)))
        for a, b, sol in self.parts:
            inside = (times >= a) & (times <= b)
            if inside.any():
                values[:, inside] = sol(times[inside])[2:4]
        return values

    @property
    def number(self):
        """The mean number of all spikes."""
        return float(self.at(np.array([self.t]))[0, 0])

    @property
    def greatest(self):
        """The greatest jump that is left, up to 10^−10 spikes."""
        ages = np.concatenate([[0.0], np.geomspace(1e-9 * self.t, self.t, 4000)])
        recent = self.number - self.at(self.t - ages)[0]
        return exp(-self.model.lam * ages[max(int(np.searchsorted(recent, 1e-10)) - 1, 0)])


def lattice_law(spikes, greatest):
    """The sum of the jumps up to `greatest`: its cell, its distribution function on multiples of it, the missing.

    The last is the mean number of jumps that are greater. None where the lattice would be too large.
    """
    lam, t = spikes.model.lam, spikes.t
    y = np.arange(1, _CELLS + 1) / _CELLS
    times = t + np.log(greatest * y) / lam
    count, calcium = spikes.at(np.maximum(times, 0.0)) * (times > 0.0)
    mass = np.maximum(np.diff(count), 0.0)
    small = calcium[0] * exp(lam * (times[0] - t)) / greatest if times[0] > 0.0 else 0.0
    mean = small + float(mass @ y[1:])
    size = 2 ** ceil(log2((mean + 12.0 * np.sqrt(mean) + 16.0) * _CELLS))
    if size > _LARGEST:
        return None
    rates = np.zeros(size)
    rates[1:_CELLS] += 0.5 * mass
    rates[2 : _CELLS + 1] += 0.5 * mass
    rates[1] += small * _CELLS
    law = np.cumsum(np.fft.irfft(np.exp(np.fft.rfft(rates) - rates.sum()), size))
    return greatest / _CELLS, law, spikes.number - float(count[-1])


def worst_difference(law, spikes, shift=0.0):
    """How far the distribution function of a `CalciumLaw` leaves the band of the lattices, and at which point.

    None where no lattice is possible.
    """
    unit, least = spikes.greatest, exp(-spikes.model.lam * spikes.t)
    worst = (abs(float(law.cdf(shift)) - exp(-spikes.number)), shift)
    highest = inf
    while unit > least and unit > 1e-250:
        found = lattice_law(spikes, unit)
        if found is None:
            return None
        cell, values, missing = found
        k = np.unique(
            np.concatenate(
                [
                    np.geomspace(_RESOLVED, len(values) - 4, 20_000).astype(int),
                    np.linspace(_RESOLVED, min(4 * _CELLS, len(values) - 4), 20_000).astype(int),
                ]
            )
        )
        k = k[cell * k < highest]
        x, none = cell * k, exp(-max(missing, 0.0))
        cdf = law.cdf(shift + x)
        off = np.maximum(none * values[k - 2] - cdf, cdf - none * values[k + 2])
        if len(k) and off.max() > worst[0]:
            worst = (float(off.max()), float(x[off.argmax()]))
        highest = 1.2 * _RESOLVED * cell
        if none * values[_RESOLVED] < _NEGLIGIBLE:
            break
        unit = 1.5 * highest
    return worst
