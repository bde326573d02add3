"""The verification of splitting: what it judges, and that it would refuse what is wrong."""

import numpy as np
import pytest
from verification.rare import Case, cases
from verification.rare.refuse import DEFECTS


def case(runs, expected=0.25, replicas=4):
    return Case("made up", "", replicas, lambda seed: np.asarray(runs), lambda seed: (expected, 0.0))


def test_names_tell_cases_apart():
    names = [one.name for one in cases()]
    assert len(set(names)) == len(names) > 8
    assert [defect.name for defect in DEFECTS] == ["extinct-dropped", "generator-kept", "killed-one-by-one"]
    assert all(defect.sentence.endswith(".") for defect in DEFECTS)


def test_a_bias_and_a_wide_spread_are_refused():
    narrow = np.tile([0.2, 0.3], 500)
    assert case(narrow).judge(1).passes
    assert not case(narrow + 0.02).judge(1).passes
    wide = np.repeat([0.0, 1.0], [750, 250])
    assert case(wide).judge(1).score == pytest.approx(0.0)
    assert not case(wide).judge(1).passes
    assert not case([0.2, 0.2]).judge(1).passes


@pytest.mark.slow
def test_the_quickest_case_passes():
    (quick,) = [one for one in cases() if one.name == "all-tie"]
    assert quick.judge(7).passes
