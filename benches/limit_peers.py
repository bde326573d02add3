"""The limit equation by other programs, each at the loosest tolerance at which it errs no more than we do.

Over [0, 200] from (2, 9), the bistable example; the error is the greatest at some times on the way, against a
solution of SciPy's at a relative tolerance of 1e-13.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from measure import Figure, in_turns, seconds

import facilis as fc

MODEL = fc.Model.example("bistable")
START = np.array([2.0, 9.0])
TIMES = np.array([0.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0])

Solve = Callable[[float], np.ndarray]  # from a relative tolerance to states at TIMES, shape (2, len(TIMES))


def right(t, y):
    phi = y[0] ** 4 / (1.0 + y[0] ** 4)
    return (-y[0] + MODEL.alpha * y[1] * phi, -MODEL.lam * y[1] + phi)


def facilis(rtol: float) -> np.ndarray:
    sol = fc.solve_limit(MODEL, 200.0, potential=2.0, calcium=9.0, grid=TIMES, rtol=rtol, atol=1e-3 * rtol)
    return np.stack([sol.potential, sol.calcium])


def scipy(method: str, rtol: float) -> np.ndarray:
    from scipy.integrate import solve_ivp

    return solve_ivp(right, (0.0, 200.0), START, method, t_eval=TIMES, rtol=rtol, atol=1e-3 * rtol).y


def jitcode() -> Solve:
    from jitcode import jitcode as Jitcode
    from jitcode import y

    phi = y(0) ** 4 / (1 + y(0) ** 4)
    program = Jitcode([-y(0) + MODEL.alpha * y(1) * phi, -MODEL.lam * y(1) + phi], verbose=False)
    # Elsewhere, for what compiles would read our pyproject.toml.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        program.compile_C()

    def solve(rtol: float) -> np.ndarray:
        program.set_integrator("dop853", rtol=rtol, atol=1e-3 * rtol, nsteps=100_000)
        program.set_initial_value(START, 0.0)
        return np.array([START, *(program.integrate(t) for t in TIMES[1:])]).T

    return solve


def numbalsoda() -> Solve:
    import numba
    from numbalsoda import dop853, lsoda_sig

    alpha, lam = MODEL.alpha, MODEL.lam

    @numba.cfunc(lsoda_sig)
    def compiled(t, y, change, parameters):
        phi = y[0] ** 4 / (1.0 + y[0] ** 4)
        change[0] = -y[0] + alpha * y[1] * phi
        change[1] = -lam * y[1] + phi

    return lambda rtol: dop853(compiled.address, START, TIMES, rtol=rtol, atol=1e-3 * rtol)[0].T


def rows(installed: Callable[[str], bool], notes: list[str]) -> Iterator[tuple[str, dict[str, Figure]]]:
    """Time all that are installed, in turns; what they err is told in `notes`."""
    if not installed("scipy"):
        return
    others: dict[str, Solve] = {"DOP853": partial(scipy, "DOP853"), "LSODA": partial(scipy, "LSODA")}
    others |= {
        name: make() for name, make in (("jitcode", jitcode), ("numbalsoda", numbalsoda)) if installed(name)
    }
    exact = scipy("DOP853", 1e-13)

    def error(solve: Solve, rtol: float) -> float:
        return float(np.abs(solve(rtol) - exact).max())

    ours, measures = error(facilis, 1e-9), {"facilis": partial(microseconds, facilis, 1e-9, 100)}
    notes.append(f"limit equation: facilis at rtol 1e-9 errs by {ours:.1e} at most")
    for name, solve in others.items():
        tolerances = (10.0**-k for k in range(6, 14))
        rtol = next((rtol for rtol in tolerances if error(solve, rtol) <= ours), 1e-13)
        measures[name] = partial(microseconds, solve, rtol, 5)
        notes.append(f"limit equation: {name} at rtol {rtol:.0e} errs by {error(solve, rtol):.1e} at most")
    yield "limit over [0, 200] at equal error, µs", in_turns(5, **measures)


def microseconds(solve: Solve, rtol: float, calls: int) -> float:
    return 1e6 * seconds(lambda: solve(rtol), calls)
