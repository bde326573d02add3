"""Folds of the limit equation: where its equilibria are born or merge."""

from dataclasses import dataclass

from .. import _core, card, checks
from ..model.model import Model


@dataclass(frozen=True, repr=False)
class Fold:
    """Where equilibria of the limit equation are born or merge.

    Attributes
    ----------
    alpha, kappa : float
        The synaptic strength at which it happens, and alpha/(beta·lam).
    potential, calcium : float
        Where.
    kind : {"smooth", "corner", "rest"}
        A smooth extremum of the branch of equilibria (a saddle-node bifurcation); an extremum at a corner of the
        rate; or the place where the branch of active states meets the state in which no neuron spikes.

    Examples
    --------
    >>> (fold,) = fc.folds(fc.Model.example("memory"))
    >>> print(f"{fold.alpha:.4f} {fold.potential:.4f} {fold.kind}")
    0.2125 1.6266 smooth
    """

    alpha: float
    kappa: float
    potential: float
    calcium: float
    kind: str

    def __repr__(self) -> str:
        return card.line(self)

    def _repr_html_(self) -> str:
        return card.card("Fold", card.table(card.parts(self)))


def folds(model: Model, current: float = 0.0) -> tuple[Fold, ...]:
    """Return all folds of the limit equation as alpha varies, by potential.

    Equilibria lie on the branch kappa(u) = (u − current/beta)/g(u) with g = φ² ("before") or φ·(φ + lam) ("after");
    folds are its local extrema. Between the points at which g turns from convex to concave, which are known
    in closed form, there is one at most: none is missed. Corners of the rate count, and so does rest.

    Parameters
    ----------
    model : Model
        Its alpha is ignored.
    current : float
        Finite, >= 0.

    Returns
    -------
    tuple of Fold

    Examples
    --------
    >>> [round(fold.kappa, 4) for fold in fc.folds(fc.Model.example("memory"))]
    [2.1245]
    """
    checks.instance("model", model, Model)
    found = _core.folds(model._handle, checks.number("current", current, "a finite number >= 0"))
    return tuple(fold(model.replace(alpha=alpha), u, kind) for alpha, u, kind in found)


def fold(model: Model, potential: float, kind: str) -> Fold:
    """Return the fold of a model that is at one."""
    return Fold(model.alpha, model.kappa, potential, model.rate(potential) / model.lam, kind)
