"""The kernel's draws from the words of NumPy's generator: neurons, marks, and waits by the ziggurat."""

from math import exp, log

import numpy as np

BLOCK = 64
LAYERS = 256
TAIL = 7.69711747013105
AREA = (TAIL + 1.0) * exp(-TAIL)


def layers():
    """Return the right ends of the ziggurat's layers, from the lowest up to a last one of 0."""
    ends = [AREA / exp(-TAIL), TAIL]
    while len(ends) < LAYERS:
        ends.append(-log(AREA / ends[-1] + exp(-ends[-1])))
    return [*ends, 0.0]


ENDS = layers()


class Draws:
    """Points of a Poisson process of rate one, each with a neuron below `n` and a mark in [0, 1)."""

    def __init__(self, seed, n):
        self.generator, self.n = np.random.PCG64DXSM(seed), n

    def word(self):
        return int(self.generator.random_raw())

    def unit(self):
        return (self.word() >> 11) * 2.0**-53

    def below(self):
        """Return a whole number below `n`, by multiplication and rejection (Lemire 2019)."""
        while True:
            product = self.word() * self.n
            if product % 2**64 >= 2**64 % self.n:
                return product >> 64

    def wait(self):
        word = self.word()
        layer, x = word % LAYERS, (word >> 11) * 2.0**-53 * ENDS[word % LAYERS]
        if x < ENDS[layer + 1]:
            return x
        if layer == 0:
            return TAIL + self.wait()
        low, high = exp(-ENDS[layer]), exp(-ENDS[layer + 1])
        return x if low + (high - low) * self.unit() < exp(-x) else self.wait()

    def block(self):
        """Return the next block: the waits, the neurons and the marks."""
        fraction = self.below()
        points = []
        for _ in range(BLOCK):
            pick = self.word() * self.n + fraction
            points.append((self.wait(), pick >> 64, (pick % 2**64 >> 11) * 2.0**-53))
        return zip(*points, strict=True)
