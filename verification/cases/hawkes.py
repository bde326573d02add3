"""(e) Linear rate, calcium in effect constant: the moments of a linear Hawkes process."""

from ..case import Case
from ..references.moments import Moments, times
from .common import mean_check, model


def cases():
    """(e) Linear rate, calcium in effect constant: the moments of a linear Hawkes process."""
    huge, sent = 1e12, 0.3
    for recipients in ("others", "all"):
        exact = Moments(2, 0.0, 1.0, 1e-9, 0.3, slope=0.4, recipients=recipients, sent=sent)
        u = exact.mean_potential()
        first, second, fourth = exact.solve([u, times(u, u), times(times(u, u), times(u, u))], 0.5, 0.0, 4.0)
        origin = "moment equations of the linear Hawkes process (references/moments.py)"
        yield Case(
            f"e-linear-hawkes-{recipients}",
            "linear rate, calcium 10¹² and alpha 10⁻¹² smaller: linear Hawkes moments",
            "e",
            model({"Linear": {"slope": 0.4, "base": 0.3}}, 2 * sent / huge, 1.0, 1e-15, "before", recipients),
            2,
            0.5,
            huge,
            4.0,
            40_000,
            [
                mean_check({"powers": {"potential": 1}}, first, second - first**2, origin),
                mean_check({"powers": {"potential": 2}}, second, fourth - second**2, origin),
            ],
            reduced=4000,
        )
