"""A memory state is born by a fold as the synapses grow stronger."""

import facilis as fc

model = fc.Model.example("memory")
fc.bifurcation(model, "alpha", 0.15, 0.5).plot()
