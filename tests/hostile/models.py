"""Models, rates, stimuli and regions with extreme numbers that are allowed, and some that are not."""

import numpy as np
from hypothesis import strategies as st

import facilis as fc

GOOD = fc.Model.example("memory")
BISTABLE = fc.Model.example("bistable")
FADING = GOOD.replace(alpha=0.1)  # active networks of any size die soon

RATES = [
    fc.Constant(0.0),
    fc.Constant(1.0),
    fc.Linear(0.5, 0.1),
    fc.Linear(5e-324),
    fc.Hill(1.0, 1.0, 4),
    fc.Hill(0.0, 1.0, 1.0),
    fc.Hill(1.0, 1e-99, 1.0),
    fc.Hill(1.0, 1e100, 4.0),
    fc.Hill(1.0, 1.0, 1e6, base=1e-300),
    fc.Sigmoid(1.0, 1.0, 1e-99),
    fc.Sigmoid(1.0, -1e100, 1.0),
    fc.Sigmoid(1.0, 1e100, 1e-9),
    fc.Ramp(0.0, 1e-99, 1.0),
    fc.Ramp(0.5, 2.5, 1.0),
    fc.Ramp(1e99, 1e100, 1.0),
    fc.Exponential(1e-3, 1e3, 2.0),
    fc.Exponential(5e-324, 1e-9, np.inf),
    fc.Exponential(1.0, 1.0, np.inf),
    fc.Table([0.0, 1.0, 2.0], [0.0, 0.5, 0.2]),
    fc.Table([0.0, 1e-99], [0.0, 1.0]),
    fc.Table([0.3, 1.0, 2.0, 3.0], [0.0, 1.5, 1.5, 0.5], "monotone"),
]
WILD_RATES = [
    fc.Constant(1e100),
    fc.Linear(1e100, 1e100),
    fc.Hill(1e100, 1.0, 1.0),
    fc.Exponential(1e100, 1e100, np.inf),
    fc.Exponential(1.0, 1e100, 1e100),
    fc.Table([0.0, 1e-99, 1e100], [0.0, 1e100, 0.0]),
]
_strengths = st.sampled_from([0.0, 1e-99, 1e-9, 0.1, 0.22, 0.3, 3.0, 1e9, 1e100])
DECAYS = [5e-324, 1e-99, 1e-9, 0.1, 1.0, 2.0, 1e9, 1e100]
MILD = [
    0.0,
    0.01,
    0.1,
    1.0,
    2.0,
    10.0,
    np.inf,
]  # for functions that integrate for long where decays are far apart


@st.composite
def models(draw, rates, decays):
    """A model, most of them with one extreme number; None stands for one that can't be made."""
    base = draw(st.sampled_from([GOOD, BISTABLE, FADING]))
    changes = {
        "alpha": _strengths,
        "beta": st.sampled_from(decays),
        "lam": st.sampled_from(decays),
        "rate": st.sampled_from(rates),
        "transmits": st.just("after"),
        "recipients": st.just("all"),
    }
    names = draw(st.lists(st.sampled_from(sorted(changes)), min_size=1, max_size=3, unique=True))
    try:
        return base.replace(**{name: draw(changes[name]) for name in names})
    except ValueError:
        return None


_times = st.sampled_from([0.0, 5e-324, 0.5, 1.0, 2.0, 3.0, 1e13, 1e16, 1e300])
_currents = st.sampled_from([0.0, 5e-324, 1.0, 1e9, 1e100])


@st.composite
def pulses(draw):
    """A stimulus of up to a few pulses, as a user may give it."""
    made = []
    for _ in range(draw(st.integers(0, 3))):
        start, stop = sorted((draw(_times), draw(_times)))
        if start < stop:
            made.append(fc.Pulse(start, stop, draw(_currents)))
    return draw(st.sampled_from([tuple, list]))(made)


_bounds = st.sampled_from([-np.inf, -1e308, -0.0, 0.0, 5e-324, 0.5, 2.0, 9.0, 1e308, np.inf])


@st.composite
def regions(draw):
    """A region of any shape."""
    low, high = sorted((draw(_bounds), draw(_bounds)))
    lower, upper = sorted((draw(_bounds), draw(_bounds)))
    region = fc.Region.box((low, high), (lower, upper))
    if draw(st.booleans()) and high >= 0.7:
        region &= fc.Region.potential_above(0.7)
    if draw(st.booleans()):
        a, b, c = (draw(st.sampled_from([-1e308, -1.0, 5e-324, 1.0, 1e308])) for _ in range(3))
        region &= fc.Region.half_plane(potential=a, calcium=b, above=c)
    return region
