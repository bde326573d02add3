"""Mean memory times over two parameters; where the mean is not to be relied on there is a cross."""

import facilis as fc

model = fc.Model.example("memory")
region = fc.Region.potential_above(0.7)
task = {"t_max": 2000.0, "region": region, "potential": 2.0, "calcium": 9.0, "replicates": 100, "rng": 1}
over = {"alpha": [0.2, 0.21, 0.22, 0.23, 0.24], "n": [10, 20, 30, 40, 50, 60]}
data = fc.sweep(fc.memory_times, over=over, model=model, **task)
fc.plot.heat_map(data, "mean_time")
