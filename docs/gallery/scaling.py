"""Two ways to forget: memory that grows with the network, and memory that does not."""

import facilis as fc

region = fc.Region.potential_above(0.7)
start = {"potential": 2.0, "calcium": 9.0}
ax = None
for name, sizes in [("memory", [25, 50, 100, 200]), ("ghost", [50, 100, 200, 400, 800])]:
    model = fc.Model.example(name)
    found = fc.memory_scaling(model, sizes, 1e5, region=region, replicates=300, rng=1, **start)
    ax = fc.plot.scaling(found, ax, label=f"{name}: {found.verdict}")
