"""Why the shifted exponential law may not give the mean memory time: it is refuted, or can't be tested."""

import numpy as np
from numpy.typing import NDArray

from ..result import Floats
from . import exponential

LEVEL = 0.01  # of the test that refutes the law
_LEAST_EXITS = 10
_LEAST_SHARE = 0.5
_RESAMPLES = 999


def p_value(time: Floats, exited: NDArray[np.bool_]) -> float:
    """Return the p-value of the law; nan where the times can't be tested."""
    if np.isinf(time).any() or exponential.fit(time, exited)[1] == 0.0:
        return float("nan")
    if np.count_nonzero(exited) < exponential.LEAST_EXITS:
        return float("nan")
    generator = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(0)))
    return exponential.goodness(time, exited, _RESAMPLES, generator).p_value


def doubt(time: Floats, exited: NDArray[np.bool_], p: float) -> str | None:
    """Return why the mean can't be relied on, given the law's p-value, or None where it can.

    Where some networks are known never to exit, the mean is known to be infinite. Where all exit at the same
    time there is nothing to estimate.
    """
    exits, n = int(np.count_nonzero(exited)), time.size
    if np.isinf(time).any() or (exits == n and exponential.fit(time, exited)[1] == 0.0):
        return None
    if p <= LEVEL:
        return f"the memory times refute the shifted exponential law, on which the mean rests (p = {p:.2g})"
    if exits < _LEAST_EXITS:
        return (
            f"{exits} of {n} networks were seen to forget, and it takes {_LEAST_EXITS} or more "
            "to test the shifted exponential law, on which the mean rests"
        )
    if exits < _LEAST_SHARE * n:
        return (
            f"{n - exits} of {n} networks still remembered at the end, so that the mean rests on the shifted "
            "exponential law beyond the time watched, where these memory times can't test it"
        )
    return None
