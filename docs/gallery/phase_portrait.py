"""A run in the phase plane: the shaded basin is that of the memory state."""

import facilis as fc

model = fc.Model.example("memory")
pulse = fc.Pulse(start=10.0, stop=30.0, current=3.0)
run = fc.simulate(model, 100, 300.0, stimulus=pulse, rng=6)
fc.plot.phase_portrait(model, run)
