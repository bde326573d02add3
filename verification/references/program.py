"""The model in plain NumPy: every potential and every calcium one by one, nothing shared, nothing clever.

O(n) work per event. Arrays have shape (replicates, n), so that independent runs go side by side.
"""

import numpy as np


class Networks:
    """Replicates of one network and what time, currents and spikes do to them."""

    def __init__(self, model, n, potential=0.0, calcium=0.0, stimulus=(), replicates=1):
        self.model, self.stimulus, self.t = model, stimulus, np.zeros(replicates)
        self.potential = np.zeros((replicates, n)) + potential
        self.calcium = np.zeros((replicates, n)) + calcium
        self.edges = np.array([*sorted({time for p in stimulus for time in (p.start, p.stop)}), np.inf])

    def next_edge(self):
        """Return the time of each replicate's next edge of the current; infinity where there is none."""
        return self.edges[np.searchsorted(self.edges, self.t, side="right")]

    def potential_after(self, wait):
        """Return the potentials later, were no spike and no edge to come."""
        on = [p.current * ((p.start <= self.t) & (self.t < p.stop)) for p in self.stimulus]
        level = (np.zeros_like(self.t) + sum(on))[:, None] / self.model.beta
        return level + (self.potential - level) * np.exp(-self.model.beta * wait)[:, None]

    def flow(self, until):
        """Let time pass without spikes until the given times, one for each replicate or one for all."""
        while (self.t < until).any():
            stop = np.minimum(until, self.next_edge())
            self.potential = self.potential_after(stop - self.t)
            self.calcium = self.calcium * np.exp(-self.model.lam * (stop - self.t))[:, None]
            self.t = stop

    def spike(self, replicate, neuron):
        """Let the given neuron of each of the given replicates spike."""
        sent = self.calcium[replicate, neuron] + (1.0 if self.model.transmits == "after" else 0.0)
        received = np.repeat(self.model.alpha / self.potential.shape[1] * sent, self.potential.shape[1])
        received = received.reshape(-1, self.potential.shape[1])
        if self.model.recipients == "others":
            received[np.arange(len(sent)), neuron] = 0.0
        self.potential[replicate] += received
        self.calcium[replicate, neuron] += 1.0


def highest_rate(phi, knots, now, later):
    """Return sup φ between two potentials: at the ends, or at a knot between them if φ is not monotone."""
    highest = np.maximum(phi(now), phi(later))
    for knot in knots:
        inside = (np.minimum(now, later) < knot) & (knot < np.maximum(now, later))
        highest = np.where(inside, np.maximum(highest, phi(knot)), highest)
    return highest


def textbook(networks, phi, t_end, rng, knots=(), potential_above=1e-300, calcium_above=1e-300):
    """Simulate by thinning, the bound and Σφ taken anew from the full state at every event.

    Returns the spikes (replicate, time, neuron), in order of time within each replicate, and the times at
    which a mean first fell below its threshold (nan: never), which is counted only where no current flows.
    """
    train = []
    exit_time = np.full(networks.t.shape, np.nan)
    while (networks.t < t_end).any():
        stop = np.minimum(networks.next_edge(), t_end)
        wait = stop - networks.t
        bound = highest_rate(phi, knots, networks.potential, networks.potential_after(wait)).sum(axis=1)
        with np.errstate(divide="ignore", over="ignore"):
            candidate_wait = rng.exponential(size=bound.shape) / bound
            to_exit = np.minimum(
                np.log(networks.potential.mean(axis=1) / potential_above) / networks.model.beta,
                np.log(networks.calcium.mean(axis=1) / calcium_above) / networks.model.lam,
            )
        is_candidate = candidate_wait < wait
        wait = np.where(is_candidate, candidate_wait, wait)
        leaves = np.isnan(exit_time) & (to_exit <= wait) & (networks.t < t_end)
        exit_time = np.where(leaves, networks.t + np.maximum(to_exit, 0.0), exit_time)
        networks.flow(np.where(is_candidate, networks.t + wait, stop))
        cumulative = phi(networks.potential).cumsum(axis=1)
        mark = rng.uniform(size=bound.shape) * bound
        spikes = np.flatnonzero(is_candidate & (mark < cumulative[:, -1]))
        neurons = (cumulative[spikes] <= mark[spikes, None]).sum(axis=1)
        train.append((spikes, networks.t[spikes], neurons))
        networks.spike(spikes, neurons)
    return tuple(np.concatenate(column) for column in zip(*train, strict=True)), exit_time


def replay(network, phi, candidates, knots=()):
    """Decide the kernel's own candidates (time, neuron, threshold) by the full state of one network.

    Returns who of them spikes, and for each the highest φ(U_j) of any neuron since the candidate before, or
    since the last edge if that was later.
    """
    spikes, highest = [], []
    for time, neuron, threshold in candidates:
        edges = network.edges[(network.edges > network.t[0]) & (network.edges <= time)]
        if edges.size:
            network.flow(edges[-1:])
        before = network.potential
        network.flow(np.array([time]))
        highest.append(highest_rate(phi, knots, before, network.potential).max())
        spikes.append(threshold < phi(network.potential[0, neuron]))
        if spikes[-1]:
            network.spike(np.array([0]), np.array([neuron]))
    return np.array(spikes, bool), np.array(highest)
