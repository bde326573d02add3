"""How long networks of 100 neurons remember."""

import facilis as fc

model = fc.Model.example("memory")
region = fc.Region.potential_above(0.7)
start = {"potential": 2.0, "calcium": 9.0}
fc.memory_times(model, 100, 1e4, region=region, replicates=1000, rng=1, **start).plot()
