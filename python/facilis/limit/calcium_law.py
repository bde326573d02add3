"""The law of one neuron's calcium in the limit: decayed starts plus shot noise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import checks
from .. import seed as seeds
from ..model.model import Model
from ..result import Floats
from ..seed import Seed
from .dense import evaluate
from .equilibria import Equilibrium
from .shot_noise import distribution

if TYPE_CHECKING:
    from .solution import Limit

# For quantiles of a mixture every so many points of its parts are kept, and those where so many levels are passed.
_THINNED = 8
_LEVELS = 2**14


@dataclass(frozen=True, eq=False, repr=False)
class CalciumLaw:
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
        values = checks.reals("x", x, "real numbers")
        total = np.zeros(values.shape)
        for weight, shift, points, probability in self.parts:
            total += weight * np.interp(values - shift, points, probability, left=0.0, right=1.0)
        return total

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density at `x`, on any shape; `atoms` are not in it."""
        values = checks.reals("x", x, "real numbers")
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
        return np.interp(values, probability, x)

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
        return self.ppf(np.asarray(generator.random(lengths)))

    @cached_property
    def _inverse(self) -> tuple[Floats, Floats]:
        """Points of the quantile function."""
        if len(self.parts) == 1:
            _, shift, x, probability = self.parts[0]
            x, probability = shift + x, probability
        else:
            # At an atom the distribution function jumps: the number just before it is a point too.
            starts = np.array([shift for _, shift, _, _ in self.parts])
            thin = [shift + points[_telling(probability)] for _, shift, points, probability in self.parts]
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


def _telling(probability: Floats) -> NDArray[np.intp]:
    """Return indices of so many points that a line through them keeps the distribution function."""
    (some,) = np.nonzero(np.arange(len(probability)) % _THINNED == 0)
    steps = np.searchsorted(probability, np.linspace(0.0, 1.0, _LEVELS))
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
    points = distribution(lambda y: np.full(y.shape, level), 0.0, level, np.sqrt(0.5 * level), 1.0)
    return CalciumLaw(level, 0.5 * level, ((1.0, 0.0, *points),))


def calcium_at(sol: "Limit", t: float) -> CalciumLaw:
    """Return the law of one neuron's calcium at a time of a solution: see `Limit.calcium_law`."""
    allowed = f"a time from 0.0 to {sol.t_end!r}"
    time = checks.finite("t", t, allowed)
    if not 0.0 <= time <= sol.t_end:
        raise ValueError(checks.wrong("t", allowed, t))
    mean, var = (float(value) for value in sol(time)[1:])
    return CalciumLaw(mean, var, tuple(_parts(sol, time)))


def _parts(sol: "Limit", time: float) -> Iterator[tuple[float, float, Floats, Floats]]:
    """Yield the law of the neurons of each starting point."""
    model = sol.model
    potential, calcium, weights = sol.start
    middle = float(evaluate(sol.pieces, np.zeros(1))[0, 0])
    least = float(np.exp(-model.lam * time))
    resolution = min(0.25, 0.5 * model.lam / model.beta)
    grid = np.linspace(0.0, time, 20_001)
    for u, r, weight in zip(potential, calcium, weights / weights.sum(), strict=True):

        def rate(times: Floats, offset: float = u - middle) -> Floats:
            mean = evaluate(sol.pieces, times.ravel())[0].reshape(times.shape)
            own = np.maximum(mean + offset * np.exp(-model.beta * times), 0.0)
            return np.asarray(model.rate(own))

        def jumps(y: Floats) -> Floats:
            since = np.log(np.maximum(y, 1e-300)) / model.lam
            return rate(np.clip(time + since, 0.0, time)) / model.lam

        if weight > 0.0:
            # Only the extent of the lattice depends on these two moments.
            decayed = np.exp(-model.lam * (time - grid))
            intensity = rate(grid)
            weights = 0.5 * (np.diff(grid, prepend=grid[:1]) + np.diff(grid, append=grid[-1:]))  # trapezoids
            first, second = (weights @ (intensity * decayed**n) for n in (1, 2))
            points = distribution(jumps, least, float(first), float(np.sqrt(second)), resolution)
            yield float(weight), float(r * least), *points
