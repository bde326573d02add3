"""The exponent of escape as users see it; its numbers are tested in the core."""

import time

import numpy as np
import pytest
from ctrl_c import CtrlC

import facilis as fc


@pytest.fixture(scope="module")
def action():
    seen = []
    found = fc.escape_action(fc.Model.example("memory"), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    return found


def test_the_exponent_is_that_of_an_independent_program(action):
    assert action.exponent == pytest.approx(0.0165, abs=0.0001 + action.error)
    assert action.exponent < action.upper < 1.1 * action.exponent
    assert action.error < 1e-3 * action.exponent
    assert "upper bound" in repr(action)


def test_the_path_leads_from_the_equilibrium_to_the_saddle(action):
    ends = [(action.path.potential[k], action.path.calcium[k]) for k in (0, -1)]
    for end, point in zip(ends, (action.equilibrium, action.saddle), strict=True):
        assert end == pytest.approx((point.potential, point.calcium), rel=0.01)
    assert (np.diff(action.path.t) > 0.0).all()


def test_it_is_saved_and_becomes_a_dataset(action, tmp_path):
    action.save(tmp_path / "action.npz")
    again = fc.load(tmp_path / "action.npz")
    assert again.exponent == action.exponent
    assert np.array_equal(again.path.calcium, action.path.calcium)
    assert action.to_xarray()["path_potential"].dims == ("time",)


@pytest.mark.slow
def test_a_low_state_escapes_upwards():
    model = fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 4.0, base=0.3))
    points = fc.equilibria(model)
    assert len(points) == 3
    up = fc.escape_action(model, equilibrium=0)
    assert up.exponent > 0.0
    assert up.path.potential[-1] == pytest.approx(points[1].potential, rel=0.02)


@pytest.mark.slow
def test_conventions_about_recipients_do_not_matter(action):
    other = fc.escape_action(fc.Model.example("memory").replace(recipients="all"))
    assert other.exponent == action.exponent


def test_what_cannot_be_done_is_refused():
    with pytest.raises(ValueError, match="no corners"):
        fc.escape_action(fc.Model(0.3, 1.0, 0.1, fc.Ramp(0.5, 1.5, 1.0)))
    with pytest.raises(ValueError, match="equilibrium must be"):
        fc.escape_action(fc.Model.example("bistable"), equilibrium=0)  # rest, without noise
    with pytest.raises(ValueError, match="equilibrium must be"):
        fc.escape_action(fc.Model.example("bistable"), equilibrium=1)
    with pytest.raises(ValueError, match="saddle beside it"):
        fc.escape_action(fc.Model(0.3, 1.0, 0.1, fc.Constant(1.0)))
    with pytest.raises(TypeError, match="equilibrium must be"):
        fc.escape_action(fc.Model.example("bistable"), equilibrium=0.5)
    with pytest.raises(ValueError, match="closer together"):
        fc.escape_action(fc.Model(0.03, 1.0, 0.01, fc.Hill(1.0, 1.0, 4.0)))


def test_ctrl_c_stops_it_soon():
    # Close to the fold it takes some seconds.
    with CtrlC() as ctrl_c, pytest.raises(KeyboardInterrupt):
        fc.escape_action(fc.Model.example("bistable").replace(alpha=0.214))
    assert time.perf_counter() - ctrl_c.time < 2.0  # 0.5 s on a machine with nothing else to do


def test_an_error_of_the_progress_stops_it():
    def stop(part):
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        fc.escape_action(fc.Model.example("bistable"), progress=stop)
