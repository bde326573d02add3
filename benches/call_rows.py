"""What a call from Python costs, and importing the package."""

import subprocess
import sys
from collections.abc import Iterator

from measure import Figure, in_turns, seconds

import facilis as fc

MODEL = fc.Model.example("bistable")
REPEATS = 7


def microseconds(function, calls: int = 200):
    return lambda: 1e6 * seconds(function, calls)


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
        in_turns(REPEATS, **{name: microseconds(function) for name, function in functions.items()}),
    )

    def importing(what: str) -> float:
        command = [sys.executable, "-c", f"import {what}"]
        return 1e3 * seconds(lambda: subprocess.run(command, check=True))

    yield (
        "import, ms",
        in_turns(REPEATS, facilis=lambda: importing("numpy, facilis"), numpy=lambda: importing("numpy")),
    )
