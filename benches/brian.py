"""The network by Brian2, with a shared field in a group of one: a step costs O(N) and a spike O(1).

Brian2 goes in steps of time, and lets a neuron spike with probability φ·dt in each. That is not exact: `DT`
is such that the mean calcium at t = 20 is off by less than half a per cent in the limit of many neurons,
which `bias` tells.
"""

from math import exp

from measure import seconds

import facilis as fc

MODEL = fc.Model.example("bistable").replace(alpha=0.5)
START = (2.0, 9.0)
DT, T_END = 0.1, 20.0
RUN = 200.0  # so long that what Brian2 does at the start of a run does not count much

EQUATIONS = """
dprivate/dt = -private / second : 1
dcalcium/dt = -lam * calcium / second : 1
common : 1 (linked)
potential = common + private : 1
rate = potential**4 / (1 + potential**4) : 1
"""


def bias(dt: float = DT) -> float:
    """Return the relative error of the mean calcium at `T_END` that such steps make."""
    u, r = START
    for _ in range(round(T_END / dt)):
        u, r = u * exp(-dt), r * exp(-MODEL.lam * dt)
        p = u**4 / (1.0 + u**4) * dt
        u, r = u + MODEL.alpha * r * p, r + p
    exact = fc.solve_limit(MODEL, T_END, potential=START[0], calcium=START[1], grid=2).calcium[-1]
    return float(r / exact - 1.0)


def network(n: int):
    """Return what simulates until `RUN` from the start and tells nanoseconds per spike."""
    import brian2 as b2

    b2.start_scope()
    names = {"lam": MODEL.lam, "weight": MODEL.alpha / n}
    step = DT * b2.second
    shared = b2.NeuronGroup(1, "dcommon/dt = -common / second : 1", method="exact", dt=step)
    neurons = b2.NeuronGroup(
        n,
        EQUATIONS,
        threshold=f"rand() < rate * {DT}",
        reset="private -= weight * calcium; calcium += 1",
        method="exact",
        namespace=names,
        dt=step,
    )
    neurons.common = b2.linked_var(shared, "common")
    # Synapses come before resets: what is sent is the calcium before the spike.
    sending = b2.Synapses(
        neurons, shared, on_pre="common_post += weight * calcium_pre", namespace=names, dt=step
    )
    sending.connect()
    counter = b2.SpikeMonitor(neurons, record=False)
    whole = b2.Network(shared, neurons, sending, counter)
    shared.common, neurons.private, neurons.calcium = START[0], 0.0, START[1]
    whole.run(step)  # compiles
    whole.store()

    def measure() -> float:
        whole.restore()
        before = counter.num_spikes
        took = seconds(lambda: whole.run(RUN * b2.second))
        return 1e9 * took / (counter.num_spikes - before)

    return measure
