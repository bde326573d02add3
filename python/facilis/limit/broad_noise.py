"""The law of a sum of very many small jumps, from its cumulants."""

import numpy as np

from ..result import Floats
from .jumps import Jumps

_POINTS = 2**15
_WIDTH = 24.0  # deviations
_BAND = 8.0  # frequency times deviation, up to which the characteristic function counts
_DECAY = 20.0  # −ln of what is left of it beyond


def broad(jumps: Jumps) -> tuple[Floats, Floats] | None:
    """Return points and values of the distribution function, or None where cumulants aren't enough.

    Low frequencies alone must count. Then the logarithm of the characteristic function is the sum of a few
    cumulants. That isn't so where the jumps are so alike that the sum still shows how many there were.
    """
    mean, deviation = jumps.cumulant(1), float(np.sqrt(jumps.cumulant(2)))
    if not _decays(jumps, 2.0 * np.pi - _BAND / deviation):
        return None
    width = _WIDTH * deviation
    theta = 2.0 * np.pi * np.arange(_POINTS // 2 + 1) / width
    low = theta * deviation < _BAND
    exponent, term = np.zeros(int(low.sum()), complex), -1j * theta[low]
    for n in range(2, 13):
        term *= -1j * theta[low] / n
        exponent += term * jumps.cumulant(n)
    transform = np.zeros(theta.size, complex)
    transform[low] = np.exp(exponent) * np.sinc(theta[low] * width / _POINTS / (2.0 * np.pi))
    density = np.roll(np.fft.irfft(transform, _POINTS), _POINTS // 2)
    x: Floats = mean + np.arange(0.5 - _POINTS // 2, _POINTS // 2) * (width / _POINTS)
    probability = np.cumsum(density)
    inside = x > 0.0
    return (
        np.concatenate([[0.0], x[inside]]),
        np.clip(np.maximum.accumulate(np.concatenate([[0.0], probability[inside]])), 0.0, 1.0),
    )


def _decays(jumps: Jumps, theta: float) -> bool:
    """Return whether the characteristic function is negligible from a frequency on.

    A density of jumps that is at least ρ on an interval of length l takes from its logarithm, at all frequencies
    from θ on, at least ρ·l·(1 − max(sin(z)/z, 0.22)) with z = θl/2, as 0.22 is the greatest later value of
    |sin(z)/z|.
    """
    size, intensity = jumps.size.ravel(), jumps.intensity.ravel()
    counts = size > 1e-9
    size, density = size[counts], intensity[counts] / size[counts]
    order = np.argsort(size)
    size, density = size[order], density[order]
    for k in range(1, 12):
        bins = 2**k
        where = np.minimum((size * bins).astype(int), bins - 1)
        least = np.full(bins, np.inf)
        np.minimum.at(least, where, density)
        least[np.isinf(least)] = 0.0
        # Neighbouring nodes tell of the ends too: a bin counts only if there are nodes all over it.
        least[np.bincount(where, minlength=bins) < 16] = 0.0
        z = 0.5 * theta / bins
        if least.sum() / bins * (1.0 - max(np.sinc(z / np.pi), 0.22)) > _DECAY:
            return True
    return False
