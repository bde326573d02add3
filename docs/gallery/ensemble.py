"""The mean of 200 networks after a stimulus, and between which values half and 90 % of them are."""

import facilis as fc

model = fc.Model.example("memory")
pulse = fc.Pulse(start=10.0, stop=30.0, current=3.0)
fc.ensemble(model, 100, 200.0, replicates=200, stimulus=pulse, rng=1).plot()
