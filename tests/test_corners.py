"""The limit equation at the corners of a rate, against integrations from corner to corner by SciPy."""

import subprocess
import sys
from math import inf

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import facilis as fc


def random_table(rng):
    potential = np.cumsum(rng.uniform(0.05, 1.0, rng.integers(3, 9)))
    return fc.Table(potential, rng.uniform(0.0, 5.0, potential.size) * (rng.random(potential.size) > 0.2))


def from_corner_to_corner(model, start, t_end, equation, max_step=inf):
    """The state at the end, by DOP853 of SciPy; `equation(line)` is right while the rate is line[0] + line[1]·u."""
    knots = np.concatenate([[-inf], model.rate.potential, [inf]])
    values = np.concatenate([model.rate.rate[:1], model.rate.rate, model.rate.rate[-1:]])
    t, y = 0.0, np.array(start, float)
    k = int(np.searchsorted(knots, y[0], side="right")) - 1
    fine = {"method": "DOP853", "rtol": 1e-13, "atol": 1e-30, "max_step": max_step}
    while t < t_end:
        low, high = knots[k], knots[k + 1]
        slope = (values[k + 1] - values[k]) / (high - low) if np.isfinite(high - low) else 0.0
        line = (values[k] - slope * low if slope else values[k], slope)

        def down(_t, y, low=low):
            return y[0] - low if np.isfinite(low) else 1.0

        def up(_t, y, high=high):
            return high - y[0] if np.isfinite(high) else 1.0

        down.terminal = up.terminal = True
        down.direction = up.direction = -1
        part = solve_ivp(equation(line), (t, t_end), y, events=[down, up], **fine)
        t, y = part.t[-1], part.y[:, -1]
        if part.status == 1:
            # Which way it goes on is told by its velocity, which corners don't change.
            k += 1 if part.t_events[1].size else -1
            y[0] = knots[k] if part.t_events[1].size else knots[k + 1]
    return y


def moments(model):
    """u, r, V and C_uu, C_ur, C_rr of equal starts on a line."""
    alpha, beta, lam, more = model.alpha, model.beta, model.lam, float(model.transmits == "after")

    def equation(line):
        def change(_t, y):
            u, r, v, xx, xy, yy = y
            f, df, psi = line[0] + line[1] * u, line[1], r + more
            a = -beta + alpha * psi * df
            return [
                -beta * u + alpha * psi * f,
                -lam * r + f,
                -2.0 * lam * v + f,
                2.0 * (a * xx + alpha * f * xy) + alpha**2 * f * (psi**2 + v),
                df * xx + (a - lam) * xy + alpha * f * yy + alpha * f * psi,
                2.0 * (df * xy - lam * yy) + f,
            ]

        return change

    return equation


@pytest.mark.slow
@pytest.mark.parametrize("transmits", ["before", "after"])
def test_a_solution_is_as_exact_at_corners_as_elsewhere(transmits):
    """Before steps ended at corners the errors of such models were up to 60 tolerances."""
    rng, worst = np.random.default_rng(1), []
    for _ in range(60):
        model = fc.Model(rng.uniform(0.02, 0.1), 1.0, 0.3, random_table(rng), transmits=transmits)
        start = rng.uniform(0.0, 6.0), rng.uniform(0.0, 10.0)
        expected = from_corner_to_corner(model, [*start, 0.0, 0.0, 0.0, 0.0], 10.0, moments(model))
        sol = fc.solve_limit(model, 10.0, potential=start[0], calcium=start[1], grid=[10.0])
        found = np.concatenate([sol(10.0), sol.covariance[-1][[0, 0, 1], [0, 1, 1]]])
        size = np.array([1.0, 1.0, 1.0, model.alpha**2, model.alpha, 1.0])
        worst.append(np.abs(found - expected) / (1e-9 * np.abs(expected) + 1e-12 * size))
    assert np.max(worst) < 2.0, np.max(worst, axis=0)


@pytest.mark.parametrize("interpolation", ["linear", "monotone"])
def test_a_table_of_a_million_points_takes_few_steps(interpolation):
    potential = np.linspace(0.0, 20.0, 10**6)
    hill = fc.Model.example("bistable")
    model = hill.replace(rate=fc.Table(potential, hill.rate(potential), interpolation))
    start = {"potential": 2.0, "calcium": 9.0}
    sol, expected = (fc.solve_limit(m, 200.0, **start) for m in (model, hill))
    np.testing.assert_allclose(sol.potential, expected.potential, rtol=1e-8)
    assert len(sol.pieces[0]) < 1000


def test_a_neuron_that_turns_back_just_beyond_a_corner_sees_it():
    """Calcium carries the potential up and decays."""
    flat = fc.Model(0.3, 1.0, 0.1, fc.Constant(1.0))
    t = np.linspace(0.0, 10.0, 100_001)
    peak = float(fc.solve_limit(flat, 10.0, calcium=30.0, grid=t, rtol=1e-13).potential.max())
    for below in (1e-2, 1e-3, 1e-4):
        corner = peak - below
        model = flat.replace(rate=fc.Table([corner, corner + 1.0], [1.0, 2.0]))
        expected = from_corner_to_corner(model, [0.0, 30.0, 0.0, 0.0, 0.0, 0.0], 5.0, moments(model), 0.01)
        sol = fc.solve_limit(model, 5.0, calcium=30.0, rtol=1e-12)
        without = fc.solve_limit(flat, 5.0, calcium=30.0, rtol=1e-12)
        assert abs(sol(5.0)[1] / without(5.0)[1] - 1.0) > 1e-7
        np.testing.assert_allclose(sol(5.0), expected[:3], rtol=1e-9)


CONFINED = """
import resource
import numpy as np
import facilis as fc
with open("/proc/self/statm") as file:
    used = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + {room} * 2**20,) * 2)
model, rng = fc.Model.example("bistable"), np.random.default_rng(1)
pulses = [fc.Pulse(k, k + 0.5, 0.1) for k in range(300)]
start = dict(stimulus=pulses, potential=rng.uniform(0.0, 4.0, {atoms}), calcium=rng.uniform(0.0, 9.0, {atoms}))
try:
    print({call})
except (MemoryError, ValueError) as error:
    print(type(error).__name__, error)
"""


def confined(room, atoms, call):
    """What a process with so many megabytes of memory says."""
    script = CONFINED.format(room=room, atoms=atoms, call=call)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the memory as Linux does")
@pytest.mark.parametrize(
    ("room", "atoms", "call", "answer"),
    [
        # Kept whole, their steps would be 600 MB and more.
        (300, 10_000, "len(fc.solve_limit(model, 300.0, **start).pieces[0]) > 1000", "True"),
        (300, 128, "np.isfinite(fc.solve_limit(model, 300.0, **start).covariance).all()", "True"),
        (
            1000,
            4_000_000,
            "fc.solve_limit(model, 1.0, **start)",
            "MemoryError potential must be small enough for",
        ),
    ],
    ids=["many neurons", "a long covariance", "too many neurons"],
)
def test_what_needs_much_memory_is_done_or_refused(room, atoms, call, answer):
    done = confined(room, atoms, call)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(answer), done.stdout
