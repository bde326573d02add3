"""The calcium of 100,000 neurons, and its law in the limit."""

import matplotlib.pyplot as plt

import facilis as fc

model = fc.Model.example("bistable")
state = fc.equilibria(model)[-1]
start = {"potential": state.potential, "calcium": state.calcium}
run = fc.simulate(model, 100_000, 60.0, spikes=False, rng=1, **start)
law = fc.calcium_law(model, state)
bins = plt.hist(run.final.calcium, bins=80, density=True, alpha=0.4, label="network")[1]
plt.plot(bins, law.pdf(bins), label="limit")
plt.xlabel("calcium of a neuron")
plt.legend()
