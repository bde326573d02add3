"""The means of a network of 400 neurons beside those of infinitely many."""

import facilis as fc

model = fc.Model.example("memory")
pulse = fc.Pulse(start=10.0, stop=30.0, current=3.0)
run = fc.simulate(model, 400, 200.0, stimulus=pulse, rng=1)
fc.plot.traces(run, limit=fc.solve_limit(model, 200.0, stimulus=pulse))
