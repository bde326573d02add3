"""Long tests of the slow passage in finite networks, which noise kicks out before the fold."""

from math import inf

import pytest
from tests.soak.rare import REGION, error

import facilis as fc


@pytest.mark.parametrize(
    ("n", "replicates", "value", "other"),
    [(50, 2000, 48.4, 2.0), (200, 1000, 146.9, 2.2), (1000, 500, 199.5, 1.2), (10_000, 100, 214.5, 0.4)],
)
def test_noise_ends_a_slide_early(n, replicates, value, other, compare):
    model = fc.Model(0.02, 1.0, 0.01, fc.Hill(1.0, 1.0, 4.0))
    passage = fc.slow_passage(model)
    start = {"potential": passage.potential, "calcium": passage.calcium}
    found = fc.memory_times(model, n, inf, region=REGION, replicates=replicates, rng=9, **start)
    compare(f"mean time of a slide, {n} neurons", found.time.mean(), error(found.time), value, other)
    assert found.time.mean() < passage.time
