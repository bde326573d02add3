"""A slow twin of the kernel's arithmetic, in numbers of 40 digits: potentials and calcium, given who spikes when.

It keeps what the model says, and nothing that the kernel does: what all neurons receive, what each of them missed
of it, and its calcium, each with the time at which it was last brought up to date.
"""

from decimal import Decimal, localcontext

DIGITS = 40


class Twin:
    """The state of n neurons after any number of spikes, without a stimulus."""

    def __init__(self, model, potential, calcium):
        self.beta, self.lam = Decimal(model.beta), Decimal(model.lam)
        self.weight = Decimal(model.alpha) / len(potential)
        self.more = int(model.transmits == "after")
        self.misses = model.recipients == "others"
        self.received, self.time = Decimal(0), Decimal(0)
        start = zip(potential, calcium, strict=True)
        # Each neuron: when it was last looked at, its own part of the potential, its calcium.
        self.neurons = [(Decimal(0), Decimal(float(u)), Decimal(float(r))) for u, r in start]

    def at(self, time, i):
        """What neuron i has received from others, less what it missed, and its calcium, at a time."""
        then, own, calcium = self.neurons[i]
        past = Decimal(time) - then
        return own * (-self.beta * past).exp(), calcium * (-self.lam * past).exp()

    def field(self, time):
        """What all neurons have received, at a time."""
        return self.received * (self.beta * (self.time - Decimal(time))).exp()

    def spike(self, time, i):
        """Let neuron i spike."""
        own, calcium = self.at(time, i)
        sent = self.weight * (calcium + self.more)
        self.received, self.time = self.field(time) + sent, Decimal(time)
        self.neurons[i] = (self.time, own - sent if self.misses else own, calcium + 1)

    def state(self, time):
        """All potentials and all calcium at a time."""
        field = self.field(time)
        parts = [self.at(time, i) for i in range(len(self.neurons))]
        return [field + own for own, _ in parts], [calcium for _, calcium in parts]


def worst_error(simulation, pieces, duration):
    """Advance by so many pieces of that duration; return the number of spikes and the largest errors seen.

    Those of potentials are relative to the shared field, which no potential exceeds by more than a rounding, those
    of calcium relative to itself.
    """
    start = simulation.state()
    worst = [0.0, 0.0]
    with localcontext() as context:
        context.prec = DIGITS
        twin, spikes = Twin(simulation.model, start.potential, start.calcium), 0
        for _ in range(pieces):
            run = simulation.advance(simulation.t + duration, grid=None)
            for time, i in zip(run.spikes.time.tolist(), run.spikes.neuron.tolist(), strict=True):
                twin.spike(time, i)
            spikes += run.spikes.time.size
            potential, calcium = twin.state(run.final.t)
            top = max(potential)
            found = zip(run.final.potential.tolist(), potential, strict=True)
            worst[0] = max(worst[0], *(float(abs(Decimal(u) - exact) / top) for u, exact in found))
            found = zip(run.final.calcium.tolist(), calcium, strict=True)
            worst[1] = max(worst[1], *(float(abs(Decimal(r) - exact) / exact) for r, exact in found))
    return spikes, *worst
