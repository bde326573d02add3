"""What a call from Python costs, and importing the package."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory

from measure import Figure, built, in_turns, seconds

import facilis as fc

MODEL = fc.Model.example("bistable")
REPEATS = 7


def microseconds(function, calls: int = 200):
    return lambda: 1e6 * seconds(function, calls)


def solve_limit_in_rust():
    """Return what times benches/limit.rs, whose rows are | rtol | steps | µs |."""
    program = built("limit")

    def measure() -> float:
        told = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        return next(float(line.split("|")[3]) for line in told.splitlines() if line.startswith("| 1e-9 "))

    return measure


def calls() -> Iterator[tuple[str, dict[str, Figure]]]:
    rate = fc.Hill(1.0, 1.0, 4.0)
    start = {"potential": 2.0, "calcium": 9.0}
    functions = {
        "solve_limit": lambda: fc.solve_limit(MODEL, 200.0, grid=2, **start),
        "equilibria": lambda: fc.equilibria(MODEL),
        "simulate": lambda: fc.simulate(MODEL, 100, 1.0, rng=1, grid=None, **start),
        "model": lambda: fc.Model(0.3, 1.0, 0.1, rate),
    }
    yield (
        "calls from Python, µs",
        in_turns(
            REPEATS,
            solve_limit_in_rust=solve_limit_in_rust(),
            **{name: microseconds(function) for name, function in functions.items()},
        ),
    )

    with TemporaryDirectory() as folder:
        yield (
            "import, ms",
            in_turns(REPEATS, facilis=importing("numpy, facilis", folder), numpy=importing("numpy", folder)),
        )


def importing(what: str, folder: str) -> Callable[[], float]:
    """Return what times an import of compiled modules, as they are once installed, from a folder that keeps them.

    Some environments forbid Python to keep them. The round that does not count fills the folder.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"PYTHONPYCACHEPREFIX": folder}
    command = [sys.executable, "-c", f"import {what}"]
    return lambda: 1e3 * seconds(lambda: subprocess.run(command, check=True, env=environment))
