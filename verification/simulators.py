"""The two simulators that come with the catalogue: the kernel, and the plain NumPy program."""

import numpy as np

from .case import Case
from .references.program import Networks, textbook
from .sample import FEW, Sample, observe

# For each replicate. No case comes near it; a kernel that runs away is cut off, and its checks fail.
MOST_SPIKES = 30_000
MOST_SPIKES_EACH = 10


def kernel(case: Case, replicates: int, seed: int) -> Sample:
    """Run the kernel; replicate k has the stream of (seed, case, k)."""
    import facilis as fc
    from facilis import _core
    from facilis import seed as seeds
    from facilis.model.stimulus import Current

    parameters = dict(case.model)
    (kind, values), *_ = parameters.pop("rate").items()
    model = fc.Model(**parameters, rate=getattr(fc, kind)(**values))
    pulses = Current(tuple(fc.Pulse(*pulse) for pulse in case.pulses)).handle
    start = [np.atleast_1d(np.asarray(x, float)) for x in (case.potential, case.calcium)]
    region = None
    if case.region is not None:
        low = (case.region.get("potential", -np.inf), case.region.get("calcium", -np.inf))
        region = fc.Region.box((low[0], np.inf), (low[1], np.inf))._handle
    none, nobody = np.empty(0), np.empty(0, np.uint32)
    most = MOST_SPIKES + MOST_SPIKES_EACH * case.n
    rows, states, trains = np.empty((replicates, 5)), [], []
    root = (seed, *case.name.encode())
    for k in range(replicates):
        words = seeds.words(seeds.replicate(root, (), k))
        sim = _core.Simulation(model._handle, case.n, *start, pulses, words)
        plan = _core.Recording(sim, case.t_end, none, none, nobody, case.spikes, region, 0.0, most)
        while plan.advance(sim, 1_000_000) is None:
            pass
        rows[k] = sim.spikes, plan.exit_time, *sim.means()
        if case.n <= FEW:
            states.append(sim.state())
        if case.spikes:
            arrays = plan.arrays()
            trains.append((np.full(sim.spikes, k), arrays["spike_time"], arrays["spike_neuron"]))
    observables = dict(zip(("potential", "calcium", "calcium_var"), rows[:, 2:].T, strict=True))
    observables["spikes"] = rows[:, 0].astype(int)
    if region is not None:
        observables["exit_time"] = rows[:, 1]
    for name, values in zip(("potential", "calcium"), zip(*states, strict=True), strict=False):
        observables |= {f"{name}_{i}": np.array([value[i] for value in values]) for i in range(case.n)}
    spikes = None
    if case.spikes:
        time, who = (np.concatenate([train[j] for train in trains]) for j in (1, 2))
        spikes = np.concatenate([train[0] for train in trains]), time, who.astype(int)
    return Sample(observables, spikes)


# Beyond it the plain program's work at each event is too much for anybody's patience.
MOST_NEURONS_PLAIN = 10_000


def plain(case: Case, replicates: int, seed: int) -> Sample:
    """Run textbook thinning in NumPy: the independent program, and the example for other simulators."""
    networks = Networks(case.parameters, case.n, case.potential, case.calcium, case.stimulus, replicates)
    rng = np.random.default_rng((seed, 1, *case.name.encode()))
    low = {f"{name}_above": value for name, value in (case.region or {}).items()}
    train, exit_time = textbook(networks, case.phi, case.t_end, rng, case.knots, **low)
    order = np.lexsort((train[1], train[0]))
    train = tuple(column[order] for column in train)
    count = np.bincount(train[0], minlength=replicates)
    return observe(networks.potential, networks.calcium, count, train, exit_time)
