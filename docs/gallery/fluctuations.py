"""Fluctuations around the memory state, and what the linear-noise approximation says of them."""

import facilis as fc

model = fc.Model.example("bistable")
state = fc.equilibria(model)[-1]
start = {"potential": state.potential, "calcium": state.calcium}
run = fc.simulate(model, 1000, 2000.0, grid=4000, spikes=False, rng=1, **start)
fc.plot.fluctuations(run, fc.linear_noise(model, state))
