"""Builds the catalogue: `python -m verification.cases.build` writes catalogue/*.json, reference values included.

The values come from references/ (closed moment equations, quadrature over the first spikes, the limit's
expansion) and from formulas stated beside each case; a test holds the files to what this program writes.
"""

import dataclasses
import json

from ..case import CATALOGUE, Case
from ..simulators import plain
from . import constant, exits, first_spikes, hawkes, lifted, limit, million, paths, program, quadrature

FAMILIES = (constant, million, first_spikes, lifted, paths, hawkes, quadrature, program, limit, exits)
# Spikes to follow for each replicate: so far below the mean count that the total never falls short.
FOLLOWED = 0.7


def as_json(case: Case) -> str:
    """Return the file of a case."""
    fields = {key: value for key, value in dataclasses.asdict(case).items() if value is not None}
    return json.dumps(fields, indent=1, default=float) + "\n"


def complete(case: Case) -> Case:
    """Fill in how many spikes of the chain are followed, from a pilot of the plain program."""
    for spec in case.checks:
        if "events_per_replicate" in spec:
            pilot = 200 if case.n < 100 else 2
            count = plain(case, pilot, 0).observables["spikes"].mean()
            spec["events_per_replicate"] = round(FOLLOWED * float(count), 2)
    return case


def all_cases() -> list[Case]:
    """Return every case of every family."""
    return [complete(case) for family in FAMILIES for case in family.cases()]


if __name__ == "__main__":
    CATALOGUE.mkdir(exist_ok=True)
    for path in CATALOGUE.glob("*.json"):
        path.unlink()
    for case in all_cases():
        (CATALOGUE / f"{case.name}.json").write_text(as_json(case))
