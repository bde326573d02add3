"""The law of sums of decayed jumps of one (shot noise), from its characteristic function.

The sum of the points y of a Poisson process on [a, 1] with intensity m(y)/y has the characteristic function
exp(∫ m(y)(e^{iθy} − 1)/y dy). Its jumps are put on a lattice, each split between two neighbours so that means
are kept, and the characteristic function of that law is inverted by FFT.

Where m is small and a is 0 the density has a power singularity at 0, which no lattice resolves. But the sum is
below x only if no jump is above x, so below x its distribution function is that of the jumps up to x alone, times
the probability of no greater one. So each scale has its own lattice, 32 times finer than that of the scale above.
"""

from collections.abc import Callable

import numpy as np

from ..result import Floats

Jumps = Callable[[Floats], Floats]

_CELLS = 4096  # of the lattice, per greatest jump
_LARGEST = 2**18  # lattice
_BROAD = 20.0  # deviation from which cumulants suffice
_RATIO = 32  # between scales
_NEGLIGIBLE = 1e-10  # probability
_SMALLEST = 1e-250  # scale; what is below counts as 0
_TILT = 16.0  # exponent by which what wraps around in the FFT is damped
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


def distribution(
    jumps: Jumps, least: float, mean: float, deviation: float, resolution: float
) -> tuple[Floats, Floats]:
    """Return points and values of the distribution function.

    Parameters
    ----------
    jumps : callable
        m, vectorised, on [`least`, 1].
    least : float
        The smallest jump a; 0 where there have been jumps for ever.
    mean, deviation : float
        Of the sum.
    resolution : float
        How far ln y may change before m changes much.

    Returns
    -------
    x, probability : ndarray of float64
        Increasing, x[0] = 0: there `probability` is the atom, the probability of no jump at all. To be interpolated
        linearly.
    """
    if mean == 0.0:
        return np.array([0.0]), np.array([1.0])
    if deviation > _BROAD:
        x, probability = _broad(jumps, least, mean, deviation)
        return np.concatenate([[0.0], x]), np.concatenate([[0.0], probability])
    x, probability = _wide(jumps, least, mean, deviation)
    parts, scale, none = [], 1.0, 1.0
    while True:
        finer = scale / _RATIO
        settled = none * np.interp(finer, x, probability) < _NEGLIGIBLE or finer < max(least, _SMALLEST)
        if settled or _mass(jumps, least, finer, resolution) < _NEGLIGIBLE:
            parts.append((x, none * probability))
            break
        keep = x >= finer
        parts.append((x[keep], none * probability[keep]))
        none *= np.exp(-_mass(jumps, finer, scale, resolution))
        x, probability = _narrow(jumps, least, finer)
        below = x < finer
        x, probability, scale = x[below], probability[below], finer
    points = np.concatenate([x for x, _ in reversed(parts)])
    values = np.concatenate([value for _, value in reversed(parts)])
    above = points > least
    # Between 0 and the least jump there is nothing.
    atom = np.exp(-_mass(jumps, least, 1.0, resolution))
    points = np.concatenate([[0.0, least] if least > 0.0 else [0.0], points[above]])
    values = np.concatenate([[atom] * (len(points) - int(above.sum())), values[above]])
    return points, np.clip(np.maximum.accumulate(values), 0.0, 1.0)


def _broad(jumps: Jumps, least: float, mean: float, deviation: float) -> tuple[Floats, Floats]:
    """Return the distribution function where it is so broad that only low frequencies count.

    The logarithm of the characteristic function is then the sum of a few cumulants, ∫ m(y) y^(n−1) dy.
    """
    size, width = 4096, 24.0 * deviation
    half = 0.5 * (1.0 - least) / size
    y = least + half * (2.0 * np.arange(size)[:, None] + 1.0 + _NODES)
    weight = half * _WEIGHTS * jumps(y)
    theta = 2.0 * np.pi * np.arange(size // 2 + 1) / width
    exponent, term = np.zeros(theta.size, complex), -1j * theta
    for n in range(2, 11):
        term *= -1j * theta / n
        exponent += term * (weight * y ** (n - 1)).sum()
    # Beyond that it is 0 to rounding, and the sum doesn't hold.
    transform = np.where(
        theta * deviation < 12.0, np.exp(np.minimum(exponent.real, 0.0) + 1j * exponent.imag), 0.0
    )
    density = np.fft.irfft(transform, size)
    x: Floats = mean + np.arange(0.5 - size // 2, size // 2) * (width / size)
    probability = np.cumsum(np.roll(density, size // 2))
    inside = x > 0.0
    return x[inside], probability[inside]


def _wide(jumps: Jumps, least: float, mean: float, deviation: float) -> tuple[Floats, Floats]:
    """Return the distribution function of all jumps, where it isn't within rounding of 0 or 1."""
    # Tails are at worst those of Poisson's law.
    low, width = max(mean - 9.0 * deviation - 12.0, 0.0), 18.0 * deviation + 24.0
    cells = int(min(_LARGEST / width, _CELLS))
    rates = _rates(jumps, least, 1.0, cells)
    size = 2 ** int(np.ceil(np.log2(width * cells)))
    transform = np.fft.rfft(np.bincount(np.arange(cells + 1) % size, rates, minlength=size))
    mass = np.fft.irfft(np.exp(transform - rates.sum()), size)
    first = int(low * cells)
    mass = np.roll(mass, -(first % size))
    points: Floats = (first + np.arange(size) + 0.5) / cells
    return points, np.cumsum(mass)


def _narrow(jumps: Jumps, least: float, scale: float) -> tuple[Floats, Floats]:
    """Return the distribution function, up to `scale`, of jumps up to `scale`."""
    rates, size = _rates(jumps, least, scale, _CELLS), 2 * _CELLS
    # The sum may be far greater: what wraps around is damped, and the damping taken back.
    damping = np.exp(-_TILT / size * np.arange(size))
    padded = np.zeros(size)
    padded[: _CELLS + 1] = rates
    transform = np.fft.rfft(padded * damping)
    mass = np.fft.irfft(np.exp(transform - rates.sum()), size) / damping
    points: Floats = np.arange(0.5, size) * (scale / _CELLS)
    return points, np.cumsum(mass)


def _rates(jumps: Jumps, least: float, scale: float, cells: int) -> Floats:
    """Return the rates of jumps by 0 … `cells` cells, for jumps from `least` to `scale`."""
    h = scale / cells
    edges = h * np.arange(cells + 1)
    low, high = np.clip(edges[:-1], least, scale), np.clip(edges[1:], least, scale)
    half = 0.5 * (high - low)[:, None]
    y = np.clip(low[:, None] + half * (1.0 + _NODES), low[:, None], high[:, None])
    # m(y)/y dy; each jump goes to its two neighbours, with the shares 1 − part and part.
    part = y / h - np.arange(cells)[:, None]
    weight = half * _WEIGHTS * jumps(y)
    right = (weight * part / np.where(y > 0.0, y, 1.0)).sum(axis=1)
    left = (weight * (1.0 - part) / np.where(y > 0.0, y, 1.0)).sum(axis=1)
    rates = np.zeros(cells + 1)
    rates[1:] += right
    rates[1:-1] += left[1:]
    return rates


def _mass(jumps: Jumps, low: float, high: float, resolution: float) -> float:
    """Return the mean number of jumps from `low` to `high`."""
    if low == 0.0:
        return np.inf
    if high <= low:
        return 0.0
    span = np.log(high / low)
    edges = np.log(low) + np.linspace(0.0, span, max(1, int(np.ceil(span / resolution))) + 1)
    half = 0.5 * np.diff(edges)[:, None]
    y = np.exp(edges[:-1, None] + half * (1.0 + _NODES))
    return float((half * _WEIGHTS * jumps(np.clip(y, low, high))).sum())
