"""p-values that hold at any sample size and arbitrarily far in the tail: exact laws and proven bounds.

P(p <= a) <= a for every a when the hypothesis is true, but for rounding; none of these relies on a Gaussian
approximation. SciPy's Poisson and binomial tails are up to 2 % too small where they decide.
"""

import numpy as np
from scipy import stats

# Where e-values are sharpest: the order of magnitude at which a family of hundreds of tests decides.
SHARPEST = 1e-9
# Smallest size of two samples for which the two-sample bound is proven.
LEAST = 458
# Smallest p-value told: beyond it only the logarithm of a sum of rounding errors would be left.
_SMALLEST = 1e-300


def poisson(count, mean):
    """Two-sided exact p-value of a Poisson count (the smaller tail, doubled)."""
    return _two_sided(stats.poisson.cdf(count, mean), stats.poisson.sf(count - 1, mean))


def binomial(count, trials, probability):
    """Two-sided exact (Clopper–Pearson) p-value of a binomial count."""
    law = stats.binom(trials, probability)
    return _two_sided(law.cdf(count), law.sf(count - 1))


def _two_sided(lower, upper):
    return as_p(2.0 * min(lower, upper))


def as_p(value):
    """Return a bound as a p-value; what is no number is refused, not passed."""
    return _SMALLEST if np.isnan(value) else float(min(1.0, max(value, _SMALLEST)))


def distance(sample, cdf):
    """Kolmogorov distance of a sample to a continuous distribution function."""
    x = np.sort(sample)
    rank, value = np.arange(len(x) + 1) / len(x), cdf(x)
    return float(max((rank[1:] - value).max(), (value - rank[:-1]).max()))


def one_sample(size, distance):
    """Kolmogorov–Smirnov: the DKW bound 2·exp(−2nD²) with Massart's constant (1990); atoms allowed."""
    return as_p(2.0 * np.exp(-2.0 * size * distance**2))


def two_sample(x, y):
    """Kolmogorov–Smirnov of two samples of one size n >= LEAST, by the bound 2·exp(−nD²) (Wei & Dudley 2012).

    nan, inf and ties are allowed: nan counts as a value beyond all others.
    """
    n = len(x)
    if len(y) != n or n < LEAST:
        raise ValueError(f"the bound holds for two samples of one size, at least {LEAST}")
    x, y = (np.sort(np.where(np.isnan(v), np.inf, v)) for v in (x, y))
    points = np.concatenate([x, y])
    steps = (np.searchsorted(v, points, side="right") for v in (x, y))
    distance = np.abs(np.subtract(*steps)).max() / n
    return as_p(2.0 * np.exp(-n * distance**2))


def mean(sample, expected, variance, tolerance=0.0):
    """Two-sided p-value of a mean known up to `tolerance`, of a quantity with at most that variance.

    With ψ Catoni's influence function, exp(Σψ(c(X−μ)) − n·c²σ²/2) has expectation at most 1 for every c, for
    any law with that mean and at most that variance, however heavy its tails (Catoni 2012, Wang & Ramdas
    2023); so has the average over several c, and Markov's inequality gives the p-value. It decreases with μ
    for c > 0 and increases for c < 0, so the far end of the tolerance bounds it from below.
    """
    x = np.asarray(sample, float)
    if variance <= 0.0:
        deviation = np.abs(x - expected).max(initial=0.0) - tolerance
        return as_p(float(deviation <= 1e-9 * max(1.0, abs(expected))))
    best = np.sqrt(2.0 * np.log(1.0 / SHARPEST) / (x.size * variance))
    bets = np.outer([-1.0, 1.0], best * np.array([0.5, 1.0, 2.0])).ravel()
    from_end = (x - expected - np.sign(bet) * tolerance for bet in bets)
    return evidence(
        [
            _catoni(bet * deviation).sum() - x.size * bet**2 * variance / 2
            for bet, deviation in zip(bets, from_end, strict=True)
        ]
    )


def _catoni(x):
    return np.sign(x) * np.log1p(np.abs(x) + 0.5 * x**2)


def evidence(log_values):
    """p-value of the average of e-values given by their logarithms: 1/E, by Markov's inequality."""
    log_values = np.asarray(log_values, float)
    top = log_values.max()
    log_e = top + np.log(np.exp(log_values - top).mean())
    return as_p(np.exp(-np.clip(log_e, 0.0, 690.0)))
