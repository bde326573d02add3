"""A memory slides along the critical manifold and is kicked out at its fold."""

import facilis as fc

model = fc.Model(alpha=0.02, beta=1.0, lam=0.01, rate=fc.Hill(top=1.0, half=1.0, power=4))
fc.plot.critical_manifold(fc.critical_manifold(model), fc.slow_passage(model))
