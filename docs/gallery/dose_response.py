"""The share of networks that remember a pulse, against its strength and its length."""

import numpy as np

import facilis as fc

model = fc.Model.example("memory")
region = fc.Region.potential_above(0.7)
doses = {"durations": [10.0, 15.0, 20.0], "currents": np.geomspace(0.5, 20.0, 8)}
fc.dose_response(model, 100, region=region, after=20.0, replicates=200, rng=1, **doses).plot()
