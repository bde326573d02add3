"""A network of weak synapses that forgets, and one of strong synapses that does not, in one plane."""

import facilis as fc

weak, strong = fc.Model.example("memory"), fc.Model.example("bistable")
pulse = fc.Pulse(10.0, 30.0, 3.0)
runs = [fc.simulate(model, 100, 200.0, stimulus=pulse, rng=6) for model in (weak, strong)]
fc.plot.phase_portrait(weak, runs, label=["weak", "strong"])
