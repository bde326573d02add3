"""The share of networks that remember a pulse: every point is the call that it stands for."""

import matplotlib as mpl
import numpy as np
import pytest

import facilis as fc
from facilis.memory.binomial import wilson

mpl.use("agg")
import matplotlib.pyplot as plt

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
OPTIONS = {"durations": [10.0, 20.0], "currents": [0.5, 1.0, 3.0], "region": REGION, "replicates": 60}


@pytest.fixture(scope="module")
def found():
    return fc.dose_response(MODEL, 40, rng=1, **OPTIONS)


def test_every_share_is_that_of_its_memory_times(found):
    assert found.after == 50.0
    j = 0
    for row, duration in enumerate(OPTIONS["durations"]):
        assert found.threshold[row] == fc.pulse_threshold(MODEL, duration)
        for column, current in enumerate(OPTIONS["currents"]):
            alone = fc.memory_times(
                MODEL,
                40,
                duration + 50.0,
                region=REGION,
                replicates=60,
                stimulus=fc.Pulse(0.0, duration, current),
                rng=np.random.SeedSequence(1, spawn_key=(j,)),
            )
            k = np.count_nonzero(~alone.exited)
            assert found.remembered[row, column] == k
            assert found.share[row, column] == k / 60
            np.testing.assert_array_equal([found.low[row, column], found.high[row, column]], wilson(k, 60))
            j += 1
    assert found.share[1, 0] < found.share[1, 2]


def test_it_goes_on_from_its_directory(found, tmp_path):
    first = fc.dose_response(MODEL, 40, rng=1, directory=tmp_path, **OPTIONS)
    again = fc.dose_response(MODEL, 40, directory=tmp_path, **OPTIONS)
    assert (again.entropy, again.spawn_key) == (1, ())
    for other in (first, again):
        np.testing.assert_array_equal(other.remembered, found.remembered)


def test_an_interrupt_returns_what_is_finished():
    def interrupt(fraction):
        if fraction > 0.4:
            raise KeyboardInterrupt

    many = {**OPTIONS, "replicates": 20_000}
    cut = fc.dose_response(MODEL, 10, rng=1, progress=interrupt, on_interrupt="return", **many)
    assert np.all(cut.trials[0, :2] == 20_000)
    assert 0 < cut.trials[0, 2] < 20_000
    assert np.isnan(cut.share[1]).all()


def test_it_goes_to_files_and_is_drawn(found, tmp_path):
    found.save(tmp_path / "dose.npz")
    np.testing.assert_array_equal(fc.load(tmp_path / "dose.npz").share, found.share)
    assert found.to_xarray().share.dims == ("duration", "current")
    ax = found.plot()["dose_response"]
    ax.figure.draw_without_rendering()
    drawn = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == ":"]
    assert drawn == [one for one in found.threshold if one <= ax.get_xlim()[1]]
    assert 0 < len(drawn) <= len(found.threshold)
    assert ax.get_xlim()[1] < 4.0
    plt.close("all")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"durations": [0.0]}, "durations must be"),
        ({"durations": []}, "durations must be"),
        ({"currents": [-1.0]}, "currents must be"),
        ({"currents": 1.0}, "currents must be"),
        ({"after": 0.0}, "after must be"),
        ({"region": None}, "region must be"),
    ],
)
def test_bad_arguments_are_named(change, named):
    with pytest.raises((TypeError, ValueError), match=named):
        fc.dose_response(MODEL, 5, rng=1, **{**OPTIONS, **change})
