"""Martingale residuals of U, R, R² and of M² − ⟨M⟩, tested by exponential supermartingales.

Each residual is M = Σ over spikes of f − ∫Σφ(U_i)f_i ds with a predictable f, and for every number c
  E = exp(c·Σf − ∫Σφ(U_i)(e^{c·f_i} − 1) ds)
has expectation at most 1, whatever the rate, the number of neurons and the time (and so has a product over
independent replicates). E's reciprocal is a p-value by Markov's inequality, valid in the far tail. The
number c is chosen from a pilot tenth of the replicates, which is then left out; half of the bet is on −c.

M² − ⟨M⟩ is such a residual itself, with 2·M(s−)·f + f² for f.
"""

from dataclasses import dataclass

import numpy as np

from ..case import Case
from ..sample import Sample
from . import pvalue
from .walk import Stretch, walk

NAMES = ("count", "potential", "calcium", "calcium²", "order")
WITH_BRACKET = ("count", "potential", "calcium")
TIE = 1e-9
# Beyond it a bet is cut off, in the sum and in its compensator alike.
LARGEST = 500.0
RESIDUALS = (*NAMES, *(f"bracket of {name}" for name in WITH_BRACKET))


def integrands(case: Case, part):
    """Return what a spike of each neuron adds to: count, mean potential, mean calcium at the end, ΣR²."""
    one = np.ones_like(part.rate)
    model = case.parameters
    sent = model.alpha / case.n * (part.calcium + (1.0 if model.transmits == "after" else 0.0))
    heard = (case.n - 1) / case.n if model.recipients == "others" else 1.0
    time = part.time if part.time.ndim == 3 else part.time[:, None, None]
    late = np.exp(-model.lam * (case.t_end - time))
    # Neurons above and below the mean potential, weighed against each other; a tie is not for rounding to break.
    above = part.potential - part.potential.mean(axis=1, keepdims=True)
    order = np.where(np.abs(above) > TIE * np.maximum(1.0, part.potential), np.sign(above), 0.0)
    return dict(
        zip(NAMES, (one, heard * sent, late * one / case.n, 2.0 * part.calcium + 1.0, order), strict=True)
    )


@dataclass
class Account:
    """What a sample's paths add up to, residual by residual."""

    value: dict[str, float]  # Σf − ∫Σφf
    square: dict[str, float]  # ∫Σφf²
    log_e: dict[str, np.ndarray]  # of E, for c and for −c

    def score(self, name):
        """Return the residual in units of its standard error."""
        return self.value[name] / np.sqrt(max(self.square[name], 1e-300))


def accumulate(case: Case, sample: Sample, bets=None) -> Account:
    """Walk along all paths; `bets` are the numbers c, by default 0."""
    bets = bets or dict.fromkeys(RESIDUALS, 0.0)
    account = Account(
        dict.fromkeys(RESIDUALS, 0.0),
        dict.fromkeys(RESIDUALS, 0.0),
        {name: np.zeros(2) for name in RESIDUALS},
    )
    residual = {name: np.zeros(len(sample)) for name in WITH_BRACKET}
    for part in walk(case, sample, nodes=4 if case.n < 1000 else 2):
        if isinstance(part, Stretch):
            _stretch(integrands(case, part), part, residual, account, bets)
        else:
            _spikes(integrands(case, part), part, residual, account, bets)
    return account


def _with_brackets(f, residual):
    return f | {f"bracket of {name}": 2.0 * residual[name] * f[name] + f[name] ** 2 for name in WITH_BRACKET}


def _stretch(f, part, residual, account, bets):
    drift = {name: (part.rate * f[name]).sum(axis=1, keepdims=True) for name in WITH_BRACKET}
    inside = {
        name: residual[name][:, None, None] - part.length * (drift[name] @ part.partial.T)
        for name in WITH_BRACKET
    }
    weight = part.rate * part.weight
    for name, value in _with_brackets(f, inside).items():
        account.value[name] -= float((weight * value).sum())
        account.square[name] += float((weight * value**2).sum())
        for k, c in enumerate((bets[name], -bets[name])):
            if c != 0.0:
                account.log_e[name][k] -= (weight * np.expm1(np.minimum(c * value, LARGEST))).sum()
    for name in WITH_BRACKET:
        residual[name] -= (drift[name] * part.weight).sum(axis=(1, 2))


def _spikes(f, part, residual, account, bets):
    who = np.arange(part.replicate.size)
    f = {name: value[who, part.neuron, 0] for name, value in f.items()}
    all_f = _with_brackets(f, {name: residual[name][part.replicate] for name in WITH_BRACKET})
    for name, value in all_f.items():
        account.value[name] += float(value.sum())
        for k, c in enumerate((bets[name], -bets[name])):
            account.log_e[name][k] += np.minimum(c * value, LARGEST).sum()
    for name in WITH_BRACKET:
        residual[name][part.replicate] += f[name]


def check(case: Case, sample: Sample):
    """Yield (what, residual in standard errors, p) for each residual."""
    pilot = max(1, len(sample) // 10)
    square = accumulate(case, sample.head(pilot)).square
    rest = len(sample) - pilot
    best = np.sqrt(2.0 * np.log(1.0 / pvalue.SHARPEST) * pilot / rest)
    bets = {name: best / np.sqrt(max(value, 1e-300)) for name, value in square.items()}
    account = accumulate(case, sample.tail(pilot), bets)
    for name in RESIDUALS:
        yield f"residual: {name}", account.score(name), pvalue.evidence(account.log_e[name])
