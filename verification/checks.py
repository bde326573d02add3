"""The checks a case can ask for, by name. Each takes a case and a sample and returns findings (FORMAT.md)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .case import Case
from .sample import Sample
from .simulators import plain
from .statistics import dependence, martingale, pvalue, rescaling
from .statistics.walk import final


@dataclass(frozen=True)
class Finding:
    """One p-value: what was observed, what the model says, how many draws, and why the p-value is valid."""

    what: str
    observed: str
    expected: str
    size: int
    p: float
    valid: str
    origin: str = ""


def value(spec, sample: Sample):
    """Return the quantity a check is about: a product of powers of observables, exp(−Σ…), or one observable."""
    few = np.ones(len(sample))
    if "at_most_spikes" in spec:
        few = (sample.observables["spikes"] <= spec["at_most_spikes"]).astype(float)
    if "powers" in spec:
        factors = (sample.observables[name] ** power for name, power in spec["powers"].items())
        return few * np.prod(list(factors), axis=0)
    if "exponential" in spec:
        exponent = sum(a * sample.observables[name] for name, a in spec["exponential"].items())
        return few * np.exp(-exponent)
    if "deviations" in spec:
        return np.prod([sample.observables[name] - centre for name, centre in spec["deviations"]], axis=0)
    if spec["observable"] == "spiker":
        return sample.spikes[2]
    if spec["observable"] == "gap":
        return gaps(sample, spec["gaps"])
    if spec["observable"] == "first_spike":
        first = np.full(len(sample), np.inf)
        np.minimum.at(first, sample.spikes[0], sample.spikes[1])
        return first
    return sample.observables[spec["observable"]]


def gaps(sample: Sample, each: int):
    """Return the first so many gaps of each replicate; those that it does not have are infinite."""
    replicate, time, _ = sample.spikes
    first = np.searchsorted(replicate, np.arange(len(sample)))
    place = np.arange(len(time)) - first[replicate]
    table = np.full((len(sample), each), np.inf)
    inside = place < each
    table[replicate[inside], place[inside]] = np.diff(time, prepend=0.0)[inside]
    told = (place == 0) & inside
    table[replicate[told], 0] = time[told]
    return table.ravel()


def name(spec):
    """Say what the quantity is."""
    few = f"·1{{≤ {spec['at_most_spikes']} spikes}}" if "at_most_spikes" in spec else ""
    if "powers" in spec:
        return "·".join(f"{key}^{p}" if p != 1 else key for key, p in spec["powers"].items()) + few
    if "exponential" in spec:
        return "exp(−" + "−".join(f"{a}·{key}" for key, a in spec["exponential"].items()) + ")" + few
    if "deviations" in spec:
        return "·".join(f"({key} − limit)" for key, _ in spec["deviations"])
    return spec["observable"]


def poisson(case, spec, sample, seed):
    """Sum of the observable over the replicates against a Poisson law with `mean` for each."""
    total = int(value(spec, sample).sum())
    mean = spec["mean"] * len(sample)
    yield Finding(
        f"total of {name(spec)}",
        f"{total}",
        f"Poisson({mean:.1f})",
        len(sample),
        pvalue.poisson(total, mean),
        "exact Poisson tails",
    )


def event(case, spec, sample, seed):
    """Count of an event against a binomial law with `probability`; `counts` are spikes of each neuron."""
    if "counts" in spec:
        replicate, _, neuron = sample.spikes
        table = np.zeros((len(sample), case.n), int)
        np.add.at(table, (replicate, neuron), 1)
        hits, what = (table == spec["counts"]).all(axis=1), f"spike counts {spec['counts']}"
    else:
        low, high = spec["between"]
        x = value(spec, sample)
        hits, what = (low <= x) & (x <= high), f"{low:.12g} ≤ {name(spec)} ≤ {high:.12g}"
    count = int(hits.sum())
    yield Finding(
        what,
        f"{count / hits.size:.5f}",
        f"{spec['probability']:.6f}",
        hits.size,
        pvalue.binomial(count, hits.size, spec["probability"]),
        "exact binomial tails",
    )


def mean(case, spec, sample, seed):
    """Mean of a quantity with known expectation and variance."""
    x = value(spec, sample)
    yield Finding(
        f"mean of {name(spec)}",
        f"{x.mean():.6g}",
        f"{spec['expected']:.6g} ± {np.sqrt(spec['variance'] / len(x)):.2g}",
        len(x),
        pvalue.mean(x, spec["expected"], spec["variance"]),
        "Catoni supermartingale, exact variance",
    )


def law(case, spec, sample, seed):
    """Distribution function at given points, atoms allowed (at infinity too)."""
    x = np.sort(value(spec, sample))
    empirical = np.searchsorted(x, spec["points"], side="right") / len(x)
    distance = np.abs(empirical - spec["probabilities"]).max()
    yield Finding(
        f"law of {name(spec)}",
        f"sup distance {distance:.5f}",
        "0",
        len(x),
        pvalue.one_sample(len(x), distance),
        "DKW–Massart bound",
    )


def rescaled(case, spec, sample, seed):
    """Time rescaling: gaps, spikers, serial independence."""
    events = int(spec["events_per_replicate"] * len(sample))
    for what, distance, p in rescaling.check(case, sample, events, seed):
        yield Finding(what, f"sup distance {distance:.5f}", "0", events, p, "DKW–Massart bound")


def dependent(case, spec, sample, seed):
    """Gaps and spikers against what happened long before."""
    events = int(spec["events_per_replicate"] * len(sample))
    for what, observed, p in dependence.check(case, sample, events, seed):
        yield Finding(what, observed, "no dependence", events, p, "DKW–Massart bound, martingale")


def residuals(case, spec, sample, seed):
    """Martingale residuals."""
    for what, score, p in martingale.check(case, sample):
        valid = "exponential supermartingale, Markov"
        yield Finding(what, f"{score:+.2f} standard errors", "0", len(sample), p, valid)


def state(case, spec, sample, seed):
    """Observables told by the simulator against the model's flow along the spikes it told: no chance in it."""
    networks = final(case, sample)
    exact = {"potential": networks.potential, "calcium": networks.calcium}
    worst = 0.0
    for key in ("potential", "calcium"):
        scale = max(1.0, np.abs(exact[key]).max())
        worst = max(worst, np.abs(sample.observables[key] - exact[key].mean(axis=1)).max() / scale)
    variance = exact["calcium"].var(axis=1)
    error = np.abs(sample.observables["calcium_var"] - variance).max()
    worst = max(worst, error / max(1.0, np.abs(exact["calcium"]).max()) ** 2)
    yield Finding(
        "means and variance told, against those of the spikes",
        f"largest error {worst:.1e}",
        f"< {spec['tolerance']:.0e}",
        len(sample),
        1.0 if worst < spec["tolerance"] else 0.0,
        "deterministic",
    )


def program(case, spec, sample, seed):
    """Two samples: the simulator's and the plain NumPy program's."""
    other = plain(case, len(sample), seed + 1)
    for key in spec["observables"]:
        x, y = (np.round(value({"observable": key}, s), 9) for s in (sample, other))
        yield Finding(
            f"{key}: same law as the NumPy program's",
            f"{np.nanmean(x[np.isfinite(x)]):.5g}",
            f"{np.nanmean(y[np.isfinite(y)]):.5g}",
            len(x),
            pvalue.two_sample(x, y),
            "two-sample DKW (Wei–Dudley)",
        )


def interval(case, spec, sample, seed):
    """A mean within `tolerance` of `expected`, the quantity's variance being at most `variance`."""
    x = value(spec, sample)
    yield Finding(
        f"mean of {name(spec)}",
        f"{x.mean():.6g}",
        f"{spec['expected']:.6g} ± {spec['tolerance']:.1g} (beyond the limit) ± "
        f"{np.sqrt(spec['variance'] / len(x)):.1g}",
        len(x),
        pvalue.mean(x, spec["expected"], spec["variance"], spec["tolerance"]),
        "Catoni supermartingale, with the variance and tolerance stated",
    )


def distinct(case, spec, sample, seed):
    """No two replicates begin with the same two spikes: ties of times have probability about 2⁻⁴⁰ each."""
    replicate, time, _ = sample.spikes
    first = np.flatnonzero(np.diff(replicate, prepend=-1))
    first = first[(first + 1 < len(replicate))]
    first = first[replicate[first] == replicate[np.minimum(first + 1, len(replicate) - 1)]]
    pairs = {(time[k], time[k + 1]) for k in first}
    same = len(first) - len(pairs)
    yield Finding(
        "replicates that begin alike",
        f"{same}",
        "0",
        len(first),
        1.0 if same == 0 else 1e-12,
        "ties of two doubles each: fewer than 1 in 10¹²",
    )


CHECKS: dict[str, tuple[Callable[..., Iterator[Finding]], int]] = {
    "poisson": (poisson, 1),
    "event": (event, 1),
    "mean": (mean, 1),
    "law": (law, 1),
    "rescaling": (rescaled, 3),
    "dependence": (dependent, 4),
    "residuals": (residuals, len(martingale.RESIDUALS)),
    "state": (state, 1),
    "program": (program, 0),
    "interval": (interval, 1),
    "distinct": (distinct, 1),
}


def p_values(case: Case) -> int:
    """Return how many p-values a case will give."""
    return sum(CHECKS[spec["test"]][1] + len(spec.get("observables", ())) for spec in case.checks)


def run(case: Case, sample: Sample, seed: int) -> list[Finding]:
    """Return all findings of a case on one sample; of a sample that can't be one, only that."""
    if (wrong := sample.problem(case)) is not None:
        return [
            Finding("the sample itself", wrong, "a sample of the case", len(sample), 0.0, "deterministic")
        ]
    findings = []
    for spec in case.checks:
        found = CHECKS[spec["test"]][0](case, spec, sample, seed)
        findings += [Finding(**{**f.__dict__, "origin": spec.get("origin", "")}) for f in found]
    return findings
