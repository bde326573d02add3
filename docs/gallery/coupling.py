"""A network and its limit on the same random numbers."""

import facilis as fc

model = fc.Model.example("memory")
fc.couple(model, 1000, 100.0, stimulus=fc.Pulse(10.0, 30.0, 3.0), rng=1).plot()
