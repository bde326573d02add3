"""Replicates of a case, from whatever simulator: observables at the end, and spikes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .case import Case

FEW = 3  # up to so many neurons each is observed by itself


@dataclass
class Sample:
    """`observables`: name to array (replicates,). `spikes`: replicate, time, neuron, in order; or None."""

    observables: dict[str, np.ndarray]
    spikes: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def __len__(self):
        return len(self.observables["spikes"])

    def problem(self, case: Case) -> str | None:
        """Say why these can't be replicates of a case, before any of its checks could be misled."""
        missing = {"spikes", *observed(case)} - self.observables.keys()
        if missing:
            return f"no column {min(missing)}"
        for name, values in self.observables.items():
            never = np.isnan(values) if name == "exit_time" else np.zeros(len(values), bool)
            if not (np.isfinite(values) | never).all():
                return f"{name} is not finite"
        return self._problem_of_spikes(case) if case.spikes else None

    def _problem_of_spikes(self, case):
        if self.spikes is None:
            return "no spikes"
        replicate, time, neuron = self.spikes
        if not ((time >= 0.0) & (time <= case.t_end)).all():
            return "a spike's time is outside the run"
        if not ((neuron >= 0) & (neuron < case.n)).all():
            return "a spike is of no neuron"
        if not ((replicate >= 0) & (replicate < len(self))).all():
            return "a spike is of no replicate"
        if (np.lexsort((time, replicate)) != np.arange(len(time))).any():
            return "spikes are not in order"
        if (np.bincount(replicate, minlength=len(self)) != self.observables["spikes"]).any():
            return "the column spikes does not count the spikes"
        return None

    def head(self, replicates):
        """Return the first replicates only."""
        return self._part(slice(None, replicates), lambda replicate: replicate < replicates, 0)

    def tail(self, replicates):
        """Return all but the first replicates."""
        return self._part(slice(replicates, None), lambda replicate: replicate >= replicates, replicates)

    def _part(self, rows, keeps, first):
        spikes = self.spikes
        if spikes is not None:
            kept = keeps(spikes[0])
            spikes = spikes[0][kept] - first, spikes[1][kept], spikes[2][kept]
        return Sample({name: values[rows] for name, values in self.observables.items()}, spikes)


def observed(case: Case) -> list[str]:
    """Return the names of what is observed of a case, beside its spikes."""
    each = [f"{name}_{i}" for name in ("potential", "calcium") for i in range(case.n) if case.n <= FEW]
    return ["potential", "calcium", "calcium_var", *each, *(["exit_time"] if case.region else [])]


def observe(potential, calcium, count, train=None, exit_time=None):
    """Return the sample of final states (replicates, n), spike counts, spike trains and exit times."""
    means = {"potential": potential.mean(axis=1), "calcium": calcium.mean(axis=1)}
    observables = {"spikes": count, **means, "calcium_var": calcium.var(axis=1)}
    if potential.shape[1] <= FEW:
        observables |= {f"potential_{i}": potential[:, i] for i in range(potential.shape[1])}
        observables |= {f"calcium_{i}": calcium[:, i] for i in range(potential.shape[1])}
    if exit_time is not None:
        observables["exit_time"] = exit_time
    return Sample(observables, train)


def write(sample: Sample, directory: Path, name: str) -> None:
    """Write `name`.csv, a row per replicate, and `name`.spikes.csv, a row per spike."""
    directory.mkdir(parents=True, exist_ok=True)
    columns = list(sample.observables)
    rows = np.column_stack([np.asarray(sample.observables[c], float) for c in columns])
    np.savetxt(directory / f"{name}.csv", rows, "%.17g", ",", header=",".join(columns), comments="")
    if sample.spikes is not None:
        rows = np.column_stack([np.asarray(column, float) for column in sample.spikes])
        header = "replicate,time,neuron"
        np.savetxt(directory / f"{name}.spikes.csv", rows, "%.17g", ",", header=header, comments="")


def read(directory: Path, name: str) -> Sample:
    """Read what `write` writes; any simulator may have written it."""
    path = directory / f"{name}.csv"
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    columns = path.read_text().splitlines()[0].split(",")
    spikes = None
    if (path := directory / f"{name}.spikes.csv").exists():
        rows = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2).reshape(-1, 3)
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        spikes = rows[:, 0].astype(int), rows[:, 1], rows[:, 2].astype(int)
    return Sample(dict(zip(columns, table.T, strict=True)), spikes)
