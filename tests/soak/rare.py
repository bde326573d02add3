"""What the long tests of rare events share. The known values are of an independent program."""

from math import sqrt

import facilis as fc

MODEL = fc.Model.example("bistable")
REGION = fc.Region.potential_above(0.7)
STATE = fc.equilibria(MODEL)[-1]
START = {"potential": STATE.potential, "calcium": STATE.calcium}

_SETTLED = 6.0  # relaxations after which a network that is still inside follows the quasi-stationary law


def error(runs):
    return runs.std(ddof=1) / sqrt(runs.size)


def relative(found):
    """Return the standard error of a mean life by splitting, as a part of it."""
    return error(found.rates) / found.rates.mean()


def standard_error(estimate):
    """Return it from the interval of 20 runs or batches, by Student's law."""
    return (estimate.high - estimate.low) / (2 * 2.093)


def settling(model):
    """Return how long a network takes to settle."""
    return _SETTLED / abs(fc.equilibria(model)[-1].eigenvalues.real).min()
