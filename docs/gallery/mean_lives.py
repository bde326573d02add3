"""Mean lives of memories in 8 to 100 neurons, and the exponent that they follow."""

import facilis as fc

model = fc.Model.example("bistable")
region = fc.Region.potential_above(0.7)
state = fc.equilibria(model)[-1]
start = {"potential": state.potential, "calcium": state.calcium}
plain = fc.memory_scaling(model, [8, 10, 12, 15], 1e5, region=region, replicates=200, rng=1, **start)
options = {"region": region, "replicas": 200, "runs": 6, "rng": 1}
lives = [fc.mean_memory(model, n, **options) for n in (10, 15, 20, 30, 50, 70, 100)]
fc.plot.mean_lives(lives, fc.escape_action(model), plain)
