"""What tells the points of one sweep from those of another: arguments by value, functions by all that they use.

A function of the user is known by its code, its defaults, and the values of its closure and of the globals that it
reads; other functions among these are known in the same way. Modules of the standard library, and those that have a
version, are known by their names and versions. Whatever else a function reaches can't be known.
"""

import dis
import hashlib
import pickle
import sys
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from functools import partial
from inspect import isfunction, ismodule
from types import CodeType
from typing import Any

import numpy as np

from .. import checks

_PACKAGE = __name__.partition(".")[0]
_PLAIN = (str, bytes, bool, int, float, complex, type(None))


def of_function(function: Any, key: str | None) -> Any:
    """Return what a function is known by, or the key that the user gave instead.

    Raises
    ------
    TypeError
        If it reaches something that can't be known, and there is no key.
    """
    if key is not None:
        return "key", checks.word("key", key, "a word, or None")
    return _of_callable(function, "function", set())


def told(value: Any) -> Any:
    """Return an argument in a form that a file can hold and that compares by value."""
    if isfunction(value) or isinstance(value, partial):
        return _of_callable(value, "arguments", set())
    if isinstance(value, np.ndarray) and value.dtype.kind != "O":
        return f"array {value.shape} {value.dtype}, SHA-256 {hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, list | tuple):
        return tuple(told(part) for part in value)
    if isinstance(value, Mapping):
        return {str(name): told(part) for name, part in value.items()}
    if isinstance(value, float) and value != value:
        return "nan"  # which is not equal to itself
    ours = is_dataclass(value) and _package(type(value)) == _PACKAGE
    plain = value is None or isinstance(value, str | bool | int | float)
    return value if ours or plain else f"{value!r}, SHA-256 {_digest_of(value)}"


def _of_callable(function: Any, name: str, seen: set[int]) -> Any:
    if isinstance(function, partial):
        parts = [_of_value(part, name, seen) for part in (*function.args, *function.keywords.values())]
        return _of_callable(function.func, name, seen), tuple(function.keywords), tuple(parts)
    called = getattr(function, "__qualname__", None) or getattr(function, "__name__", None)
    library = _library(_package(function)) if _is_public(function, called) else None
    if library is not None:
        return f"{_module(function)}.{called}{library}"
    if not isfunction(function):
        raise _unknown(name, function)
    # A function may call itself, or one that calls it: then its name is enough.
    if id(function) in seen:
        return called
    seen.add(id(function))
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    used = {cell: held.cell_contents for cell, held in cells.items()} | _globals(function)
    used |= {"defaults": function.__defaults__, "keyword defaults": function.__kwdefaults__}
    values = {what: _of_value(value, name, seen) for what, value in sorted(used.items())}
    return called, hashlib.sha256(_of_code(function.__code__)).hexdigest(), values


def _of_value(value: Any, name: str, seen: set[int]) -> Any:
    """Return what a value that a function uses is known by."""
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_of_value(part, name, seen) for part in value]
        return type(value).__name__, tuple(
            sorted(parts, key=repr) if isinstance(value, set | frozenset) else parts
        )
    if isinstance(value, Mapping):
        return {str(what): _of_value(part, name, seen) for what, part in value.items()}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind != "O":
        return told(np.asarray(value))
    if isinstance(value, bytes | complex):
        return repr(value)
    if isinstance(value, _PLAIN) or (is_dataclass(value) and _package(type(value)) == _PACKAGE):
        return told(value)
    if ismodule(value):
        library = _library(value.__name__.partition(".")[0])
        if library is None:
            raise _unknown(name, value)
        return f"module {value.__name__}{library}"
    return _of_callable(value, name, seen)


def _globals(function: Any) -> dict[str, Any]:
    """Return the globals that a function reads, and the modules that it imports, as far as they exist."""
    found = {}
    for kind, what in _reached(function.__code__):
        if kind == "IMPORT_NAME":
            module = what.lstrip(".").partition(".")[0]
            found[f"import {what}"] = sys.modules.get(module) or __import__(module)
        elif what in function.__globals__:
            found[what] = function.__globals__[what]
    return found


def _reached(code: CodeType) -> Iterator[tuple[str, str]]:
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "IMPORT_NAME"):
            yield ("IMPORT_NAME" if step.opname == "IMPORT_NAME" else "LOAD"), step.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _reached(constant)


def _of_code(code: CodeType) -> bytes:
    """Return what code does, wherever it stands."""
    constants = [_of_code(one) if isinstance(one, CodeType) else _constant(one) for one in code.co_consts]
    return b"\0".join([code.co_code, repr(code.co_names).encode(), *constants])


def _constant(value: Any) -> bytes:
    # The order of a set differs from process to process.
    return repr(sorted(map(repr, value)) if isinstance(value, frozenset) else value).encode()


def _is_public(what: Any, called: str | None) -> bool:
    """Tell whether an object is what its module has under its name."""
    found: Any = sys.modules.get(_module(what))
    for part in (called or "").split("."):
        found = getattr(found, part, None)
    return found is what


def _module(what: Any) -> str:
    # The ufuncs of NumPy before 2.0 do not say where they are from.
    unsaid = "numpy" if isinstance(what, np.ufunc) else "builtins"
    return str(getattr(what, "__module__", None) or unsaid)


def _package(what: Any) -> str:
    return _module(what).partition(".")[0]


def _library(package: str) -> str | None:
    """Return the version of a library, as a suffix of names in it; None for what is no library."""
    if package in sys.stdlib_module_names and package != "__main__":
        return f" of Python {sys.version_info[0]}.{sys.version_info[1]}"
    if package == _PACKAGE:
        return ""  # whose version stands in every point
    version = getattr(sys.modules.get(package), "__version__", None)
    return None if version is None else f" {version}"


def _unknown(name: str, value: object) -> TypeError:
    text = (
        "with a directory, one that uses plain data, arrays, functions and libraries only, so that a change is "
        'noticed (or give the sweep a key="…" of your own, and another one when something has changed)'
    )
    return TypeError(checks.wrong(name, text, value))


def _digest_of(value: Any) -> str:
    """Return a digest of any other object, which its repr may not tell from others."""
    try:
        return hashlib.sha256(pickle.dumps(value)).hexdigest()
    except Exception:
        text = "with a directory, of a kind that pickles, so that points of other arguments are told apart"
        raise TypeError(checks.wrong("arguments", text, value)) from None
