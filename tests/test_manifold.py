"""Separatrices, against plain integration of the limit equation."""

import numpy as np
import pytest
from models import SEVERAL
from test_threshold import BISTABLE, destination

import facilis as fc


def saddles(model, current=0.0):
    return [k for k, e in enumerate(fc.equilibria(model, current)) if e.kind == "saddle"]


@pytest.mark.parametrize("name", SEVERAL)
def test_a_millionth_on_either_side_ends_in_different_basins(name):
    model = SEVERAL[name]
    points = fc.equilibria(model)
    assert saddles(model)
    for k, index in enumerate(saddles(model)):
        curve = fc.separatrix(model, saddle=k)
        assert (np.diff(curve.potential) > 0.0).all()
        assert (np.diff(curve.calcium) <= 0.0).all()
        assert curve.calcium[-1] == 0.0, "it is followed up to the axis"
        assert curve.saddle.potential == points[index].potential
        high = 3.0 * points[index].potential
        for u in np.linspace(max(curve.potential[0], 0.05), min(high, curve.potential[-1]), 9)[1:-1]:
            r = float(curve(u))
            above, below = destination(model, u, r + 1e-6), destination(model, u, max(r - 1e-6, 0.0))
            assert below == index - 1, (u, r)
            assert above == (index + 1 if index + 1 < len(points) else -1), (u, r)


def test_the_separatrix_is_good_to_1e_8():
    curve = fc.separatrix(BISTABLE)
    for u in (0.5, 0.8, 1.0, 1.3, 2.0, 10.0, 100.0):
        r = float(curve(u))
        near = 1e-8 * max(r, curve.saddle.calcium)
        assert destination(BISTABLE, u, r + near) == 2
        assert destination(BISTABLE, u, r - near) == 0


def test_a_box_cuts_the_curve():
    curve = fc.separatrix(BISTABLE, potential=3.0, calcium=20.0)
    assert curve.potential[-1] == pytest.approx(3.0, rel=1e-12)
    assert curve.calcium[0] == pytest.approx(20.0, rel=1e-12)
    assert np.isnan(curve(3.1))
    assert fc.separatrix(BISTABLE).calcium[0] == pytest.approx(4 * 9.86413696, rel=1e-6)


def test_a_box_without_the_saddle_cuts_the_curve_too():
    whole = fc.separatrix(BISTABLE)
    left = fc.separatrix(BISTABLE, potential=0.5)
    assert left.potential[-1] == 0.5
    low = fc.separatrix(BISTABLE, calcium=1.0)
    assert low.calcium[0] == 1.0
    for part in (left, low):
        assert len(part.potential) > 5
        inner = part.potential[(part.potential > 0.45) & (part.potential < 10.0)]
        np.testing.assert_allclose(part(inner), whole(inner), rtol=1e-6)
    assert len(fc.separatrix(BISTABLE, potential=0.5, calcium=1e-3).potential) == 0


@pytest.mark.slow
def test_a_curve_too_stiff_to_follow_is_an_error_and_not_a_dot():
    steep = fc.Model(0.3, 1.0, 0.1, fc.Ramp(1.0, 1.0 + 1e-6, 1.0))
    for call in (fc.separatrix, lambda m: fc.pulse_threshold(m, 10.0)):
        with pytest.raises(RuntimeError, match="steps allowed are used up"):
            call(steep)
    # Where there is no curve to compare with, each orbit is followed.
    starts = [1.5, 5.0, 3.0], [0.1, 0.1, 9.0]
    expected = [destination(steep, u, r) for u, r in zip(*starts, strict=True)]
    assert fc.basin(steep, *starts).tolist() == expected == [0, 0, 2]


def test_a_current_moves_the_curve():
    with_current = fc.separatrix(BISTABLE, current=0.2)
    assert float(with_current(1.5)) < float(fc.separatrix(BISTABLE)(1.5))
    for side, end in ((1e-6, 2), (-1e-6, 0)):
        assert destination(BISTABLE, 1.5, float(with_current(1.5)) + side, current=0.2) == end


def test_a_curve_that_hugs_the_axis_ends_there():
    model = fc.Model(10.0, 0.4, 1.3, fc.Hill(3.0, 0.7, 1.0))
    curve = fc.separatrix(model)
    assert (np.diff(curve.potential) > 0.0).all()
    assert 0.0 < curve.potential[0] < 1e-9
    assert fc.basin(model, [0.0, 1e-3], [1e9, 1e9]).tolist() == [0, 2]
