"""Networks that linger in their memory, and two ellipses that hold 95 % of them."""

import facilis as fc

model = fc.Model.example("bistable")
region = fc.Region.potential_above(0.7)
law = fc.quasi_stationary(model, 20, region=region, particles=1000, t_end=600.0, rng=1)
fc.plot.quasi_stationary(law)
