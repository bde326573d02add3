"""`facilis.explore`: the one function of this room that users call."""

from typing import TYPE_CHECKING, Any

from .. import checks
from ..model.model import Model

if TYPE_CHECKING:
    from .widget import Explorer


def explore(model: Model | None = None, **start: Any) -> "Explorer":
    """Show the model with sliders, in Jupyter: phase plane, traces, raster and memory times, live.

    Every change is answered by a fresh exact simulation, drawn over the limit equation. A click or a drag in the
    phase plane moves the start. While nothing changes, more and more networks measure how long the memory lasts.
    "Copy as code" gives the lines of Python that make the run that is shown.

    Parameters
    ----------
    model : Model, optional
        Where the sliders start; ``Model.example("memory")`` by default.
    **start
        Where other sliders start: `n`, `t_end`, `potential`, `calcium`, `pulse_start`, `pulse_duration`,
        `pulse_current`, `threshold` (the mean potential below which a network has forgotten) and `seed`.

    Returns
    -------
    Explorer
        A widget, displayed where a cell ends with it. ``.settings`` is what the sliders say at the moment,
        ``.settings.model()`` the model.

    Raises
    ------
    ImportError
        Without anywidget, which ``pip install 'facilis[notebook]'`` brings.
    TypeError, ValueError
        If `model` is not a Model, or `start` has an unknown name or a value that the slider cannot take.

    Examples
    --------
    >>> import facilis as fc
    >>> explorer = fc.explore(fc.Model.example("bistable"), n=1000)
    """
    if model is None:
        model = Model.example("memory")
    elif not isinstance(model, Model):
        raise TypeError(checks.wrong("model", "a Model or None", model))
    try:
        from .widget import Explorer
    except ImportError as error:
        raise ImportError("the explorer needs anywidget: pip install 'facilis[notebook]'") from error
    return Explorer(model, **start)
