"""Memory times of a small network, as the tests of executors and of interruptions ask for them."""

import numpy as np

import facilis as fc

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
REPLICATES = 60


def times(replicates=REPLICATES, t_max=80.0, rng=1, **options):
    start = {"potential": 2.0, "calcium": 9.0, "region": REGION}
    return fc.memory_times(MODEL, 30, t_max, replicates=replicates, rng=rng, **start, **options)


def assert_same(one, other):
    for name in ("time", "exited", "extinct", "index", "spikes"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
