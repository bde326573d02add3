"""Exact moments of (U, R) where the hierarchy closes, by the model's generator on polynomials.

For f a polynomial of the state x = (u_1 … u_n, r_1 … r_n),
  d/dt E f = E[ −Σ beta·u_j ∂f/∂u_j − Σ lam·r_j ∂f/∂r_j + Σ φ(u_i)·(f(x after a spike of i) − f(x)) ].
A spike is affine in x, so a constant φ keeps the degree. So does a linear φ if what a spike sends is
constant: then f(x after) − f(x) is of lower degree. The moments then solve a finite linear equation.
"""

from collections import defaultdict
from functools import reduce

import numpy as np
from scipy.linalg import expm


def times(p, q):
    """Multiply two polynomials, each a dict from exponents to coefficients."""
    product = defaultdict(float)
    for a, x in p.items():
        for b, y in q.items():
            product[tuple(map(sum, zip(a, b, strict=True)))] += x * y
    return product


def plus(p, q, factor=1.0):
    """Return p + factor·q."""
    total = defaultdict(float, p)
    for exponents, coefficient in q.items():
        total[exponents] += factor * coefficient
    return total


class Moments:
    """Moments of a network of n neurons with rate φ(u) = base + slope·u.

    `sent`: what a spike adds to each recipient's potential if it is constant; by default alpha/n times the
    calcium, which must go with slope 0.
    """

    def __init__(
        self, n, alpha, beta, lam, base, slope=0.0, transmits="before", recipients="others", sent=None
    ):
        if slope and sent is None:
            raise ValueError("the hierarchy does not close")
        self.n, self.decay = n, [beta] * n + [lam] * n
        self.rate = [plus({self._one(): base}, self._x(i), slope) for i in range(n)]
        offset = {self._one(): float(transmits == "after")}
        self.jumps = []
        for i in range(n):
            gift = (
                {self._one(): sent} if sent is not None else plus({}, plus(self._x(n + i), offset), alpha / n)
            )
            gets = [gift if j != i or recipients == "all" else {} for j in range(n)]
            self.jumps.append(gets + [{self._one(): 1.0} if j == i else {} for j in range(n)])

    def _one(self):
        return (0,) * (2 * self.n)

    def _x(self, j):
        return {tuple(int(k == j) for k in range(2 * self.n)): 1.0}

    def _monomial(self, exponents, jump=None):
        """Return the monomial as a polynomial, at the state or after a jump."""
        factors = []
        for j, power in enumerate(exponents):
            moved = self._x(j) if jump is None else plus(self._x(j), jump[j])
            factors += [moved] * power
        return reduce(times, factors, {self._one(): 1.0})

    def change(self, exponents):
        """Return the generator's value on a monomial, a polynomial."""
        here = self._monomial(exponents)
        total = plus({}, here, -sum(m * d for m, d in zip(exponents, self.decay, strict=True)))
        for rate, jump in zip(self.rate, self.jumps, strict=True):
            total = plus(total, times(rate, plus(self._monomial(exponents, jump), here, -1.0)))
        return {key: value for key, value in total.items() if value != 0.0}

    def solve(self, wanted, potential, calcium, t):
        """Return E f at time t for each polynomial in `wanted`, from given initial states."""
        rows, todo = {}, {key for poly in wanted for key in poly}
        while todo:
            rows |= {key: self.change(key) for key in todo}
            todo = {key for row in rows.values() for key in row} - rows.keys()
        index = {key: k for k, key in enumerate(rows)}
        matrix = np.zeros((len(rows), len(rows)))
        for key, row in rows.items():
            for other, value in row.items():
                matrix[index[key], index[other]] = value
        start = np.concatenate([np.zeros(self.n) + potential, np.zeros(self.n) + calcium])
        at_start = np.array([np.prod(start ** np.array(key)) for key in rows])
        moments = expm(matrix * t) @ at_start
        return [sum(value * moments[index[key]] for key, value in poly.items()) for poly in wanted]

    def mean_potential(self):
        """Return the polynomial Σu/n."""
        return {key: 1.0 / self.n for j in range(self.n) for key in self._x(j)}

    def mean_calcium(self):
        """Return the polynomial Σr/n."""
        return {key: 1.0 / self.n for j in range(self.n) for key in self._x(self.n + j)}
