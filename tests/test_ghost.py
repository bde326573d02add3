"""The ghost of a fold: passage times against their law."""

import numpy as np
import pytest

import facilis as fc

HILL = fc.Model.example("ghost")


def below(model, delta):
    fold = max(fc.folds(model), key=lambda f: f.potential)
    return model.replace(alpha=(fold.kappa - delta) * model.beta * model.lam)


SMOOTH = {
    "hill": (HILL, 2.0, 0.7, 20.7688),
    "hill after": (HILL.replace(transmits="after"), 2.0, 0.7, None),
    "sigmoid": (fc.Model(0.3, 1.0, 0.1, fc.Sigmoid(1.0, 1.5, 0.2)), 2.5, 1.2, None),
    "other decays": (fc.Model(0.3, 2.0, 0.5, fc.Hill(1.5, 0.8, 3.0)), 2.0, 0.4, None),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_the_time_follows_the_inverse_square_root_over_five_decades(name):
    """T = C/√δ − c + o(1): what remains after C/√δ tends to a constant, to a relative 1e-6 of T at the end."""
    model, start, end, known = SMOOTH[name]
    rest = []
    for delta in 10.0 ** -np.arange(3, 9):
        passage = fc.ghost(below(model, delta), start=start, end=end)
        assert passage.delta == pytest.approx(delta, rel=1e-6)
        assert passage.asymptotic == pytest.approx(passage.constant / np.sqrt(delta), rel=1e-6)
        # δ is known to a rounding of κ only.
        rest.append(passage.asymptotic - passage.time)
    if known:
        assert passage.constant == pytest.approx(known, rel=5e-6)
    assert passage.time * np.sqrt(delta) == pytest.approx(passage.constant, rel=1e-3)
    assert abs(rest[-2] - rest[-3]) < 1e-3 * abs(rest[-3]) + 1e-2
    assert abs(rest[-3] - rest[-4]) < 5e-3 * abs(rest[-4]) + 1e-2


@pytest.mark.parametrize("transmits", ["before", "after"])
def test_the_other_fold_and_a_current_obey_the_same_law(transmits):
    """Above the fold at which the low state disappears the passage is upward; a current shifts both folds."""
    model = fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 4, 0.02), transmits=transmits)
    low, high = fc.folds(model, 0.1)
    for fold, side, reach in ((low, 1.0, 1.0), (high, -1.0, -0.4)):
        rest = []
        for delta in (1e-4, 1e-5, 1e-6):
            passage = fc.ghost(
                model.replace(alpha=(fold.kappa + side * delta * fold.kappa) * 0.1),
                start=max(fold.potential - 0.4 * reach, 0.05),
                end=fold.potential + reach,
                current=0.1,
            )
            assert passage.fold == fold
            rest.append(passage.asymptotic - passage.time)
        assert passage.time == pytest.approx(passage.asymptotic, rel=1e-2)
        # What remains settles, faster and faster.
        assert abs(rest[2] - rest[1]) < 0.8 * abs(rest[1] - rest[0])


def test_a_wrong_constant_would_be_seen():
    times = [fc.ghost(below(HILL, delta), start=2.0, end=0.7).time for delta in (1e-6, 1e-8)]
    # Two times give C without the theory.
    fitted = (times[1] - times[0]) / (1e4 - 1e3)
    assert fitted == pytest.approx(fc.ghost(HILL, start=2.0, end=0.7).constant, rel=2e-5)


@pytest.mark.parametrize(
    ("rate", "start", "end"),
    [
        (fc.Ramp(0.5, 2.0, 1.0), 2.5, 0.7),
        (fc.Table([0.2, 1.0, 2.0, 4.0], [0.0, 0.2, 1.0, 1.1]), 2.5, 1.2),
        (fc.Exponential(0.05, 1.5, 1.0), 2.5, 1.0),
    ],
)
@pytest.mark.parametrize("transmits", ["before", "after"])
def test_at_a_corner_the_time_is_logarithmic(rate, start, end, transmits):
    model = fc.Model(0.2, 1.0, 0.1, rate, transmits=transmits)
    fold = max(fc.folds(model), key=lambda f: f.potential)
    assert fold.kind == "corner"
    times = []
    for delta in (1e-6, 1e-8):
        at = model.replace(alpha=(fold.kappa - delta) * 0.1)
        passage = fc.ghost(at, start=start, end=end, calcium=1.3 * model.rate(start) / model.lam)
        times.append(passage.time)
        assert passage.asymptotic == pytest.approx(passage.constant * np.log(1.0 / passage.delta), rel=1e-12)
    assert (times[1] - times[0]) / np.log(100.0) == pytest.approx(passage.constant, rel=1e-3)


CORNER = fc.Model(0.2, 1.0, 0.1, fc.Ramp(0.5, 2.0, 1.0))
GROWTH = 1.0 / 0.5412577  # of the side below the corner


@pytest.mark.parametrize(
    ("calcium", "constant", "approach"),
    [(None, 1.0 + GROWTH, "fast"), (11.0, 10.0 + GROWTH, "slow"), (9.0, 0.0, "passes")],
)
def test_at_a_corner_the_constant_is_that_of_the_start(calcium, constant, approach):
    times = []
    for q in (1e-6, 1e-8):
        passage = fc.ghost(CORNER.replace(alpha=0.2 * (1.0 - q)), start=2.5, end=1.0, calcium=calcium)
        times.append(passage.time)
        assert passage.approach == approach
        assert passage.constant == pytest.approx(constant, rel=1e-6)
    assert (times[1] - times[0]) / np.log(100.0) == pytest.approx(constant, rel=2e-3, abs=1e-4)
    if approach == "passes":
        assert passage.asymptotic == pytest.approx(passage.time, rel=1e-6)


def test_an_orbit_that_spirals_around_a_corner_does_not_linger():
    model = fc.Model(0.1, 1.0, 0.1, fc.Table([0.5, 1.0, 1.5], [0.0, 1.0, 0.0]))
    fold = max(fc.folds(model), key=lambda f: f.potential)
    assert fold.kind == "corner"
    passages = [
        fc.ghost(model.replace(alpha=fold.alpha * (1.0 - q)), start=1.3, end=0.7) for q in (1e-6, 1e-9)
    ]
    assert passages[1].approach == "passes"
    assert passages[1].time == pytest.approx(passages[0].time, rel=1e-4)
    assert passages[1].asymptotic == pytest.approx(passages[1].time, rel=1e-6)


def test_too_little_calcium_passes_a_smooth_fold_too():
    passages = [fc.ghost(below(HILL, delta), start=2.0, end=0.7, calcium=4.0) for delta in (1e-4, 1e-8)]
    assert [p.approach for p in passages] == ["passes", "passes"]
    assert passages[1].constant == 0.0
    assert passages[1].time == pytest.approx(passages[1].asymptotic, rel=1e-6)
    assert passages[1].time == pytest.approx(passages[0].time, rel=1e-3)


@pytest.mark.slow
def test_where_decays_are_too_far_apart_nothing_is_claimed():
    model = fc.Model(0.2e7, 1e7, 0.1, fc.Ramp(0.5, 2.0, 1.0))
    with pytest.raises(RuntimeError, match="stiff"):
        fc.ghost(model.replace(alpha=0.2e7 * (1.0 - 1e-3)), start=2.5, end=1.0, calcium=11.0)


def test_the_fold_of_a_smooth_table_close_to_a_point_has_the_curvature_of_its_own_side():
    """There φ'' jumps; before, it was averaged over both sides, and the constant was a quarter too large."""
    potential = [0.007205622303220448, 0.040549947392433575, 0.0834021173333008, 0.08796066376444389]
    rate = fc.Table(potential, [0.03734377, 0.0732041, 0.08680741, 0.1438953], "monotone")
    model = fc.Model(1.0, 0.5862092155926684, 0.6554692788739276, rate, transmits="after")
    fold = min(fc.folds(model), key=lambda f: abs(f.potential - 0.0834))
    assert 0.0 < fold.potential - potential[2] < 1e-4
    passages = [
        fc.ghost(model.replace(alpha=fold.alpha * (1.0 + q)), start=0.0584, end=0.1084) for q in (1e-7, 1e-9)
    ]
    rise = passages[1].time - passages[0].time
    inverse_roots = [passage.delta**-0.5 for passage in passages]
    assert passages[1].constant == pytest.approx(rise / (inverse_roots[1] - inverse_roots[0]), rel=0.01)


def test_c_depends_on_the_sections_and_the_start_but_the_law_does_not():
    model = below(HILL, 1e-6)
    a = fc.ghost(model, start=2.0, end=0.7)
    b = fc.ghost(model, start=2.5, end=0.5, calcium=9.0)
    assert a.constant == b.constant
    assert a.time != b.time
    assert abs(a.time - b.time) < 100.0
    assert a.calcium == model.rate(2.0) / model.lam


BAD = [
    (
        lambda: fc.ghost(HILL, start=0.7, end=0.2),
        ValueError,
        "start and end must lie on either side of a fold",
    ),
    (
        lambda: fc.ghost(HILL, start=0.7, end=2.0),
        ValueError,
        "end must lie where the flow leads from start = 0.7",
    ),
    (
        lambda: fc.ghost(HILL, start=2.0, end=0.0),
        ValueError,
        "model must have no equilibrium between 0.0 and 2.0",
    ),
    (lambda: fc.ghost(fc.Model.example("memory"), start=2.0, end=0.7), ValueError, "no equilibrium between"),
    (lambda: fc.ghost(HILL, start=-2.0, end=0.7), ValueError, "start must be a finite number >= 0, got -2.0"),
    (lambda: fc.ghost(HILL, start=2.0, end=np.nan), ValueError, "end must be a finite number >= 0, got nan"),
    (lambda: fc.ghost(HILL, start=2.0, end=0.7, calcium="9"), TypeError, "calcium must be"),
    (lambda: fc.ghost(None, start=2.0, end=0.7), TypeError, "model must be a Model"),
    (lambda: fc.ghost(HILL, start=2.0, end=0.7, current=-1.0), ValueError, "current must be"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
