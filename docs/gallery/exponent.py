"""The exponent of mean lives against the synaptic strength, and slopes that were measured."""

import facilis as fc

model = fc.Model.example("bistable")
region = fc.Region.potential_above(0.7)
state = fc.equilibria(model)[-1]
start = {"potential": state.potential, "calcium": state.calcium, "rng": 1}
actions = [fc.escape_action(model.replace(alpha=alpha)) for alpha in (0.22, 0.24, 0.26, 0.28, 0.3)]
plain = fc.memory_scaling(model, [8, 11, 14, 17], 1e5, region=region, replicates=200, **start)
lives = [fc.mean_memory(model, n, region=region, replicas=200, rng=1) for n in (20, 40, 60)]
fc.plot.action(actions, [plain], lives=lives)
