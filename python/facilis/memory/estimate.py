"""A number with its 95 % interval."""

from dataclasses import dataclass

from ..result import Columns, Tabular


@dataclass(frozen=True)
class Estimate(Tabular):
    """An estimate and the ends of its 95 % confidence interval.

    Attributes
    ----------
    value, low, high : float
        ``high`` is inf where the data set no upper limit.
    of : str
        What is estimated, in words.

    Examples
    --------
    >>> fc.Estimate(94.0, 88.0, 101.0)
    Estimate(94, 95 %: 88 to 101, mean)
    """

    value: float
    low: float
    high: float
    of: str = "mean"

    def _columns(self) -> Columns:
        return {name: ((), getattr(self, name)) for name in ("value", "low", "high")}

    def __float__(self) -> float:
        return self.value

    def __format__(self, spec: str) -> str:
        ends = f"{format(self.low, spec)} to {format(self.high, spec)}"
        return f"{format(self.value, spec)} (95 %: {ends})" if spec else repr(self)

    def __repr__(self) -> str:
        return f"Estimate({self.value:.6g}, 95 %: {self.low:.6g} to {self.high:.6g}, {self.of})"
