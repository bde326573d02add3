"""Runs of ten thousand million spikes, ten thousand files, and a hundred thousand events in 40 digits."""

import resource

import numpy as np
import pytest
from tests.slow_twin import worst_error
from tests.test_arithmetic import MODELS, begin, go_on_from_files, worst_drift

PIECES, DURATION = 1000, 1.1e4  # ten thousand million spikes of a thousand neurons


def memory():
    """The most memory that this process has had until now, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_sums_do_not_drift_in_ten_thousand_million_spikes(figure):
    simulation = begin(MODELS["before, others"], 1000, 2)
    worst_drift(simulation, 3, DURATION)
    before = memory()
    spikes, worst = worst_drift(simulation, PIECES, DURATION)
    figure("spikes of one run", spikes)
    figure("largest relative drift of a sum in it", f"{worst:.1e}")
    figure("MB by which its memory grew", f"{memory() - before:.1f}")
    assert spikes > 10**10
    assert worst < 1e-10
    assert memory() - before < 2.0


def test_ten_thousand_files_on_the_way_change_no_bit(tmp_path, figure):
    times = np.cumsum(np.random.default_rng(8).exponential(0.1, 10_000))
    piece, whole = go_on_from_files(tmp_path / "saved.npz", MODELS["before, others"], times)
    figure("files saved, loaded and gone on from, every bit equal", len(times))
    for name in ("potential", "calcium"):
        np.testing.assert_array_equal(getattr(piece.final, name), getattr(whole.final, name))


@pytest.mark.parametrize("name", MODELS)
def test_a_hundred_thousand_events_in_forty_digits(name, figure):
    """A thousand neurons up to t = 140, looked at five times."""
    spikes, potential, calcium = worst_error(begin(MODELS[name], 1000, 1), 5, 28.0)
    figure(f"events compared with 40 digits ({name})", spikes)
    figure("largest error of a potential, relative to the field", f"{potential:.1e}")
    figure("largest relative error of a calcium", f"{calcium:.1e}")
    assert spikes > 10**5
    assert max(potential, calcium) < 1e-12
