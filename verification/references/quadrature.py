"""The law of a small network at a time, without chance: the first few spikes integrated out.

A path with spikes of neurons i₁ … i_k at times s₁ < … < s_k has density Πφ(U_{i_m}(s_m−))·exp(−∫Σφ), and the
state at the end is a function of it. Sums over the neurons and Gauss–Legendre quadrature over the times give
E[f(state); at most k spikes] for smooth φ and f, and the error is seen by adding nodes.
"""

import itertools

import numpy as np

from ..case import Case
from .program import Networks


def paths(case: Case, spikes: int, nodes: int):
    """Yield (neurons, weights, final networks) for every sequence of at most `spikes` spikes."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    x, w = 0.5 * (x + 1.0), 0.5 * w
    for k in range(spikes + 1):
        grid = np.array(list(itertools.product(range(nodes), repeat=k)), int)
        # Times from the unit cube: each spike lies somewhere between the one before and the end.
        times, weight, last = [], np.ones(len(grid)), np.zeros(len(grid))
        for m in range(k):
            weight = weight * w[grid[:, m]] * (case.t_end - last)
            last = last + (case.t_end - last) * x[grid[:, m]]
            times.append(last)
        for neurons in itertools.product(range(case.n), repeat=k):
            yield (neurons, *_follow(case, neurons, times, weight))


def _follow(case, neurons, times, weight):
    """Return the path densities times the quadrature weights, and the networks at the end."""
    networks = Networks(case.parameters, case.n, case.potential, case.calcium, (), replicates=len(weight))
    x, w = np.polynomial.legendre.leggauss(12)
    for neuron, until in itertools.zip_longest(neurons, [*times, np.full(len(weight), case.t_end)]):
        wait = until - networks.t
        total = sum(
            b * case.phi(networks.potential_after(wait * a)).sum(axis=1)
            for a, b in zip(0.5 * (x + 1.0), 0.5 * w, strict=True)
        )
        weight = weight * np.exp(-wait * total)
        networks.flow(until)
        if neuron is not None:
            weight = weight * case.phi(networks.potential[:, neuron])
            networks.spike(np.arange(len(weight)), np.full(len(weight), neuron))
    return weight, networks


def counts(case: Case, spikes: int, nodes: int):
    """Return the probability of each vector of spike counts per neuron with at most `spikes` in all."""
    law = {}
    for neurons, weight, _ in paths(case, spikes, nodes):
        key = tuple(neurons.count(i) for i in range(case.n))
        law[key] = law.get(key, 0.0) + weight.sum()
    return law


def transform(case: Case, coefficients: dict[str, float], spikes: int, nodes: int):
    """Return mean and variance of exp(−Σ coefficient·observable)·1{at most so many spikes}."""
    first = second = 0.0
    for _, weight, networks in paths(case, spikes, nodes):
        exponent = sum(
            value * getattr(networks, name.split("_")[0])[:, int(name.split("_")[1])]
            for name, value in coefficients.items()
        )
        first += (weight * np.exp(-exponent)).sum()
        second += (weight * np.exp(-2.0 * exponent)).sum()
    return first, second - first**2
