"""What a spike costs, against the number of neurons, on the machine that made this picture."""

import matplotlib.pyplot as plt

import facilis as fc

model, sizes = fc.Model.example("bistable"), [10**k for k in range(2, 7)]
state = fc.equilibria(model)[-1]
start = {"potential": state.potential, "calcium": state.calcium, "spikes": False, "rng": 1}
runs = [fc.simulate(model, n, 1e6 / n, grid=None, **start) for n in sizes]
plt.semilogx(sizes, [1e9 * run.stats.seconds / run.stats.spikes for run in runs], "o-")
plt.ylim(bottom=0.0)
plt.xlabel("number of neurons")
plt.ylabel("nanoseconds per spike")
