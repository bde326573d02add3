"""The law of the sum of the jumps of a Poisson process, by Fourier transforms.

The characteristic function is exp(Σ ν·(e^{iθy} − 1)) for jumps y, of which there are ν on average. The jumps are
put on a lattice, and the law of their sum follows by FFT. Each is shared out to four neighbours so that its first
three powers are kept (below the first cell to three neighbours, so that two are kept). So the law is right to the
fourth order of the cell where it is smooth. Where it isn't:

* No jump, and a single jump, have a known law, with a step and with corners. They are taken out before the
  transform, and put back exactly. Small jumps, whose sum hardly varies, count as their mean there.
* Close to 0 the law can be singular, as a power: see `small_sums`.

Two lattices whose cells are in no simple proportion are compared, and refined until they agree.
"""

from typing import NamedTuple

import numpy as np

from ..result import Floats
from .broad_noise import broad
from .jumps import OLDEST, Jumps
from .small_sums import below

_TOLERANCE = 4e-7  # difference of two lattices, of which the coarser is at least twice as far off
_LINEAR = 2e-7  # error of lines between points
_NEGLIGIBLE = 1e-8  # probability
_KNOWN = 6e-7  # difference from the probability of no jump, which is known
_TAIL = 23.0  # −ln of the probability outside of a lattice
_BROAD = 60.0  # deviation, in greatest jumps, from which on cumulants suffice
_FIRST, _LARGEST = 2**14, 2**21  # sizes of lattices
_INCOMMENSURATE = 1.0618
_SINGULAR = 128  # cells next to 0 in which the lattice isn't trusted
_CURVED = 16  # times as many have more points
_FINER = 8
_MARGIN = 8  # cells into which a transform may spill below
_SPAN = 3.0  # cells in a panel
_STEEP = 1e-3  # probability that a single jump comes from one panel


def distribution(jumps: Jumps) -> tuple[Floats, Floats]:
    """Return points and values of the distribution function of the sum, in units of the greatest jump.

    Returns
    -------
    x, probability : ndarray of float64
        Increasing, x[0] = 0: there `probability` is the atom, the probability of no jump at all. To be interpolated
        linearly.

    Raises
    ------
    RuntimeError
        If it can't be given to 1e-6.
    """
    if not len(jumps.piece):
        return np.array([0.0]), np.array([1.0])
    if np.sqrt(jumps.cumulant(2)) > _BROAD and (found := broad(jumps)):
        return found
    atom = float(np.exp(-jumps.mass.sum()))
    jumps = jumps.some(jumps.begin < OLDEST)
    least, last = float(np.exp(-jumps.end)), float(np.exp(-jumps.mass.sum()))
    x, probability, cut = _refined(jumps)
    reached = float(np.interp(cut, x, probability))
    if cut > least and reached > _NEGLIGIBLE:
        lower = below(jumps, cut, reached)
        # Two computations meet here: the one on the lattice, and the probability of silence.
        if abs(float(lower[1][0]) - last) > _KNOWN:
            raise RuntimeError("the law of calcium can't be given to 1e-6 here: two ways to find it disagree")
        x, probability = np.concatenate([lower[0], x]), np.concatenate([lower[1], probability])
    # Between 0 and the least jump there is nothing.
    above = x > least
    x, probability = x[above], probability[above]
    x, values = np.concatenate([[0.0, least], x]), np.concatenate([[atom, last], probability])
    return x, np.clip(np.maximum.accumulate(values), 0.0, 1.0)


def _refined(jumps: Jumps) -> tuple[Floats, Floats, float]:
    """Return points and values of the law, and below which point it isn't told."""
    extent, size = _extent(jumps), _FIRST
    while size <= _LARGEST:
        fine, coarse = (
            _Lattice.of(jumps, extent, size),
            _Lattice.of(jumps, extent, size // 2, _INCOMMENSURATE),
        )
        cut = max(fine.cut, coarse.cut)
        if cut and float(fine.at(np.array([cut]))[0]) < _NEGLIGIBLE:
            cut = 0.0
        if cut < 0.5:
            at = coarse.centres
            at = at[at > cut]
            apart = np.abs(fine.at(at) - coarse.at(at)).max(initial=0.0)
            if apart < _TOLERANCE and fine.bend(cut) < _LINEAR:
                return *fine.points(cut), cut
        size *= 2
    raise RuntimeError(
        f"the law of calcium has details too fine for {_LARGEST} points: it can't be given to 1e-6 here"
    )


def _extent(jumps: Jumps) -> tuple[float, float]:
    """Return an interval outside of which there is next to no probability, by Chernoff's bound."""
    number, size = jumps.number.ravel(), jumps.size.ravel()
    mean, deviation = jumps.cumulant(1), np.sqrt(jumps.cumulant(2))
    s = np.geomspace(0.5 / max(deviation, 1.0), 20.0, 40)[:, None]
    high = float(((np.expm1(s * size) @ number + _TAIL) / s[:, 0]).min())
    s = np.geomspace(0.5 / deviation, 50.0 / deviation, 40)[:, None]
    low = float((-(np.expm1(-s * size) @ number + _TAIL) / s[:, 0]).max())
    return max(low, 0.0), max(high, mean) + 4.0


class _Lattice(NamedTuple):
    """The law of the sum on a lattice.

    Attributes
    ----------
    cell : float
    first : int
        The first centre is half a cell above so many.
    rest : ndarray
        The distribution function of two and more jumps at the centres.
    cut : float
        Below, the law is not resolved.
    single, silent, shift : Jumps, float, float
        The law of no and of one jump: with probability `silent` neither, and then the sum is `shift`.
    """

    cell: float
    first: int
    rest: Floats
    cut: float
    single: Jumps
    silent: float
    shift: float

    @classmethod
    def of(cls, jumps: Jumps, extent: tuple[float, float], size: int, stretch: float = 1.0) -> "_Lattice":
        """Compute it with so many cells."""
        low, high = extent
        cell = stretch * (high - low) / size
        panels = _cut(jumps, cell)
        variance = np.cumsum((panels.number * panels.size**2).sum(axis=1)[::-1])[::-1]
        large = variance > min((cell / 8.0) ** 2, 0.5 * variance[0])
        single, small = panels.some(large), panels.some(~large)
        shift, silent = small.cumulant(1), float(np.exp(-single.mass.sum()))
        rates = _shared(single.size, single.number, cell, size)
        ones = np.fft.rfft(rates)
        exponent = ones + np.fft.rfft(_shared(small.size, small.number, cell, size))
        transform = np.exp(exponent - exponent[0].real)
        if silent > 1e-15:
            place = np.fft.rfft(_shared(np.array([shift]), np.ones(1), cell, size))
            transform -= silent * place * (1.0 + ones)
        else:
            silent = 0.0
        # To the centres of cells: sin(θ/2)/(θ/2) to the sixth order, by neighbours only.
        q = 2.0 - 2.0 * np.cos(2.0 * np.pi / size * np.arange(size // 2 + 1))
        density = np.fft.irfft(transform * (1.0 - q / 24.0 - 17.0 / 5760.0 * q * q), size)
        first = int(low / cell) - _MARGIN
        rest = np.cumsum(np.roll(density, -(first % size)))
        singular = len(small.piece) > 0 or np.exp(-jumps.end) < 32.0 * cell
        cut = max(_SINGULAR * cell, 1.5 * shift) if singular else 0.0
        return cls(cell, first, rest, cut, single, silent, shift)

    @property
    def centres(self) -> Floats:
        """Centres of the cells."""
        return np.asarray((self.first + 0.5 + np.arange(len(self.rest))) * self.cell, np.float64)

    def known(self, x: Floats) -> Floats:
        """Return the part of no jump and of one."""
        if not self.silent:
            return np.zeros(x.shape)
        rest = x - self.shift
        total = self.single.mass.sum()
        one = np.where(rest > 0.0, total - self.single.number_above(np.maximum(rest, 0.0)), 0.0)
        return np.asarray(self.silent * ((rest >= 0.0) + one), np.float64)

    def at(self, x: Floats) -> Floats:
        """Return the distribution function at any points, with two and more jumps by cubic interpolation."""
        position = x / self.cell - 0.5 - self.first
        k = np.clip(position.astype(int), 1, len(self.rest) - 3)
        z = np.clip(position - k, -1.0, 2.0)
        a, b, c, d = (self.rest[k + i] for i in (-1, 0, 1, 2))
        result: Floats = (
            self.known(x)
            - z * (z - 1.0) * (z - 2.0) / 6.0 * a
            + (z + 1.0) * (z - 1.0) * (z - 2.0) / 2.0 * b
            - (z + 1.0) * z * (z - 2.0) / 2.0 * c
            + (z + 1.0) * z * (z - 1.0) / 6.0 * d
        )
        return result

    def bend(self, cut: float) -> float:
        """Return how far lines between the points are from the law, at most."""
        second = np.abs(np.diff(self.rest, 2)) / 8.0
        x = self.centres[1:-1]
        second[x < _CURVED * cut] /= _FINER**2
        return float(second[x > cut].max(initial=0.0))

    def points(self, cut: float) -> tuple[Floats, Floats]:
        """Return points, and the distribution function there."""
        x = [self.centres, np.arange(cut, min(_CURVED * cut, self.centres[-1]), self.cell / _FINER)]
        if self.silent:
            own = np.concatenate(
                [np.exp(-self.single.begin), [np.exp(-self.single.end)], self.single.size.ravel()]
            )
            x.append(own + self.shift)
        points = np.unique(np.concatenate(x))
        points = points[(points >= cut) & (points > 0.0)]
        return points, self.at(points)


def _cut(jumps: Jumps, cell: float) -> Jumps:
    """Return the same in panels so narrow that the lattice sees their shape."""
    span = np.exp(-jumps.begin) * -np.expm1(-jumps.width)
    number = span / (_SPAN * cell)
    silent = np.exp(-jumps.mass[np.exp(-jumps.begin) > cell].sum())
    number = np.maximum(number, silent * jumps.mass / _STEEP)
    return jumps.parts(np.maximum(np.ceil(number), 1.0).astype(int))


def _shared(size: Floats, number: Floats, cell: float, length: int) -> Floats:
    """Return what the points of a lattice get of the numbers of jumps."""
    size, number = size.ravel() / cell, number.ravel()
    below = size < 1.0
    t = size[below]
    base = np.zeros(t.size, int)
    total = _added(base, number[below], [(1 - t) * (2 - t) / 2, t * (2 - t), -t * (1 - t) / 2], length)
    size, number = size[~below], number[~below]
    base = size.astype(int) - 1
    t = size - base
    shares = [
        -(t - 1) * (t - 2) * (t - 3) / 6,
        t * (t - 2) * (t - 3) / 2,
        -t * (t - 1) * (t - 3) / 2,
        t * (t - 1) * (t - 2) / 6,
    ]
    return total + _added(base, number, shares, length)


def _added(base: np.ndarray, number: Floats, shares: list[Floats], length: int) -> Floats:
    """Return the sums at each point of a lattice that ends where it begins."""
    total = np.zeros(length)
    for k, share in enumerate(shares):
        total += np.bincount((base + k) % length, number * share, minlength=length)
    return total
