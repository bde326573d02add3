"""What the kernel computes, against the same in 40 digits, and the sums that it keeps, against sums made anew."""

from math import fsum

import numpy as np
import pytest
from slow_twin import worst_error

import facilis as fc

RATE = fc.Hill(1.0, 1.0, 4, base=0.05)
MODELS = {
    "before, others": fc.Model(0.3, 1.0, 0.1, RATE),
    "after, others": fc.Model(0.3, 1.0, 0.1, RATE, transmits="after"),
    "before, all": fc.Model(0.3, 1.0, 0.1, RATE, recipients="all"),
    "fast calcium": fc.Model(3.0, 0.2, 2.0, RATE),
}


def begin(model, n, seed):
    """A network in which no two neurons are alike."""
    rng = np.random.default_rng(seed)
    return fc.Simulation(
        model, n, potential=rng.uniform(0.0, 4.0, n), calcium=rng.uniform(0.0, 15.0, n), rng=seed
    )


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("n", [3, 200])
def test_potentials_and_calcium_are_those_of_forty_digits(name, n):
    """No later than t = 300, where doubles, and so the times that are told, are 6e-14 apart."""
    spikes, potential, calcium = worst_error(begin(MODELS[name], n, 1), 20, 15.0 if n == 3 else 2.0)
    assert spikes > 30
    assert potential < 1e-12
    assert calcium < 1e-12


def drift(simulation):
    """By how much the kept means are off the means of all neurons, relative to these, and the variance likewise."""
    means, state = simulation._core.means(), simulation.state()
    n = simulation.n
    potential, calcium = fsum(state.potential) / n, fsum(state.calcium) / n
    variance = fsum((state.calcium - calcium) ** 2) / n
    return max(
        abs(kept / exact - 1.0) for kept, exact in zip(means, (potential, calcium, variance), strict=True)
    )


def worst_drift(simulation, pieces, duration):
    """Advance by pieces of random lengths, of that mean; return the number of spikes and the largest drift seen."""
    worst = 0.0
    for piece in np.random.default_rng(3).exponential(duration, pieces):
        simulation.advance(simulation.t + piece, grid=None, spikes=False)
        worst = max(worst, drift(simulation))
    return simulation._core.spikes, worst


def go_on_from_files(path, model, times):
    """Save, load and advance again and again; return the last piece and that of a run in one piece."""
    simulation, whole = (fc.Simulation(model, 20, potential=2.0, calcium=9.0, rng=7) for _ in range(2))
    for time in times:
        piece = simulation.advance(time, grid=None)
        simulation.save(path)
        simulation = fc.Simulation.load(path)
    return piece, whole.advance(times[-1], grid=None)


@pytest.mark.parametrize("n", [2, 1000])
def test_sums_that_are_kept_do_not_drift(n):
    spikes, worst = worst_drift(begin(MODELS["before, others"], n, 2), 30, 3e4 / n)
    assert spikes > 10**4
    assert worst < 1e-10


def test_a_run_that_is_saved_and_loaded_again_and_again_stays_the_same_to_the_bit(tmp_path):
    times = np.cumsum(np.random.default_rng(8).exponential(0.1, 200))
    piece, whole = go_on_from_files(tmp_path / "saved.npz", MODELS["before, others"], times)
    for name in ("potential", "calcium"):
        np.testing.assert_array_equal(getattr(piece.final, name), getattr(whole.final, name))
    np.testing.assert_array_equal(piece.spikes.time, whole.spikes.time[whole.spikes.time > times[-2]])
