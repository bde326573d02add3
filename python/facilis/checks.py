"""Checks of arguments: each returns the value in the form that the core takes, or says what was wrong.

The rule: Python checks the kind and the shape of what a user gives, once, where it enters, and names the argument.
The core checks the value. So an argument that goes to the core passes `number`, `reals`, `word` or `instance`
here, and no more. Python checks a value only if the core never sees it: `finite`, `nonnegative` and `choice` are
for those. The range of a whole number belongs to its kind, because the core's types have ranges.

Every message has the argument's name, what is allowed, and the value given. A wrong kind of thing is a
TypeError, a wrong value a ValueError. Where the core knows an argument by another name than the caller,
`naming` translates.
"""

import math
import numbers
import os
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_NEURONS = 2**32 - 1
_LONGEST_REPR = 200


def wrong(name: str, allowed: str, value: object) -> str:
    """Return the sentence that says what is allowed and what was given."""
    try:
        given = repr(value)
    except Exception:  # an object that can't tell what it is must not hide what is wrong with it
        given = object.__repr__(value)
    if len(given) > _LONGEST_REPR:
        given = given[:_LONGEST_REPR] + "…"
    return f"{name} must be {allowed}, got {given}"


def wrong_shape(name: str, allowed: str, value: object, shape: tuple[int, ...]) -> str:
    """Return the same sentence, with the shape that the value has where it is an array."""
    return f"{wrong(name, allowed, value)} of shape {shape}" if shape else wrong(name, allowed, value)


@contextmanager
def naming(**names: str) -> Iterator[None]:
    """Let errors name arguments as the caller did: ``naming(until="t_end")``."""
    try:
        yield
    except (TypeError, ValueError) as error:
        name, _, rest = str(error).partition(" ")
        if name not in names:
            raise
        raise type(error)(f"{names[name]} {rest}") from None


def instance(name: str, value: object, *kinds: type) -> None:
    """Refuse what is of none of these kinds, of which `NoneType` stands for None."""
    if not isinstance(value, kinds):
        raise TypeError(wrong(name, " or ".join(_article(kind) for kind in kinds), value))


def _article(kind: type) -> str:
    if kind is NoneType:
        return "None"
    return f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


def is_bool(value: object) -> bool:
    """Tell whether `value` is a truth value of Python or NumPy."""
    return isinstance(value, bool | np.bool_)


def truth(name: str, value: object) -> bool:
    """Return a truth value of Python or NumPy as a bool."""
    if not is_bool(value):
        raise TypeError(wrong(name, "True or False", value))
    return bool(value)


def _is(kind: type, value: object) -> bool:
    """Tell whether `value` is a number of that kind; to Python a bool is one too, to NumPy even a duration."""
    return isinstance(value, kind) and not isinstance(value, bool | np.bool_ | np.timedelta64)


def _scalar(value: object) -> object:
    """Return what a 0-d array holds, and anything else as it is."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


def number(name: str, value: object, allowed: str = "a number") -> float:
    """Return a real number (of Python or NumPy, or a 0-d array) as a float; a bool is not one."""
    if type(value) is float:  # most are, and abstract classes are slow to ask
        return value
    plain = _scalar(value)
    if not _is(numbers.Real, plain):
        raise TypeError(wrong(name, allowed, value))
    try:
        return float(plain)  # type: ignore[arg-type]
    except OverflowError:
        raise ValueError(
            wrong(name, allowed if "finite" in allowed else f"{allowed} below 1e308", value)
        ) from None


def finite(name: str, value: object, allowed: str = "a finite number") -> float:
    """Return a finite real number as a float."""
    result = number(name, value, allowed)
    if not math.isfinite(result):
        raise ValueError(wrong(name, allowed, value))
    return result


def nonnegative(name: str, value: object, allowed: str = "a finite number >= 0") -> float:
    """Return a finite real number >= 0 as a float."""
    result = finite(name, value, allowed)
    if result < 0.0:
        raise ValueError(wrong(name, allowed, value))
    return result


def is_count(value: object) -> bool:
    """Tell whether `value` is a whole number of Python or NumPy, or a 0-d array of one."""
    return type(value) is int or _is(numbers.Integral, _scalar(value))


def count(name: str, value: object, least: int = 1, most: int | None = None) -> int:
    """Return a whole number from `least` to `most` as an int."""
    allowed = f"an integer >= {least}" if most is None else f"an integer from {least} to {most}"
    if not is_count(value):
        raise TypeError(wrong(name, allowed, value))
    result = int(value)  # type: ignore[call-overload]
    if result < least or (most is not None and result > most):
        raise ValueError(wrong(name, allowed, value))
    return int(result)


def word(name: str, value: object, allowed: str) -> str:
    """Return a word."""
    if not isinstance(value, str):
        raise TypeError(wrong(name, allowed, value))
    return value


def choice(name: str, value: object, choices: tuple[str, ...]) -> str:
    """Return a word that is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        kind = ValueError if isinstance(value, str) else TypeError
        raise kind(wrong(name, " or ".join(repr(one) for one in choices), value))
    return str(value)


def as_array(name: str, value: ArrayLike, allowed: str) -> NDArray[Any]:
    """Return what can be an array as one, of whatever kind; none of its entries may be masked."""
    try:
        array = np.asarray(value)
    except MemoryError:
        raise
    except (
        Exception
    ):  # nested sequences of unequal lengths, and what other libraries say of their own objects
        raise TypeError(wrong(name, allowed, value)) from None
    # Few things have a mask, and NumPy's question for one is slow.
    if hasattr(value, "_mask") and array.dtype.names is None and np.ma.is_masked(value):
        raise ValueError(wrong(name, f"{allowed}, without masked entries", value))
    return array


def reals(name: str, value: ArrayLike, allowed: str) -> NDArray[np.float64]:
    """Return real numbers, in an array of any shape, as a new C-contiguous array of float64."""
    if type(value) is float:  # many are
        return np.array(value)
    array = as_array(name, value, allowed)
    if array.dtype.kind == "O":
        array = _of_python(array)
    if array.dtype.kind not in "iuf":
        raise TypeError(wrong(name, allowed, value))
    if array.dtype.itemsize <= np.dtype(np.float64).itemsize:
        return np.array(array, dtype=np.float64, order="C")
    with np.errstate(over="ignore"):  # numbers beyond 1e308 are infinite, and refused as such
        return np.array(array, dtype=np.float64, order="C")


def _of_python(array: NDArray[Any]) -> NDArray[Any]:
    """Return Python's own numbers, as large as they may be, as floats; anything else as it is."""
    numeric = all(_is(numbers.Real, x) for x in array.flat)
    try:
        return array.astype(np.float64) if numeric else array
    except OverflowError:
        return np.full(array.shape, math.inf)


def places(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return real numbers at which a function is wanted, none of them nan, as a new array of float64."""
    allowed = "real numbers, none of them nan"
    array = reals(name, value, allowed)
    if np.isnan(array).any():
        raise ValueError(wrong(name, allowed, value))
    return array


def nonnegatives(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return finite real numbers >= 0, in an array of any shape, as a new array of float64."""
    allowed = "finite numbers >= 0"
    array = reals(name, value, allowed)
    if not (np.isfinite(array) & (array >= 0.0)).all():
        raise ValueError(wrong(name, allowed, value))
    return array


def path(name: str, value: object) -> Path:
    """Return the path of something that may be there or not."""
    if not isinstance(value, str | PathLike):
        raise TypeError(wrong(name, "a path", value))
    try:
        found = Path(value)
        usable = b"\0" not in os.fsencode(found)
    except UnicodeEncodeError:
        usable = False
    except Exception:  # an object's own word for that it is no path
        raise TypeError(wrong(name, "a path", value)) from None
    if not usable:
        raise ValueError(wrong(name, "a path, of characters that the system allows", value))
    return found


def per_neuron(name: str, value: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return a state given for all neurons alike, shape (1,), or for each, shape (n,)."""
    allowed = f"finite and >= 0: a number, or an array of shape ({n},)"
    array = reals(name, value, allowed)
    if array.shape not in ((), (n,)):
        raise ValueError(wrong_shape(name, allowed, value, array.shape))
    return array.reshape(-1)


def first(name: str, array: NDArray[Any], bad: NDArray[np.bool_]) -> str:
    """Name the first bad entry of an array, or a bad number."""
    index = int(np.argmax(bad))
    value = array.flat[index].item()
    return repr(value) if array.ndim == 0 else f"{name}[{index}] = {value!r}"
