"""What the limit equation says to a verdict about memory times."""

from ..limit.fold import folds
from ..limit.slide import slow_passage
from ..limit.slow_curve import critical_manifold
from ..model.model import Model
from .verdict import Verdict


def explanation(model: Model, verdict: Verdict) -> str:
    """Return a few sentences on what a verdict, "ghost" or "escape", means for this model."""
    births = [fold for fold in folds(model) if fold.kind != "rest" and fold.kappa > model.kappa]
    if verdict == "escape":
        state = "The networks leave a lasting state by fluctuations: see escape_action for the exponent."
        return state if not births else f"{state} {_below(model, min(fold.kappa for fold in births))}"
    told = ["Memory times tend to those of the limit equation."]
    if births:
        told.append(_below(model, min(fold.kappa for fold in births)))
    try:
        # The gain is that of the way to the fold, wherever the memory counts as over.
        lower = [fold for fold in critical_manifold(model).folds if fold.attracting == "above"]
        passage = slow_passage(model, end=0.5 * lower[-1].potential if lower else 0.0)
    except ValueError as error:
        told.append(f"There is no slow passage to explain it: {error}.")
    else:
        told.append(
            f"Starting with all the calcium that spikes can bring, activity prolongs its decay by a gain of "
            f"{passage.gain:.3g} in the slow passage to the fold of the critical manifold."
        )
    return " ".join(told)


def _below(model: Model, kappa: float) -> str:
    return (
        f"The lasting state is born at kappa = {kappa:.6g}, δ = {kappa - model.kappa:.3g} above this model's "
        f"{model.kappa:.6g}."
    )
