"""What is put in the place of a good argument, and what may then happen."""

import dataclasses
import faulthandler
import numbers
import re
import signal
import threading
import time
import warnings
from contextlib import contextmanager

import numpy as np
from hypothesis import strategies as st

import facilis as fc

from . import calls
from .models import DECAYS, GOOD, MILD, RATES, WILD_RATES, models, pulses, regions
from .values import anything, extremes, ordinary

#: Counts that are good up to here. Above them, up to where they are refused, they would only be work.
LIMITS = {
    "n": (300, 2**32),
    "replicates": (20, 2**32),
    "replicas": (50, 2**32),
    "runs": (5, 2**32),
    "particles": (50, 2**32),
    "resamples": (50, 2**63),
    "chunk": (10**9, 2**64),
    "workers": (4, 2**64),
    "points": (1000, 10**7 + 1),
    "grid": (1000, 10**9 + 1),
    "size": (1000, 2**63),
    "max_spikes": (1000, 2**64),
    "seed": (2**62, 2**63),
}
#: Times that are work for networks without a bound of spikes.
TIMES = ("t_end", "t_max", "after", "exit_after", "duration")
#: Functions of the user, whose own errors go through.
USERS = ("progress", "f", "function")
#: Arguments that are objects themselves, or stand for others, with the names of their parts.
PARTS = {
    "model": {"alpha", "beta", "lam", "rate", "current"},
    "high": {"alpha"},
    "low": {"alpha"},
    "over": {"alpha", "n", "rate", "half"},
    "stimulus": {"current", "start", "stop"},
    "rate": {"alpha", "potential"},
}
_LONG, _LATE = 50.0, 1e16

STRANGE = re.compile("overflow|invalid value|divide by zero|underflow|subnormal", re.IGNORECASE)


class Hang(BaseException):
    """The call took so long that it was given up."""


def tame(name, value, wild):
    """Return the value, or another one where it asks for work rather than being bad."""
    if name in LIMITS:
        most, refused = LIMITS[name]
        plain = (
            value[()]
            if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iu"
            else value
        )
        if isinstance(plain, numbers.Integral) and not isinstance(plain, bool) and most < plain < refused:
            return int(plain) % most + 1
        if name == "size" and isinstance(value, tuple | list):
            return tuple(tame("size", part, wild) for part in value)
    if name in TIMES and not wild and isinstance(value, numbers.Real) and _LONG < value < _LATE:
        return float(value) % _LONG
    return value


def hostile(call, name):
    """A bad value for an argument of a call, or an extreme one that is allowed."""
    special = {
        "model": models(RATES + WILD_RATES if call.wild else RATES, MILD if call.mild else DECAYS),
        "rate": st.sampled_from(RATES + WILD_RATES),
        "stimulus": pulses(),
        "region": regions(),
        "exit_from": regions(),
        "equilibrium": st.sampled_from([calls.STATE, *fc.equilibria(GOOD), -3, 3, 2**63, -(2**63) - 1]),
        "parameter": st.sampled_from(["alpha", "beta", "lam", "kappa", "current", "rate.half", "rate.", ""]),
        "path": st.text("abc.é 🧠\0", max_size=300) | st.sampled_from([".", "..", "a/b", "a" * 250]),
        "directory": st.text("abc.é 🧠\0", max_size=300),
        "over": st.dictionaries(
            st.sampled_from(["alpha", "n", "rate.half", "region.", "x", ""]), anything, max_size=2
        ),
    }
    chosen = special.get(name, extremes | ordinary)
    if call.wild and name in ("model", "stimulus"):
        # Networks of any rate, with a bound of spikes.
        return st.one_of(chosen, chosen, anything)
    return st.one_of(chosen, anything).map(lambda value: tame(name, value, call.wild))


@st.composite
def spoiled(draw, call):
    """The arguments of a call, one or two of them bad."""
    names = sorted(set(call.arguments) - set(call.fixed))
    bad = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    return call.arguments | {name: draw(hostile(call, name)) for name in bad}, bad


@contextmanager
def watched(seconds):
    """Give up what takes far too long, and end the process if it can't be given up."""

    def give_up(*_):
        raise Hang

    limited = threading.current_thread() is threading.main_thread()
    if limited:
        before = signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, 20.0 * seconds)
        faulthandler.dump_traceback_later(60.0 * seconds, exit=True)
    try:
        yield
    finally:
        if limited:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            faulthandler.cancel_dump_traceback_later()
            signal.signal(signal.SIGALRM, before)


def check(call, arguments, bad):
    """Make the call: it returns numbers, or refuses an argument by its name, soon and in plain words."""
    begun = time.process_time()
    with warnings.catch_warnings(record=True) as heard, watched(call.seconds):
        warnings.simplefilter("always")
        try:
            result = outcome(call, arguments)
        except Hang:
            # Hypothesis shows no arguments of what is no Exception, and should not try to make them simpler.
            raise Hang({name: arguments[name] for name in bad}) from None
    if isinstance(result, Exception):
        assert is_plain(result, call, arguments, bad), f"{type(result).__name__}: {result}"
    found = [place for place in nans(result, call.name) if not re.search(call.nan, place)]
    assert not found, f"nan in {found}"
    assert time.process_time() - begun < call.seconds
    strange = [str(one.message) for one in heard if STRANGE.search(str(one.message))]
    assert not strange, strange


def outcome(call, arguments):
    """Return what the call returns or raises."""
    try:
        return call.function(**arguments)
    except Exception as error:
        return error


def is_plain(error, call, arguments, bad):
    """Whether an error is one that a user may see: of a kind that is promised, and with an argument's name."""
    if any(name in USERS and callable(arguments[name]) for name in bad):
        return True  # what a user's own function raises goes through
    match error:
        case ValueError() | TypeError() | MemoryError() | OverflowError():
            return names_argument(str(error), call, bad)
        case OSError():
            return bool({"path", "directory"} & set(bad))
        case ImportError():
            return "facilis[" in str(error)
        case RuntimeError():
            return call.fails and "borrow" not in str(error)
    return False


def names_argument(message, call, bad):
    """Whether a message begins with an argument's name, or else tells of two and has one of them."""
    names = set(call.arguments) | {"until"}
    for whole, parts in PARTS.items():
        if whole in bad:
            names |= parts
    head = re.split(r"[\s\[:,']", message.strip(), maxsplit=1)[0]
    return head in names or any(re.search(rf"\b{re.escape(name)}\b", message) for name in bad)


def nans(value, place):
    """Yield where a result has a nan."""
    if isinstance(value, float | np.floating):
        if value != value:
            yield place
    elif isinstance(value, np.ndarray):
        if value.dtype.kind in "fc" and np.isnan(value).any():
            yield place
    elif isinstance(value, fc.Model | fc.Region | fc.Rate | fc.Pulse):
        return
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from nans(getattr(value, one.name), f"{place}.{one.name}")
    elif isinstance(value, tuple | list):
        for k, part in enumerate(value):
            yield from nans(part, f"{place}[{k}]")
    elif isinstance(value, fc.Simulation):
        yield from nans((value.t, value.state()), place)


def share(call, all_calls, cases):
    """How many of all cases are for this call."""
    return max(1, round(cases * call.examples / sum(one.examples for one in all_calls)))
