"""Random models of every rate, over several orders of magnitude."""

from math import inf

import numpy as np

import facilis as fc

KINDS = ["constant", "linear", "hill", "sigmoid", "ramp", "exponential", "unbounded"]
KINDS += ["table", "rising table", "smooth", "rising smooth"]


def random_rate(kind, scale, rng):
    """A rate whose potentials are of the order of `scale`."""
    top = 10.0 ** rng.uniform(-1.0, 1.0)
    base = float(rng.choice([0.0, top * 10.0 ** rng.uniform(-4.0, -0.5)]))
    span = scale * rng.uniform(0.05, 2.0)
    match kind:
        case "constant":
            return fc.Constant(top)
        case "linear":
            return fc.Linear(top / scale, base)
        case "hill":
            return fc.Hill(top, scale, float(rng.choice([1.0, 2.0, 4.0, rng.uniform(1.0, 12.0)])), base)
        case "sigmoid":
            return fc.Sigmoid(top, scale * rng.uniform(-0.5, 3.0), scale * rng.uniform(0.05, 0.5))
        case "ramp":
            low = float(rng.choice([0.0, scale]))
            return fc.Ramp(low, low + span, top)
        case "exponential":
            return fc.Exponential(0.1 * top, rng.uniform(0.3, 3.0) / scale, top)
        case "unbounded":
            return fc.Exponential(0.1 * top, rng.uniform(0.3, 2.0) / scale, inf)
    knots = int(rng.integers(2, 9))
    potential = scale * np.cumsum(rng.uniform(0.05, 1.0, knots))
    values = top * rng.uniform(0.0, 1.0, knots) * (rng.random(knots) > 0.2)
    values = np.sort(values) if kind.startswith("rising") else values
    return fc.Table(potential, values, "monotone" if kind.endswith("smooth") else "linear")


def random_model(rng):
    """A model and a current, over several orders of magnitude; one in five over many."""
    wild = rng.random() < 0.2
    beta, lam = 10.0 ** (rng.uniform(-3.0, 3.0, 2) if wild else rng.uniform(-1.5, 1.5, 2))
    scale = 10.0 ** (rng.uniform(-8.0, 8.0) if wild else rng.uniform(-2.0, 2.0))
    rate = random_rate(str(rng.choice(KINDS)), scale, rng)
    top = rate(3.0 * scale)
    # About where a potential of the order of `scale` keeps itself up.
    natural = beta * lam * scale / top**2 if top > 0.0 else 1.0
    alpha = natural * 10.0 ** (rng.uniform(-6.0, 3.0) if wild else rng.uniform(-1.0, 1.0))
    current = float(rng.choice([0.0, beta * scale * rng.uniform(0.0, 1.5)], p=[0.7, 0.3]))
    return fc.Model(alpha, beta, lam, rate, transmits=str(rng.choice(["before", "after"]))), current, scale
