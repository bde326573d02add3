"""The limit equation, against SciPy's DOP853 at its finest tolerance."""

import dataclasses
import pickle
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

import facilis as fc

RATES = [
    fc.Constant(0.7),
    fc.Linear(0.2, 0.05),
    fc.Hill(1.0, 1.0, 4),
    fc.Hill(1.5, 0.8, 2.5, 0.05),
    fc.Sigmoid(1.5, 2.0, 0.4),
    fc.Ramp(0.5, 2.0, 1.2),
    fc.Exponential(0.1, 0.8, 1.5),
    fc.Table([0.2, 1.0, 2.0, 3.5], [0.05, 1.0, 0.4, 0.9]),
]
PULSES = (fc.Pulse(3.0, 9.0, 1.5), fc.Pulse(5.0, 7.5, 0.5))


def reference(model, t_end, atoms, stimulus, times):
    """The equations of the documentation, atom by atom: x, r_k and V_k; means over the atoms at `times`."""
    u0, r0, weights = (np.asarray(a, float) for a in atoms)
    weights = weights / weights.sum()
    k = len(u0)
    psi = 0.0 if model.transmits == "before" else 1.0

    def rhs(t, y, current):
        x, r, v = y[0], y[1 : k + 1], y[k + 1 :]
        rate = model.rate(x + u0 * np.exp(-model.beta * t))
        dx = -model.beta * x + model.alpha * np.sum(weights * (r + psi) * rate) + current
        return np.concatenate([[dx], -model.lam * r + rate, -2 * model.lam * v + rate])

    edges = sorted({0.0, t_end, *(e for p in stimulus for e in (p.start, p.stop) if e < t_end)})
    y, columns = np.concatenate([[0.0], r0, np.zeros(k)]), []
    for a, b in pairwise(edges):
        current = sum(p.current for p in stimulus if p.start <= a < p.stop)
        inside = times[(times >= a) & ((times < b) | (b == t_end))]
        wanted = np.append(inside[inside < b], b)
        fine = {"rtol": 1e-13, "atol": 1e-15, "max_step": 0.05, "args": (current,)}
        part = solve_ivp(rhs, (a, b), y, "DOP853", t_eval=wanted, **fine)
        y = part.y[:, -1]
        columns.append(part.y[:, : len(inside)])
    y = np.hstack(columns)
    x, r, v = y[0], y[1 : k + 1], y[k + 1 :]
    mean = weights @ r
    potential = x + (weights @ u0) * np.exp(-model.beta * times)
    return np.stack([potential, mean, weights @ v + weights @ (r - mean) ** 2])


@pytest.mark.slow
@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("rate", RATES, ids=lambda rate: type(rate).__name__)
def test_equal_starts_and_pulses_match_scipy_between_steps_too(rate, transmits):
    model = fc.Model(0.3, 1.0, 0.1, rate, transmits=transmits)
    if isinstance(rate, fc.Linear):
        model = model.replace(alpha=0.05)
    # Steps of the solver are about 1 long: most of these times lie within one.
    times = np.sort(np.random.default_rng(1).uniform(0.0, 30.0, 400))
    sol = fc.solve_limit(model, 30.0, potential=0.6, calcium=2.0, stimulus=PULSES, grid=7, rtol=1e-11)
    expected = reference(model, 30.0, ([0.6], [2.0], [1.0]), PULSES, times)
    # The tolerance is of each step; the solution's own dynamics and up to 200 steps amplify it.
    np.testing.assert_allclose(sol(times), expected, rtol=3e-10, atol=3e-10)


@pytest.mark.slow
def test_default_tolerance_holds_over_a_long_time():
    model = fc.Model.example("bistable")
    times = np.linspace(0.0, 200.0, 1001)
    expected = reference(model, 200.0, ([2.0], [9.0], [1.0]), (), times)
    sol = fc.solve_limit(model, 200.0, potential=2.0, calcium=9.0, grid=times)
    got = np.stack([sol.potential, sol.calcium, sol.calcium_var])
    np.testing.assert_allclose(got, expected, rtol=1e-8)
    # The test can see an error of 1e-7: another tolerance doesn't pass it.
    coarse = fc.solve_limit(model, 200.0, potential=2.0, calcium=9.0, grid=times, rtol=1e-3, atol=1e-6)
    assert np.abs(coarse.potential - expected[0]).max() > 1e-7


@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("rate", [RATES[2], RATES[3], RATES[4], RATES[7]], ids=lambda r: type(r).__name__)
def test_a_general_initial_law_is_the_system_of_its_atoms(rate, transmits):
    rng = np.random.default_rng(2)
    model = fc.Model(0.3, 1.0, 0.1, rate, transmits=transmits)
    atoms = rng.uniform(0.0, 4.0, 7), rng.uniform(0.0, 12.0, 7), rng.uniform(0.1, 1.0, 7)
    times = np.sort(rng.uniform(0.0, 20.0, 200))
    u, r, w = atoms
    sol = fc.solve_limit(model, 20.0, potential=u, calcium=r, weights=w, stimulus=PULSES, rtol=1e-11)
    expected = reference(model, 20.0, atoms, PULSES, times)
    np.testing.assert_allclose(sol(times), expected, rtol=3e-10, atol=3e-10)


def test_weights_are_shares_and_default_to_equal_ones():
    model = fc.Model.example("bistable")
    start = {"potential": [1.0, 3.0], "calcium": 4.0}
    a = fc.solve_limit(model, 10.0, **start)
    b = fc.solve_limit(model, 10.0, **start, weights=[5.0, 5.0])
    c = fc.solve_limit(model, 10.0, potential=[1.0, 1.0, 3.0, 3.0, 7.0], calcium=4.0, weights=[1, 1, 2, 0, 0])
    np.testing.assert_array_equal(a.potential, b.potential)
    np.testing.assert_allclose(a.potential, c.potential, rtol=1e-12)
    assert a.potential[0] == 2.0


def test_the_variance_of_equal_starts_is_shot_noise():
    """At an equilibrium Var R tends to φ/(2λ), half the mean."""
    model = fc.Model.example("bistable")
    point = fc.equilibria(model)[-1]
    sol = fc.solve_limit(model, 300.0, potential=point.potential, calcium=point.calcium)
    assert sol.calcium_var[0] == 0.0
    assert sol.calcium_var[-1] == pytest.approx(point.calcium / 2, rel=1e-9)


def test_shapes_and_the_ends_of_time():
    sol = fc.solve_limit(fc.Model.example("bistable"), 20.0, potential=2.0, calcium=9.0, grid=11)
    assert sol.t.shape == sol.calcium_var.shape == (11,)
    assert sol(3.0).shape == (3,)
    assert sol(np.zeros((2, 5))).shape == (3, 2, 5)
    assert sol([]).shape == (3, 0)
    np.testing.assert_array_equal(sol(0.0), [2.0, 9.0, 0.0])
    np.testing.assert_array_equal(sol(sol.t)[0], sol.potential)
    for bad in (-1e-9, 20.0 + 1e-9, np.nan, [1.0, np.inf]):
        with pytest.raises(ValueError, match=r"^t must be times from 0.0 to 20.0"):
            sol(bad)


def test_the_solution_is_made_of_its_pieces():
    sol = fc.solve_limit(fc.Model.example("bistable"), 20.0, potential=2.0, calcium=9.0, stimulus=PULSES)
    start, width, coefficients = sol.pieces
    step = np.searchsorted(start, sol.t, side="right") - 1
    x, c = (sol.t - start[step]) / width[step], coefficients[step].T
    inner = c[4] + x * (c[5] + (1.0 - x) * (c[6] + x * c[7]))
    values = c[0] + x * (c[1] + (1.0 - x) * (c[2] + x * (c[3] + (1.0 - x) * inner)))
    np.testing.assert_allclose(sol(sol.t), values, rtol=1e-14)
    short = (start, width[1:], coefficients)
    with pytest.raises(ValueError, match=r"^pieces must"):
        dataclasses.replace(sol, pieces=short)(3.0)


@pytest.mark.parametrize(("end", "points"), [(20.0, 2), (1.0, 1000), (0.3, 7), (1e-8, 11)])
def test_a_grid_of_some_points_is_that_of_numpy(end, points):
    sol = fc.solve_limit(fc.Model.example("bistable"), end, potential=2.0, grid=points)
    np.testing.assert_array_equal(sol.t, np.linspace(0.0, end, points))


def test_no_time_at_all():
    sol = fc.solve_limit(fc.Model.example("bistable"), 0.0, potential=[2.0, 4.0], calcium=9.0)
    np.testing.assert_array_equal(sol.t, [0.0])
    np.testing.assert_array_equal(sol(0.0), [3.0, 9.0, 0.0])


def test_a_result_is_frozen_and_survives_pickling_and_a_file(tmp_path):
    sol = fc.solve_limit(fc.Model.example("memory"), 50.0, stimulus=fc.Pulse(1.0, 9.0, 3.0))
    sol.save(tmp_path / "limit.npz")
    times = np.linspace(0.0, 50.0, 777)
    for copy in (pickle.loads(pickle.dumps(sol)), fc.load(tmp_path / "limit.npz")):
        np.testing.assert_array_equal(copy(times), sol(times))
        assert copy.model == sol.model
        assert copy.stimulus == sol.stimulus
    with pytest.raises(AttributeError):
        sol.t_end = 3.0


def test_a_blow_up_is_an_error_with_its_time():
    model = fc.Model(1.0, 1.0, 1.0, fc.Linear(2.0))
    with pytest.raises(RuntimeError, match=r"t = 0\.\d+"):
        fc.solve_limit(model, 10.0, potential=9.0, calcium=9.0)
    with pytest.raises(RuntimeError, match="t = "):
        fc.solve_limit(model.replace(rate=fc.Exponential(1.0, 5.0, np.inf)), 10.0, potential=9.0, calcium=9.0)


MEMORY = fc.Model.example("memory")


@pytest.mark.parametrize(("width", "height"), [(0.05, 20.0), (2e-3, 100.0), (2e-4, 1000.0)])
@pytest.mark.parametrize("atoms", [[3.0], [0.5, 3.0]])
@pytest.mark.parametrize("interpolation", ["linear", "monotone"])
def test_a_narrow_peak_of_a_table_is_not_stepped_over(width, height, atoms, interpolation):
    """Without coupling u = u₀e^{−t}, and the calcium is an integral over the potentials passed."""
    potential, rate = [0.0, 1.0, 1.0 + width / 2, 1.0 + width, 4.0], [0.1, 0.1, height, 0.1, 0.1]
    peak = fc.Table(potential, rate, interpolation)
    model = fc.Model(0.0, 1.0, 0.1, peak)
    found = fc.solve_limit(model, 10.0, potential=atoms, calcium=1.0)
    spikes = 0.0
    for start in atoms:
        passed = [np.log(start / x) for x in (1.0 + width, 1.0 + width / 2, 1.0) if x < start]

        def left(t, start=start):
            return np.exp(-0.1 * (10.0 - t)) * peak(start * np.exp(-t))

        spikes += sum(quad(left, a, b, epsabs=1e-13)[0] for a, b in pairwise([0.0, *passed, 10.0]))
    assert found(10.0)[1] == pytest.approx(np.exp(-1.0) + spikes / len(atoms), rel=1e-9)


def test_a_time_just_beyond_the_end_is_shown_with_its_digits_and_a_hint():
    sol, times = fc.solve_limit(MEMORY, 0.3), np.arange(4) * 0.1
    hint = r"\[3\] = 0.30000000000000004, which is later by rounding only: np.minimum\(times, 0.3\)"
    with pytest.raises(ValueError, match="t" + hint):
        sol(times)
    with pytest.raises(ValueError, match="grid" + hint):
        fc.solve_limit(MEMORY, 0.3, grid=times)
    with pytest.raises(ValueError, match="snapshots" + hint):
        fc.simulate(MEMORY, 5, 0.3, snapshots=times)
    with pytest.raises(ValueError, match=r"t must be times from 0.0 to 0.3, got t\[1\] = 0.4$"):
        sol([0.2, 0.4])


def test_steps_that_are_used_up_name_stiffness_and_a_way_out():
    with pytest.raises(
        RuntimeError, match=r"used up at t = .*stiff.*end earlier, or let equilibria and basin"
    ):
        fc.solve_limit(MEMORY.replace(beta=1e7, alpha=3e6), 10.0, potential=2.0, calcium=9.0)


BAD = [
    ((None, 1.0), {}, TypeError, "model must be a Model, got None"),
    ((MEMORY, -1.0), {}, ValueError, "t_end must be a finite time >= 0, got -1.0"),
    ((MEMORY, np.inf), {}, ValueError, "t_end must be a finite time >= 0, got inf"),
    ((MEMORY, np.nan), {}, ValueError, "t_end must be"),
    ((MEMORY, "9"), {}, TypeError, "t_end must be a finite time >= 0, got '9'"),
    ((MEMORY, True), {}, TypeError, "t_end must be"),
    ((MEMORY, 1.0), {"potential": -1.0}, ValueError, "potential must be finite numbers >= 0"),
    ((MEMORY, 1.0), {"potential": np.nan}, ValueError, "potential must be finite numbers >= 0"),
    ((MEMORY, 1.0), {"potential": "a"}, TypeError, "potential must be"),
    ((MEMORY, 1.0), {"potential": []}, ValueError, "must be"),
    ((MEMORY, 1.0), {"potential": [[1.0]]}, ValueError, "potential must be"),
    ((MEMORY, 1.0), {"calcium": [1.0, np.inf]}, ValueError, "calcium must be finite numbers >= 0"),
    ((MEMORY, 1.0), {"calcium": [1.0] * 2, "potential": [1.0] * 3}, ValueError, "calcium must be .*k is 3"),
    ((MEMORY, 1.0), {"weights": [1.0, -1.0]}, ValueError, "weights must be finite numbers >= 0"),
    ((MEMORY, 1.0), {"weights": [0.0, 0.0]}, ValueError, "weights must be"),
    ((MEMORY, 1.0), {"weights": [1.0] * 3, "potential": [1.0] * 2}, ValueError, "weights must be .*k is 2"),
    ((MEMORY, 1.0), {"weights": "w"}, TypeError, "weights must be"),
    ((MEMORY, 1.0), {"stimulus": 3.0}, TypeError, "stimulus must be"),
    ((MEMORY, 1.0), {"stimulus": (1.0, 2.0, 3.0)}, TypeError, "stimulus must be"),
    ((MEMORY, 1.0), {"grid": [0.5, 0.2]}, ValueError, "grid must be"),
    ((MEMORY, 1.0), {"grid": [0.5, 1.2]}, ValueError, "grid must be"),
    ((MEMORY, 1.0), {"grid": 1}, ValueError, "grid must be"),
    ((MEMORY, 1.0), {"rtol": 0.0}, ValueError, "rtol must be between 1e-13 and 0.1, got 0"),
    ((MEMORY, 1.0), {"rtol": np.nan}, ValueError, "rtol must be"),
    ((MEMORY, 1.0), {"atol": 0.0}, ValueError, "atol must be positive and finite, got 0"),
    ((MEMORY, 1.0), {"atol": None}, TypeError, "atol must be"),
]


@pytest.mark.parametrize(("arguments", "options", "error", "message"), BAD)
def test_a_bad_argument_is_named(arguments, options, error, message):
    with pytest.raises(error, match=message):
        fc.solve_limit(*arguments, **options)
