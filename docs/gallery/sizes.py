"""The same stimulus in larger and larger networks."""

import facilis as fc

model, pulse = fc.Model.example("bistable"), fc.Pulse(5.0, 20.0, 2.0)
runs = {
    f"{n} neurons": fc.simulate(model, n, 80.0, stimulus=pulse, spikes=False, rng=1) for n in (50, 500, 5000)
}
sol = fc.solve_limit(model, 80.0, stimulus=pulse)
fc.plot.traces(runs, limit=sol, means="potential")
