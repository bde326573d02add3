"""Propagation of chaos: how far neurons are from independent ones, against their number."""

import matplotlib.pyplot as plt

import facilis as fc

model, sizes = fc.Model.example("bistable"), [100, 1000, 10_000]
start = {"potential": 2.0, "calcium": 9.0}
runs = [[fc.couple(model, n, 20.0, rng=k, **start) for k in range(30)] for n in sizes]
errors = [sum(run.calcium_error[-1] for run in some) / len(some) for some in runs]
plt.loglog(sizes, errors, "o", label="measured")
plt.loglog(sizes, [errors[-1] * (1e4 / n) ** 0.5 for n in sizes], "--", label="slope −1/2")
plt.xlabel("number of neurons")
plt.ylabel("mean error of a neuron's calcium")
plt.legend()
