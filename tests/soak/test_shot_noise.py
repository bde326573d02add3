"""Random laws of calcium, against a second program for them."""

import numpy as np
import pytest
from tests.soak.random_models import random_model
from tests.soak.shot_noise import Spikes, worst_difference

import facilis as fc


def random_case(seed):
    """A model, pulses, a start, and a time."""
    rng = np.random.default_rng([11, seed])
    model, current, scale = random_model(rng)
    t = float(10.0 ** rng.uniform(-1.0, 1.0) / min(model.beta, model.lam))
    pulses = [fc.Pulse(0.0, 2.0 * t, current)] if current else []
    if rng.random() < 0.6:
        begin, end = np.sort(rng.uniform(0.0, t, 2))
        pulses.append(fc.Pulse(begin, end, model.beta * scale * 10.0 ** rng.uniform(-1.0, 1.0)))
    start = (float(scale * rng.uniform(0.0, 3.0) * (rng.random() < 0.7)), float(rng.uniform(0.0, 5.0)))
    return model, pulses, start, t


@pytest.mark.parametrize("seed", range(60))
def test_a_random_law_lies_in_the_band_of_the_lattices(seed):
    model, pulses, start, t = random_case(seed)
    spikes = Spikes.until(model, pulses, start, start[0], t)
    if spikes is None:
        pytest.skip("SciPy fails or takes too long")
    law = fc.solve_limit(model, t, potential=start[0], calcium=start[1], stimulus=pulses, grid=2).calcium_law(
        t
    )
    found = worst_difference(law, spikes, start[1] * np.exp(-model.lam * t))
    if found is None:
        pytest.skip("too many spikes for a lattice")
    off, place = found
    assert off < 1e-6, (model, pulses, start, t, place)
