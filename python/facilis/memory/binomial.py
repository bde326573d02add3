"""A share of independent trials, with its interval.

References
----------
E. B. Wilson, Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22 (1927)
209–212.
"""

import numpy as np
from numpy.typing import ArrayLike

from ..result import Floats
from .survival import NORMAL


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Return the ends of Wilson's 95 % interval of a share; both are shares within [0, 1]."""
    k, n = np.asarray(successes, float), np.asarray(trials, float)
    centre = (k + 0.5 * NORMAL**2) / (n + NORMAL**2)
    half = NORMAL / (n + NORMAL**2) * np.sqrt(k * (n - k) / n + 0.25 * NORMAL**2)
    # Without rounding the ends are 0 and 1 where nothing, or all, succeeded.
    low = np.where(k == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(k == n, 1.0, np.minimum(centre + half, 1.0))
    return low, high
