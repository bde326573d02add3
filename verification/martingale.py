"""Martingale residuals of U, R, R² and of M² − ⟨M⟩, tested by exponential supermartingales.

Each residual is M = Σ over spikes of f − ∫Σφ(U_i)f_i ds with a predictable f, and for every number c
  E = exp(c·Σf − ∫Σφ(U_i)(e^{c·f_i} − 1) ds)
has expectation at most 1, whatever the rate, the number of neurons and the time (and so has a product over
independent replicates). E's reciprocal is a p-value by Markov's inequality, valid in the far tail. The
number c is chosen from a pilot tenth of the replicates, which is then left out; half of the bet is on −c.

M² − ⟨M⟩ is such a residual itself, with 2·M(s−)·f + f² for f.
"""

import numpy as np

from . import pvalue
from .case import Case
from .sample import Sample
from .walk import Spikes, Stretch, walk

NAMES = ("count", "potential", "calcium", "calcium²", "order")
WITH_BRACKET = ("count", "potential", "calcium")
RESIDUALS = (*NAMES, *(f"bracket of {name}" for name in WITH_BRACKET))


def integrands(case: Case, part):
    """Return what a spike of each neuron adds to: count, mean potential, mean calcium at the end, ΣR²."""
    one = np.ones_like(part.rate)
    model = case.parameters
    sent = model.alpha / case.n * (part.calcium + (1.0 if model.transmits == "after" else 0.0))
    heard = (case.n - 1) / case.n if model.recipients == "others" else 1.0
    time = part.time if part.time.ndim == 3 else part.time[:, None, None]
    late = np.exp(-model.lam * (case.t_end - time))
    # Neurons above and below the mean potential, weighed against each other.
    order = np.sign(part.potential - part.potential.mean(axis=1, keepdims=True))
    return dict(
        zip(NAMES, (one, heard * sent, late * one / case.n, 2.0 * part.calcium + 1.0, order), strict=True)
    )


def accumulate(case: Case, sample: Sample, bets=None):
    """Return ∫Σφf² for each residual, and with `bets` (residual to c) the logarithm of E for c and −c."""
    residual = {name: np.zeros(len(sample)) for name in WITH_BRACKET}
    square = dict.fromkeys(RESIDUALS, 0.0)
    log_e = {name: np.zeros(2) for name in RESIDUALS}
    for part in walk(case, sample, nodes=4 if case.n < 1000 else 2):
        if isinstance(part, Stretch):
            _stretch(integrands(case, part), part, residual, square, log_e, bets)
        elif isinstance(part, Spikes):
            _spikes(integrands(case, part), part, residual, log_e, bets)
    return square, log_e


def _with_brackets(f, residual):
    return f | {f"bracket of {name}": 2.0 * residual[name] * f[name] + f[name] ** 2 for name in WITH_BRACKET}


def _stretch(f, part, residual, square, log_e, bets):
    drift = {name: (part.rate * f[name]).sum(axis=1, keepdims=True) for name in WITH_BRACKET}
    inside = {
        name: residual[name][:, None, None] - part.length * (drift[name] @ part.partial.T)
        for name in WITH_BRACKET
    }
    weight = part.rate * part.weight
    for name, value in _with_brackets(f, inside).items():
        square[name] += float((weight * value**2).sum())
        if bets is not None:
            for k, c in enumerate((bets[name], -bets[name])):
                log_e[name][k] -= (weight * np.expm1(np.minimum(c * value, 500.0))).sum()
    for name in WITH_BRACKET:
        residual[name] -= (drift[name] * part.weight).sum(axis=(1, 2))


def _spikes(f, part, residual, log_e, bets):
    who = np.arange(part.replicate.size)
    f = {name: value[who, part.neuron, 0] for name, value in f.items()}
    all_f = _with_brackets(f, {name: residual[name][part.replicate] for name in WITH_BRACKET})
    if bets is not None:
        for name, value in all_f.items():
            log_e[name] += np.array([1.0, -1.0]) * bets[name] * value.sum()
    for name in WITH_BRACKET:
        residual[name][part.replicate] += f[name]


def check(case: Case, sample: Sample):
    """Return (what, p) for each residual."""
    pilot = max(1, len(sample) // 10)
    square, _ = accumulate(case, sample.head(pilot))
    rest = len(sample) - pilot
    best = np.sqrt(2.0 * np.log(1.0 / pvalue.SHARPEST) * pilot / rest)
    bets = {name: best / np.sqrt(max(value, 1e-300)) for name, value in square.items()}
    _, log_e = accumulate(case, _tail(sample, pilot), bets)
    return [(f"residual: {name}", pvalue.evidence(log_e[name])) for name in RESIDUALS]


def _tail(sample, pilot):
    replicate, time, neuron = sample.spikes
    kept = replicate >= pilot
    observables = {name: values[pilot:] for name, values in sample.observables.items()}
    return Sample(observables, (replicate[kept] - pilot, time[kept], neuron[kept]))
