"""Functions of one variable on whole intervals, with their first two derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..result import Floats
from .intervals import Interval


@dataclass(frozen=True, eq=False)
class Jet:
    """Values, first and second derivatives of a function, as intervals that hold all of them.

    It goes through the formulas that arrays go through: arithmetic, and exp, log, sqrt and power of NumPy. What
    is below 0 is no argument of log, sqrt and power.
    """

    value: Interval
    first: Interval
    second: Interval

    @classmethod
    def variable(cls, low: Floats, high: Floats) -> Jet:
        """Return the variable itself, anywhere from `low` to `high`."""
        zero, one = np.zeros_like(low), np.ones_like(low)
        return cls(Interval(low, high), Interval(one, one), Interval(zero, zero))

    @classmethod
    def constant(cls, value: Interval) -> Jet:
        """Return what does not depend on the variable, and is known to lie in an interval."""
        zero = Interval.exactly(np.zeros_like(value.low))
        return cls(value, zero, zero)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Jet:
        if method != "__call__" or options or ufunc not in _RULES:
            raise TypeError(f"no rule for {ufunc.__name__}")
        return _RULES[ufunc](*inputs)

    def __add__(self, other: Any) -> Jet:
        b = _jet(other, self)
        return Jet(self.value + b.value, self.first + b.first, self.second + b.second)

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.first, -self.second)

    def __mul__(self, other: Any) -> Jet:
        b = _jet(other, self)
        cross = self.first * b.first
        second = self.second * b.value + (cross + cross) + self.value * b.second
        return Jet(self.value * b.value, self.first * b.value + self.value * b.first, second)

    def __and__(self, other: Jet) -> Jet:
        """Return the function when two formulas of it are known: what both say."""
        return Jet(self.value & other.value, self.first & other.first, self.second & other.second)

    def __sub__(self, other: Any) -> Jet:
        return self.__add__(-_jet(other, self))

    def __rsub__(self, other: Any) -> Jet:
        return (-self).__add__(other)

    def __truediv__(self, other: Any) -> Jet:
        return self.__mul__(_jet(other, self)._inverse())

    def __rtruediv__(self, other: Any) -> Jet:
        return self._inverse().__mul__(other)

    __radd__ = __add__
    __rmul__ = __mul__

    def _after(self, value: Interval, slope: Interval, bend: Interval) -> Jet:
        """Return g(self), given g, g' and g'' of the value: the chain rule."""
        second = bend * (self.first * self.first) + slope * self.second
        return Jet(value, slope * self.first, second)

    def _inverse(self) -> Jet:
        one = self.value.inverse()
        square = one * one
        cube = square * one
        return self._after(one, -square, cube + cube)

    def _exp(self) -> Jet:
        value = self.value.through(np.exp)
        return self._after(value, value, value)

    def _log(self) -> Jet:
        argument = self.value.positive()
        slope = argument.inverse()
        return self._after(argument.through(np.log), slope, -(slope * slope))

    def _power(self, exponent: Any) -> Jet:
        if isinstance(exponent, Jet):
            return exponent.__mul__(self._log())._exp()
        argument = self.value.positive()

        def term(factor: float, power: float) -> Interval:
            if factor == 0.0:
                return Interval.exactly(np.zeros_like(argument.low))
            return Interval.exactly(factor) * argument.through(lambda x: np.power(x, power))

        c = float(exponent)
        return self._after(term(1.0, c), term(c, c - 1.0), term(c * (c - 1.0), c - 2.0))


def _jet(value: Any, like: Jet) -> Jet:
    if isinstance(value, Jet):
        return value
    return Jet.constant(Interval.exactly(np.full_like(like.value.low, value)))


_RULES: dict[Any, Callable[..., Jet]] = {
    np.add: lambda a, b: b.__radd__(a),
    np.subtract: lambda a, b: b.__rsub__(a),
    np.multiply: lambda a, b: b.__rmul__(a),
    np.divide: lambda a, b: b.__rtruediv__(a),
    np.exp: Jet._exp,
    np.log: Jet._log,
    np.sqrt: lambda a: a._power(0.5),
    np.power: Jet._power,
}
