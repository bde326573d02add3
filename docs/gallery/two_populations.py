"""Where only some networks take the memory, one exponential law is refuted, and a mixture fits."""

import facilis as fc

model = fc.Model.example("bistable")
region = fc.Region.potential_above(0.7)
weak = fc.Pulse(0.0, 10.0, 1.2)
times = fc.memory_times(model, 30, 1000.0, region=region, stimulus=weak, replicates=300, rng=1)
fc.plot.survival(times, fit=True)
