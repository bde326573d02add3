"""(g) The independent NumPy program."""

from ..case import Case
from .common import CONVENTIONS, PULSES, RATES, model


def cases():
    """(g) The plain NumPy program, run beside."""
    both = {
        "test": "program",
        "observables": ["spikes", "potential", "calcium"],
        "origin": "references/program.py",
    }
    for k, (transmits, recipients) in enumerate(CONVENTIONS):
        rate = ("hill", "table", "ramp", "sigmoid")[k]
        yield Case(
            f"g-program-{rate}-{transmits}-{recipients}",
            f"{rate} rate, five unequal neurons, pulses: against textbook thinning",
            "g",
            model(RATES[rate], 0.8, 1.0, 0.3, transmits, recipients),
            5,
            [0.0, 0.5, 1.0, 1.5, 3.0],
            [4.0, 0.0, 1.0, 2.0, 3.0],
            4.0,
            40_000,
            [both],
            reduced=2000,
            pulses=PULSES,
        )
