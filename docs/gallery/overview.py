"""All that a run kept, in one figure."""

import facilis as fc

model = fc.Model.example("memory")
run = fc.simulate(model, 100, 200.0, stimulus=fc.Pulse(10.0, 30.0, 3.0), rng=6)
run.plot()
