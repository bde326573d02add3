"""The law of one neuron's calcium in the limit: decayed starts plus shot noise."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import card, checks
from .. import seed as seeds
from ..model.model import Model
from ..result import Floats
from ..seed import Seed
from .dense import on_step
from .equilibria import Equilibrium
from .jumps import OLDEST, Past, resolved
from .shot_noise import distribution

if TYPE_CHECKING:
    from .solution import Limit

# For quantiles of a mixture every so many points of its parts are kept, and those where so many levels are passed.
_THINNED = 8
_LEVELS = 2**14
_FEW = 8  # parts; of more parts fewer points are kept
_PART = 2**18  # values that are computed at once
_FOR_EVER = 1e200  # in units of 1/lam
_NOTHING = 1e-290  # calcium that counts as 0


@dataclass(frozen=True, eq=False, repr=False)
class CalciumLaw(card.Shown):
    """The law of the calcium of one neuron, drawn at random, of an infinite network.

    Attributes
    ----------
    mean, var : float
    parts : tuple of (weight, shift, x, probability)
        It is a mixture: with this weight, `shift` plus a sum of decayed spikes whose distribution function goes
        linearly through the points (x, probability), x[0] = 0.
    """

    mean: float
    var: float
    parts: tuple[tuple[float, float, Floats, Floats], ...] = field(repr=False)

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Values that have a probability of their own: (calcium, probability), where no spike has come yet."""
        pairs = ((shift, weight * probability[0]) for weight, shift, _, probability in self.parts)
        return tuple((shift, float(p)) for shift, p in pairs if p > 0.0)

    def cdf(self, x: ArrayLike) -> Floats:
        """Return the probability of a calcium of at most `x`, on any shape."""
        return _in_parts(self._cdf, checks.places("x", x))

    def _cdf(self, values: Floats) -> Floats:
        total = np.zeros(values.shape)
        for weight, shift, points, probability in self.parts:
            total += weight * np.interp(values - shift, points, probability, left=0.0, right=1.0)
        return total

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density at `x`, on any shape; `atoms` are not in it."""
        return _in_parts(self._pdf, checks.places("x", x))

    def _pdf(self, values: Floats) -> Floats:
        total = np.zeros(values.shape)
        for weight, shift, points, probability in self.parts:
            # The slope of the distribution function, so that no probability is lost, or found in a gap.
            density = np.concatenate([[0.0], np.diff(probability) / np.diff(points), [0.0]])
            total += weight * density[np.searchsorted(points, values - shift, side="right")]
        return total

    def ppf(self, q: ArrayLike) -> Floats:
        """Return the quantiles for probabilities `q` in [0, 1], on any shape."""
        values = checks.reals("q", q, "probabilities from 0 to 1")
        if not ((values >= 0.0) & (values <= 1.0)).all():
            raise ValueError(checks.wrong("q", "probabilities from 0 to 1", q))
        x, probability = self._inverse
        return _in_parts(lambda part: np.interp(part, probability, x), values)[()]

    def rvs(self, size: int | tuple[int, ...] | None = None, rng: Seed = None) -> Floats:
        """Draw from the law.

        Parameters
        ----------
        size : int or tuple of int, optional
            Shape of the result, () by default; integers >= 0.
        rng : None, int, sequence of int, SeedSequence, BitGenerator or Generator
            The seed.
        """
        shape = () if size is None else size if isinstance(size, tuple) else (size,)
        lengths = tuple(checks.count("size", length, least=0) for length in shape)
        generator = np.random.default_rng(seeds.root(rng))
        try:
            uniform = np.empty(lengths)
        except ValueError:  # more axes, or more entries, than NumPy's arrays can have
            raise ValueError(checks.wrong("size", "the shape of an array that can be", size)) from None
        return self.ppf(_in_parts(lambda part: generator.random(part.size), uniform))

    @cached_property
    def _inverse(self) -> tuple[Floats, Floats]:
        """Points of the quantile function."""
        if len(self.parts) == 1:
            _, shift, x, probability = self.parts[0]
            x, probability = shift + x, probability
        else:
            # At an atom the distribution function jumps: the number just before it is a point too.
            starts = np.array([shift for _, shift, _, _ in self.parts])
            fewer = max(len(self.parts) // _FEW, 1)
            thin = [
                shift + points[_telling(probability, fewer)] for _, shift, points, probability in self.parts
            ]
            ends = np.array([shift + points[-1] for _, shift, points, _ in self.parts])
            before = np.nextafter(starts, -1.0)
            x = np.unique(np.concatenate([*thin, starts, before, ends]))
            probability = np.maximum.accumulate(self.cdf(x))
            # The quantile is at the jump, not before it.
            x = np.where(np.isin(x, before), np.nextafter(x, np.inf), x)
        rises = np.diff(probability) > 0.0
        # Both ends of a gap without probability are needed, and nothing inside it.
        kept = np.concatenate([[True], rises]) | np.concatenate([rises, [False]])
        return np.maximum(x[kept], 0.0), probability[kept]

    def __repr__(self) -> str:
        return f"CalciumLaw(mean={self.mean:.6g}, var={self.var:.6g})"


def _in_parts(of: Callable[[Floats], Floats], values: Floats) -> Floats:
    """Return the function of all values, computed part by part, so that Ctrl-C is heard in between."""
    found = np.empty(values.size)
    for start in range(0, values.size, _PART):
        found[start : start + _PART] = of(values.ravel()[start : start + _PART])
    return found.reshape(values.shape)


def _telling(probability: Floats, fewer: int) -> NDArray[np.intp]:
    """Return indices of so many points that a line through them keeps the distribution function."""
    (some,) = np.nonzero(np.arange(len(probability)) % (_THINNED * fewer) == 0)
    steps = np.searchsorted(probability, np.linspace(0.0, 1.0, _LEVELS // fewer + 2))
    kept = np.concatenate([some, steps - 1, steps, steps + 1])
    return np.unique(np.clip(kept, 0, len(probability) - 1))


def calcium_law(model: Model, equilibrium: Equilibrium) -> CalciumLaw:
    """Return the law of one neuron's calcium in the limit, at an equilibrium.

    The neuron spikes at the constant rate φ(u), and each spike adds 1, which decays: shot noise, with the cumulants
    φ/(n·lam). The law is found by inverting its characteristic function exp((φ/lam)·∫₀¹ (e^{iθy} − 1)/y dy).

    Parameters
    ----------
    model : Model
    equilibrium : Equilibrium
        One of `equilibria(model, current)`, stable or not.

    Returns
    -------
    CalciumLaw
    """
    checks.instance("model", model, Model)
    checks.instance("equilibrium", equilibrium, Equilibrium)
    level = model.rate(equilibrium.potential) / model.lam
    past = Past(
        np.array([0.0, OLDEST]),
        np.array([OLDEST, _FOR_EVER]),
        lambda piece, z: np.zeros(np.broadcast_shapes(piece.shape, z.shape)),
        lambda u: np.full(u.shape, level),
        np.empty(0),
    )
    jumps = resolved(past)
    return CalciumLaw(level, 0.5 * level, ((1.0, 0.0, *distribution(jumps)),))


def calcium_at(sol: "Limit", t: float) -> CalciumLaw:
    """Return the law of one neuron's calcium at a time of a solution: see `Limit.calcium_law`."""
    allowed = f"a time from 0.0 to {sol.t_end!r}"
    time = checks.finite("t", t, allowed)
    if not 0.0 <= time <= sol.t_end:
        raise ValueError(checks.wrong("t", allowed, t))
    mean, var = (float(value) for value in sol(time)[1:])
    potential, calcium, weights = sol.start
    shares = weights / weights.sum()
    decay = float(np.exp(-sol.model.lam * time))
    laws = {}
    # Neurons that start at one potential have the same spikes, in law.
    for u in np.unique(potential[shares > 0.0]):
        jumps = resolved(_past(sol, time, float(u)))
        scale = float(np.exp(-jumps.youngest))
        x, probability = distribution(jumps) if scale > _NOTHING else (np.zeros(1), np.ones(1))
        laws[u] = scale * x, probability
    starts = zip(shares, calcium, potential, strict=True)
    parts = ((float(share), float(r) * decay, *laws[u]) for share, r, u in starts if share > 0.0)
    return CalciumLaw(mean, var, tuple(parts))


def _past(sol: "Limit", time: float, start: float) -> Past:
    """Return where a neuron that started at this potential has been until a time."""
    model = sol.model
    starts, widths, coefficients = sol.pieces
    count = max(int(np.searchsorted(starts, time)), 1)
    first, width = starts[:count][::-1], widths[:count][::-1]
    end = np.append(starts[1:count], time)[::-1]
    polynomials = coefficients[:count, 0][::-1]
    apart = start - float(coefficients[0, 0, 0])
    share = (end - first) / width

    def potential(piece: NDArray[np.intp], z: Floats) -> Floats:
        x = (1.0 - z) * share[piece]
        own = apart * np.exp(-model.beta * (first[piece] + x * width[piece]))
        return np.maximum(on_step(polynomials[piece], x) + own, 0.0)

    def intensity(u: Floats) -> Floats:
        return np.asarray(model.rate(u)) / model.lam

    age, length = model.lam * (time - end), model.lam * (end - first)
    return Past(age, length, potential, intensity, np.sort(model.rate._handle.corners))
