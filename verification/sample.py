"""Replicates of a case, from whatever simulator: observables at the end, and spikes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

FEW = 3  # up to so many neurons each is observed by itself


@dataclass
class Sample:
    """`observables`: name to array (replicates,). `spikes`: replicate, time, neuron, in order; or None."""

    observables: dict[str, np.ndarray]
    spikes: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def __len__(self):
        return len(self.observables["spikes"])

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
