"""The most likely way out of a memory, and networks that took it."""

import facilis as fc

model = fc.Model.example("bistable")
region = fc.Region.potential_above(0.7)
state = fc.equilibria(model)[-1]
start = {"potential": state.potential, "calcium": state.calcium}
found = fc.exit_probability(model, 20, 50.0, region=region, replicas=200, rng=1, **start)
fc.plot.way_out(fc.escape_action(model), found.paths(3))
