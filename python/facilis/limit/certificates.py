"""What can be said of the limit equation without solving it, each statement with its reason."""

from dataclasses import dataclass

from .. import card, checks
from ..model.model import Model

_NO_HOPF = {
    "before": (
        "At an equilibrium det J = beta·lam − 2·alpha·φ·φ' and tr J = −beta − lam + alpha·φ·φ'/lam. "
        "Where det J > 0, alpha·φ·φ' < beta·lam/2, so tr J < −lam − beta/2 < 0: "
        "no pair of eigenvalues can cross the imaginary axis."
    ),
    "after": (
        "At an equilibrium det J = beta·lam − alpha·φ'·(2φ + lam) and "
        "tr J = −beta − lam + alpha·φ'·(φ + lam)/lam. "
        "Where det J > 0, alpha·φ' < beta·lam/(2φ + lam), so tr J < −lam − beta·φ/(2φ + lam) < 0: "
        "no pair of eigenvalues can cross the imaginary axis."
    ),
}
_CORNERS = " The rate has corners: there it holds for the slope on either side."
_NO_CYCLES = (
    "The rate never decreases, so more potential raises dr/dt and more calcium raises du/dt: the plane system is "
    "cooperative, and every bounded orbit tends to an equilibrium."
)
_CANNOT_TELL = (
    "The rate also decreases, so the system is not cooperative; "
    "whether there are cycles can't be told from that."
)


@dataclass(frozen=True)
class Certificate:
    """A statement on the limit equation.

    Attributes
    ----------
    claim : str
    holds : bool or None
        None where it can't be told.
    reason : str

    Examples
    --------
    >>> fc.certificates(fc.Model.example("memory")).no_cycles.holds
    True
    """

    claim: str
    holds: bool | None
    reason: str

    def __str__(self) -> str:
        verdict = {True: "yes", False: "no", None: "can't tell"}[self.holds]
        return f"{self.claim}: {verdict}. {self.reason}"


@dataclass(frozen=True)
class Certificates(card.Shown):
    """What holds for the limit equation of a model, at any constant current: print it.

    Attributes
    ----------
    no_hopf, no_cycles : Certificate

    Examples
    --------
    >>> found = fc.certificates(fc.Model.example("memory"))
    >>> found.no_hopf.holds, found.no_cycles.holds
    (True, True)
    """

    no_hopf: Certificate
    no_cycles: Certificate

    def _lines(self) -> card.Rows:
        return [str(one).split(": ", 1) for one in (self.no_hopf, self.no_cycles)]  # type: ignore[misc]

    def __str__(self) -> str:
        return f"{self.no_hopf}\n{self.no_cycles}"


def certificates(model: Model) -> Certificates:
    """Return what can be said of the limit equation's bifurcations and cycles, with reasons.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Certificates

    Examples
    --------
    >>> fc.certificates(fc.Model.example("memory")).no_hopf.claim
    'No Hopf bifurcation'
    """
    checks.instance("model", model, Model)
    corners = _CORNERS if model.rate._handle.corners.size else ""
    no_hopf = Certificate("No Hopf bifurcation", True, _NO_HOPF[model.transmits] + corners)
    if model.rate.is_nondecreasing:
        return Certificates(no_hopf, Certificate("No cycles", True, _NO_CYCLES))
    return Certificates(no_hopf, Certificate("No cycles", None, _CANNOT_TELL))
