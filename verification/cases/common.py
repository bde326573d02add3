"""What the families of cases share."""

import itertools

import numpy as np

CONVENTIONS = list(itertools.product(("before", "after"), ("others", "all")))
HILL = {"Hill": {"top": 1.0, "half": 1.0, "power": 2.0, "base": 0.05}}
STEEP = {"Hill": {"top": 1.0, "half": 1.0, "power": 4.0}}
RATES = {
    "constant": {"Constant": {"value": 0.7}},
    "linear": {"Linear": {"slope": 0.1, "base": 0.3}},
    "hill": {"Hill": {"top": 1.5, "half": 1.0, "power": 4.0, "base": 0.05}},
    "sigmoid": {"Sigmoid": {"top": 1.5, "centre": 1.5, "width": 0.3}},
    "ramp": {"Ramp": {"low": 0.3, "high": 2.0, "top": 1.2}},
    "exponential": {"Exponential": {"scale": 0.1, "slope": 1.3, "cap": 3.0}},
    "table": {"Table": {"potential": [0.0, 0.5, 1.2, 2.0, 3.5], "rate": [0.05, 0.2, 1.6, 0.3, 0.9]}},
}
PULSES = [[0.5, 1.5, 3.0], [1.0, 1.2, 8.0], [2.5, 2.8, 6.0]]


def model(rate, alpha, beta, lam, transmits="before", recipients="others"):
    """Return a model as a case states it."""
    return {
        "alpha": alpha,
        "beta": beta,
        "lam": lam,
        "rate": rate,
        "transmits": transmits,
        "recipients": recipients,
    }


def mean_check(quantity, expected, variance, origin):
    """Return the check of a mean whose expectation and variance are known."""
    return {"test": "mean", **quantity, "expected": expected, "variance": variance, "origin": origin}


def edges_of(pulses):
    """Return the times at which the current changes, and the start."""
    return sorted({0.0, *itertools.chain(*(pulse[:2] for pulse in pulses))})


def spikeless(u0, pulses):
    """Return the potential of neurons that hear no spike, as a function of time, where beta is 1."""

    def potential(s):
        u = u0
        for start, stop in itertools.pairwise([*[edge for edge in edges_of(pulses) if edge < s], s]):
            level = sum(current for a, b, current in pulses if a <= start < b)
            u = level + (u - level) * np.exp(-(stop - start))
        return u

    return potential
