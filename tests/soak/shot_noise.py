"""The law of calcium written again: the number of spikes by SciPy, and their sum on one fine lattice.

The mean number of spikes Λ(s) is integrated along with the limit equation, so that the mean number of jumps in a cell of the
lattice is a difference of two values of Λ. Halving the cells tells how far off the lattice is.
"""

from math import ceil, exp, inf, log, log2

import numpy as np
from scipy.integrate import solve_ivp

from .oracle import rate_of


class Spikes:
    """One neuron's mean number of spikes, and its mean and variance of calcium, along the limit equation.

    The neuron may start at another potential than the others, of which there is one kind.
    """

    def __init__(self, model, pulses, start, own, rtol=1e-11):
        self.model, phi = model, rate_of(model.rate)
        alpha, beta, lam, more = model.alpha, model.beta, model.lam, float(model.transmits == "after")
        self.edges = sorted({0.0, *(p.start for p in pulses), *(p.stop for p in pulses), inf})
        self.pulses, self.parts = pulses, []
        self.state = [start[0], start[1], 0.0, 0.0, 0.0]

        def change(t, y):
            current = sum(p.current for p in pulses if p.start <= self._middle < p.stop)
            f, g = phi(y[0]), phi(y[0] + (own - start[0]) * exp(-beta * t))
            return [
                -beta * y[0] + alpha * (y[1] + more) * f + current,
                -lam * y[1] + f,
                g,
                -lam * y[3] + g,
                -2 * lam * y[4] + g,
            ]

        self._change, self._rtol = change, rtol

    def until(self, t):
        """Integrate; whether it succeeded."""
        ends = [e for e in self.edges if e < t] + [t]
        for a, b in zip(ends, ends[1:], strict=False):
            self._middle = 0.5 * (a + b)
            step = (b - a) / 50 if b - a < 100 / self.model.beta else inf
            try:
                with np.errstate(all="ignore"):
                    sol = solve_ivp(
                        self._change, (a, b), self.state, "DOP853", rtol=self._rtol, atol=1e-13,
                        dense_output=True, max_step=min(step, 2.0 / min(self.model.beta, self.model.lam)),
                    )  # fmt: skip
            except (OverflowError, ValueError):
                return False
            if not sol.success or not np.isfinite(sol.y).all():
                return False
            self.parts.append((a, b, sol.sol))
            self.state = sol.y[:, -1]
        return True

    def at(self, times):
        """Λ, and mean calcium, at times."""
        values = np.zeros((2, len(times)))
        for a, b, sol in self.parts:
            inside = (times >= a) & (times <= b)
            if inside.any():
                values[:, inside] = sol(times[inside])[2:4]
        return values


def lattice_law(spikes, t, cells):
    """Points and values of the distribution function by a lattice of so many cells per greatest jump.

    Also the greatest jump.
    """
    lam, (total, mean, var) = spikes.model.lam, spikes.state[2:5]
    # The time after which nothing matters.
    grid = t - np.concatenate([[0.0], np.geomspace(1e-6 / lam, t, 4000)])
    grid = np.maximum(grid, 0.0)
    recent = total - spikes.at(grid)[0]
    greatest = exp(-lam * (t - grid[max(np.searchsorted(recent, 1e-9) - 1, 0)]))
    mean, deviation = mean / greatest, var**0.5 / greatest
    jumps = np.arange(1, cells + 1) / cells
    times = t + np.log(greatest * jumps) / lam
    count, calcium = spikes.at(np.maximum(times, 0.0))
    count[times <= 0.0] = calcium[times <= 0.0] = 0.0
    mass = np.append(np.diff(count), 0.0)
    size = 2 ** ceil(log2((mean + 12 * deviation + 16) * cells))
    rates = np.zeros(size)
    rates[1 : cells + 1] += 0.5 * mass
    rates[2 : cells + 2] += 0.5 * mass
    rates[1] += calcium[0] * exp(-lam * (t - max(times[0], 0.0))) / greatest * cells
    number = total - max(total - count[-1], 0.0) - count[0] + rates[1] * 0
    transform = np.fft.rfft(rates)
    law = np.cumsum(np.fft.irfft(np.exp(transform - rates.sum()), size))
    del number
    return greatest * (np.arange(size) + 0.5) / cells, law, greatest


def reference(spikes, t, cells):
    """Points, values, how far off they may be, and the atom."""
    x, fine, greatest = lattice_law(spikes, t, cells)
    other, coarse, _ = lattice_law(spikes, t, cells // 2)
    off = np.abs(np.interp(other, x, fine) - coarse)
    return x, fine, greatest, float(off[other > 100 * other[0]].max()), exp(-spikes.state[2])


__all__ = ["Spikes", "lattice_law", "reference", "log"]
