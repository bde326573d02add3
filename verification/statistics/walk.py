"""Given spike trains, walked once more through the model: what the intensities were, between spikes too.

The state is a function of the spikes, so a simulator is right iff neuron i spikes at rate φ(U_i(t)) computed
from the spikes before t. Integrals over time are Gauss–Legendre sums on intervals that no spike and no edge
of the current cuts, and that are short against both time constants.
"""

from dataclasses import dataclass

import numpy as np

from ..case import Case
from ..references.program import Networks
from ..sample import Sample

# In units of the faster time constant, for smooth rates and for others.
LONGEST, LONGEST_WITH_CORNERS = 0.1, 0.05


@dataclass
class Stretch:
    """A time without events, replicate by replicate; arrays are (replicates, neurons or 1, nodes)."""

    time: np.ndarray
    weight: np.ndarray
    partial: np.ndarray  # (nodes, nodes): integrals from the stretch's start to each node
    length: np.ndarray
    potential: np.ndarray
    calcium: np.ndarray
    rate: np.ndarray


@dataclass
class Spikes:
    """One spike in each of some replicates; the state is that just before, arrays are (some, neurons, 1)."""

    replicate: np.ndarray
    neuron: np.ndarray
    time: np.ndarray
    potential: np.ndarray
    calcium: np.ndarray
    rate: np.ndarray


def start(case: Case, replicates: int) -> Networks:
    """Return the replicates of a case at time 0."""
    return Networks(case.parameters, case.n, case.potential, case.calcium, case.stimulus, replicates)


def breakpoints(case: Case, sample: Sample, networks: Networks, step: float):
    """Yield times and neurons (−1: none) of the replicates' next events, at most `step` apart; then the end."""
    grid = np.unique(np.concatenate([np.arange(step, case.t_end, step), networks.edges, [case.t_end]]))
    grid = grid[(grid > 0.0) & (grid <= case.t_end)]
    replicate, time, neuron = sample.spikes
    count = np.bincount(replicate, minlength=len(sample))
    times = np.full((len(sample), grid.size + count.max(initial=0)), case.t_end)
    neurons = np.full(times.shape, -1)
    place = np.arange(replicate.size) - np.repeat(np.cumsum(count) - count, count)
    times[:, : grid.size] = grid
    times[replicate, grid.size + place] = time
    neurons[replicate, grid.size + place] = neuron
    order = np.argsort(times, axis=1, kind="stable")
    return zip(*(np.take_along_axis(a, order, 1).T for a in (times, neurons)), strict=True)


def final(case: Case, sample: Sample) -> Networks:
    """Return the state at the end that the spikes lead to."""
    networks = start(case, len(sample))
    for time, neuron in breakpoints(case, sample, networks, step=case.t_end):
        networks.flow(time)
        (who,) = np.nonzero(neuron >= 0)
        networks.spike(who, neuron[who])
    return networks


def walk(case: Case, sample: Sample, nodes: int = 4):
    """Yield the stretches and the spikes of all replicates side by side."""
    networks = start(case, len(sample))
    # Many neurons spike so often that their own spikes are grid enough.
    fastest = max(case.parameters.beta, case.parameters.lam)
    longest = LONGEST_WITH_CORNERS if case.has_corners else LONGEST
    step = longest / fastest if case.n < 1000 else case.t_end
    x, w = np.polynomial.legendre.leggauss(nodes)
    x, w = 0.5 * (x + 1.0), 0.5 * w
    powers = np.arange(nodes)
    partial = (x[:, None] ** (powers + 1) / (powers + 1)) @ np.linalg.inv(x[:, None] ** powers)
    for time, neuron in breakpoints(case, sample, networks, step):
        wait = time - networks.t
        after = wait[:, None, None] * x
        potential = np.stack([networks.potential_after(wait * node) for node in x], axis=2)
        calcium = networks.calcium[:, :, None] * np.exp(-case.parameters.lam * after)
        yield Stretch(
            networks.t[:, None, None] + after,
            wait[:, None, None] * w,
            partial,
            wait[:, None, None],
            potential,
            calcium,
            case.phi(potential),
        )
        networks.flow(time)
        (who,) = np.nonzero(neuron >= 0)
        if who.size:
            before = networks.potential[who, :, None], networks.calcium[who, :, None]
            yield Spikes(who, neuron[who], time[who], *before, case.phi(before[0]))
            networks.spike(who, neuron[who])
