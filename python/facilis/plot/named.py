"""One result or several, with their names: as a sequence with labels, or as a mapping from names to results."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .. import checks
from ..limit.solution import Limit
from ..rare.reactive import ReactivePath
from ..simulation.run import Run

LIMIT = r"limit $N\to\infty$"

Network: TypeAlias = Run | ReactivePath
NETWORKS = (Run, ReactivePath)
Orbit: TypeAlias = Network | Limit
Orbits: TypeAlias = Orbit | Sequence[Orbit] | Mapping[str, Orbit]
Label: TypeAlias = str | Sequence[str] | None


def named(name: str, given: Any, label: Label, *kinds: type) -> list[tuple[str | None, Any]]:
    """Return the results, each with its name or None, after a look at their kinds."""
    labels = [label] if isinstance(label, str) else label
    if isinstance(given, Mapping):
        labels, found = [str(key) for key in given] if labels is None else labels, list(given.values())
    else:
        found = list(given) if isinstance(given, Sequence) else [given]
    for one in found:
        checks.instance(name, one, *kinds)
    if labels is None:
        return [(None, one) for one in found]
    if not isinstance(labels, Sequence) or not all(isinstance(one, str) for one in labels):
        raise TypeError(checks.wrong("label", "a str, or a sequence of them", label))
    if len(labels) != len(found):
        raise ValueError(f"label must have a word for each of {len(found)}, got {label!r}")
    return list(zip(labels, found, strict=True))


def names_of(runs: list[tuple[str | None, Orbit]]) -> list[str]:
    """Return the names of runs: where none is given the number of neurons, counted on where it does not tell."""
    told = [LIMIT if isinstance(run, Limit) else f"$N = {run.n}$" for _, run in runs]
    found = []
    for k, (name, _) in enumerate(runs):
        alike = told.count(told[k]) > 1
        own = f"{told[k]} ({told[: k + 1].count(told[k])})" if alike else told[k]
        found.append(own if name is None else name)
    return found
