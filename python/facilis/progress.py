"""How far a run has got: shown by tqdm where it is installed, as text elsewhere, or told to a function."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from . import checks

Progress: TypeAlias = bool | Callable[[float], object]


@contextmanager
def reporting(progress: Progress) -> Iterator[Callable[[float], object]]:
    """Open what takes the fraction done, a number from 0 to 1 that never falls."""
    if not checks.is_bool(progress) and not callable(progress):
        raise TypeError(checks.wrong("progress", "a bool or a function of the fraction done", progress))
    if callable(progress):
        yield progress
    elif progress:
        with _bar() as report:
            yield report
    else:
        yield _silence


def _silence(fraction: float) -> None:
    """Take what nobody wants to see."""


@contextmanager
def _bar() -> Iterator[Callable[[float], object]]:
    try:
        from tqdm.auto import tqdm  # type: ignore[import-untyped]
    except ImportError:
        yield _print
        print(file=sys.stderr)
        return
    with tqdm(total=1.0, bar_format="{percentage:3.0f}%|{bar}| {elapsed}<{remaining}") as bar:
        yield lambda fraction: bar.update(fraction - bar.n)


def _print(fraction: float) -> None:
    print(f"\r{fraction:4.0%}", end="", file=sys.stderr, flush=True)
