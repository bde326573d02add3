"""What is said to callers at their own line: which keyword was meant where there is no such, and warnings.

What is public is wrapped once, where the package names it. A wrapper takes its own frame out of every traceback, so
that an error looks as if there were none, and a wrong keyword points to the line of the caller.
"""

import sys
import warnings
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from inspect import isclass, isfunction, signature
from typing import Any

_PACKAGE = __name__.partition(".")[0]
# Names of other libraries and of papers, and what they may be called here; the first one that there is was meant.
_OTHERS = {
    "rng": ("seed", "random_state", "generator"),
    "n": ("N", "neurons", "n_neurons", "size"),
    "sizes": ("n", "N", "ns"),
    "t_max": ("T", "t_end", "tmax", "duration", "until", "horizon"),
    "t_end": ("T", "t_max", "tmax", "duration", "until", "t_stop"),
    "until": ("t_end", "t_max", "T"),
    "replicates": ("replicas", "trials", "repeats", "runs", "samples", "particles"),
    "replicas": ("replicates", "trials", "repeats", "samples", "particles"),
    "particles": ("replicates", "replicas", "trials", "samples", "n"),
    "runs": ("repeats", "repetitions", "replicates", "run"),
    "workers": ("n_jobs", "threads", "processes", "cores", "jobs"),
    "stimulus": ("current", "pulse", "pulses", "I"),
    "grid": ("dt", "times", "t_eval", "t"),
    "potential": ("u", "U", "u0", "V", "voltage"),
    "calcium": ("r", "R", "r0"),
    "lam": ("lambda_", "λ"),
    "rate": ("phi", "φ"),
    "region": ("exit_from",),
    "exit_from": ("region",),
    "watch": ("neurons", "record"),
    "power": ("exponent"),
    "stop": ("end", "duration"),
    "ax": ("axis",),
}


def install(module: dict[str, Any], names: Iterable[str]) -> None:
    """Let the public functions of a module, and the methods of its classes, say which keyword was meant."""
    for name in names:
        public = module.get(name)
        if isfunction(public):
            module[name] = _telling(public)
        elif isclass(public):
            for owner in public.__mro__:
                if owner.__module__.partition(".")[0] == _PACKAGE:
                    _install_methods(owner)


def _install_methods(owner: type) -> None:
    """Wrap the constructor and the public methods of a class where they stand, once."""
    for name, member in list(vars(owner).items()):
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(member, classmethod | staticmethod):
            setattr(owner, name, type(member)(_telling(member.__func__)))
        elif isfunction(member):
            setattr(owner, name, _telling(member))


def _telling(function: Callable[..., Any]) -> Callable[..., Any]:
    if hasattr(function, "__wrapped__"):
        return function

    @wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except BaseException as error:
            inner = error.__traceback__.tb_next if error.__traceback__ else None
            if inner is None and isinstance(error, TypeError):  # raised by the call itself
                error.args = (_told(str(error), function, keywords),)
            error.__traceback__ = inner
            raise

    return call


def _told(text: str, function: Callable[..., Any], keywords: Iterable[str]) -> str:
    """Return the message of a refused call, with what was meant, or how it is given."""
    parameters = list(signature(function).parameters.values())
    by_name = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
    if by_name and "positional argument" in text and "takes" in text:
        return f"{text}. Others are given by name, as {by_name[0]}=..."
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    names = [name for name in names if name not in ("self", "cls")]
    wrong = [one for one in keywords if one not in names]
    if not wrong or "unexpected keyword" not in text:
        return text
    call = function.__qualname__.removesuffix(".__init__")
    hints = [hint for one in wrong if (hint := meant(one, names))]
    end = "".join(hints) if hints else f"; it takes {', '.join(names) or 'none'}"
    what = "an unexpected keyword argument" if len(wrong) == 1 else "unexpected keyword arguments"
    return f"{call}() got {what} {' and '.join(map(repr, wrong))}{end}"


def meant(wrong: str, names: Iterable[str]) -> str:
    """Return the question whether one of `names` was meant, to be put behind a message; "" where none is alike."""
    valid = list(names)
    known = [name for name in valid if wrong in _OTHERS.get(name, ())]
    alike = known or get_close_matches(wrong, valid, n=1)
    return f". Did you mean {alike[0]!r}?" if alike else ""


def caution(text: str, category: type[Warning] = RuntimeWarning) -> None:
    """Warn of something at the innermost line that is not of this package."""
    level, frame = 1, sys._getframe(0)
    # Constructors that dataclasses make have no file, but the globals of their module.
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        level, frame = level + 1, frame.f_back
    warnings.warn(text, category, stacklevel=level)
