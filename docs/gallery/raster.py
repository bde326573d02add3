"""Spikes of 100 neurons that keep a stimulus in mind and then forget it."""

import facilis as fc

model = fc.Model.example("memory")
pulse = fc.Pulse(start=10.0, stop=30.0, current=3.0)
run = fc.simulate(model, 100, 200.0, stimulus=pulse, rng=6)
fc.plot.raster(run)
