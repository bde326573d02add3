"""Times at which doubles are too coarse, and couplings beside which potentials lose their digits."""

import numpy as np
import pytest

import facilis as fc

MEMORY = fc.Model.example("memory")
LATE = [4e14, 1e16]


@pytest.mark.parametrize("start", LATE)
def test_late_pulses_are_refused(start):
    pulse = fc.Pulse(start, start + 10.0, 5.0)
    for call in (
        lambda: fc.simulate(MEMORY, 20, np.inf, grid=None, stimulus=pulse),
        lambda: fc.ensemble(MEMORY, 20, start + 20.0, grid=[start + 10.0], replicates=2, stimulus=pulse),
        lambda: fc.solve_limit(MEMORY, start + 20.0, stimulus=pulse),
    ):
        with pytest.raises(ValueError, match=r"must be so early that neighbouring doubles .*, got \d+\.0"):
            call()


def test_ends_beyond_ten_to_the_thirteen_are_refused_and_earlier_ones_are_not():
    for call in (fc.simulate, fc.couple):
        with pytest.raises(ValueError, match=r"t_end .*must be so early"):
            call(MEMORY, 5, 1e13)
    with pytest.raises(ValueError, match=r"t_end must be so early"):
        fc.solve_limit(MEMORY, 1e13)
    with pytest.raises(ValueError, match="must be so early"):
        fc.Simulation(MEMORY, 5).advance(1e13)
    with pytest.raises(ValueError, match="must be so early"):
        fc.simulate(MEMORY.replace(lam=1e3), 5, 1e11)
    assert fc.simulate(MEMORY, 5, 1e12, potential=2.0, calcium=9.0, spikes=False).stop == "extinct"
    assert fc.simulate(MEMORY, 5, np.inf, grid=None, potential=1.0).stop == "extinct"


def test_the_law_after_a_pulse_at_ten_to_the_twelve_is_the_law_after_one_at_zero():
    """20,000 replicates each, z below 4.5; at 4e14 the same comparison of 3000 networks of 1000 gave z = 6."""
    means, errors = [], []
    for start, seed in ((0.0, 1), (1e12, 2)):
        pulse = fc.Pulse(start, start + 2.0, 20.0)
        found = fc.ensemble(
            MEMORY, 20, start + 3.0, grid=[start + 3.0], replicates=20_000, stimulus=pulse, rng=seed
        )
        calcium = found.calcium[:, 0]
        means.append(calcium.mean())
        errors.append(calcium.std() / np.sqrt(calcium.size))
    assert abs(means[1] - means[0]) < 4.5 * np.hypot(*errors)


def test_a_neuron_alone_does_not_lose_its_digits_to_what_nobody_receives():
    runs = [
        fc.simulate(MEMORY.replace(alpha=alpha), 1, 30.0, potential=3.0, calcium=5.0, rng=4, grid=50)
        for alpha in (0.0, 0.22, 1e14)
    ]
    for run in runs[1:]:
        np.testing.assert_array_equal(run.spikes.time, runs[0].spikes.time)
        np.testing.assert_array_equal(run.potential, runs[0].potential)
    np.testing.assert_allclose(runs[2].potential, 3.0 * np.exp(-runs[2].t), rtol=1e-14)


def test_a_coupling_beside_which_potentials_drown_is_refused():
    for n in (2, 10):
        with pytest.raises(ValueError, match=r"alpha must be so small that .*, got 1e\+15|100000000000000"):
            fc.simulate(MEMORY.replace(alpha=1e15), n, 1.0, potential=3.0, calcium=5.0)
        fc.simulate(MEMORY.replace(alpha=1e5), n, 1.0, potential=3.0, calcium=5.0)
    # What rounding leaves does not matter to a constant rate, nor where the spiker receives its own spike.
    fc.simulate(fc.Model(1e15, 1.0, 0.1, fc.Constant(1.0)), 2, 1.0, calcium=5.0)
    fc.simulate(MEMORY.replace(alpha=1e15, recipients="all"), 2, 1.0, potential=3.0, calcium=5.0)
