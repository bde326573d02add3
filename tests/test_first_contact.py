"""What a user sees before reading anything: signatures, completion, type hints."""

import inspect
import subprocess
import sys
import typing

import pytest

import facilis as fc

LONGEST = 700
FUNCTIONS = [name for name in fc.__all__ if callable(getattr(fc, name))]


def signature(what) -> str:
    return str(inspect.signature(what))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signatures_can_be_read(name):
    assert len(signature(getattr(fc, name))) < LONGEST


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if inspect.isclass(getattr(fc, name))])
def test_signatures_of_methods_can_be_read(name):
    for method, what in inspect.getmembers(getattr(fc, name), callable):
        if not method.startswith("_") or (method == "__call__" and "__call__" in vars(getattr(fc, name))):
            assert len(signature(what)) < LONGEST, method


@pytest.mark.parametrize("name", fc.plot.__all__)
def test_signatures_of_pictures_can_be_read(name):
    assert len(signature(getattr(fc.plot, name))) < LONGEST


def test_help_is_short_before_its_text():
    printed = subprocess.run(
        [sys.executable, "-c", "import facilis as fc; help(fc.simulate)"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONIOENCODING": "utf-8", "PAGER": "cat"},
    ).stdout
    before, found, _ = printed.partition("Simulate a network")
    assert found
    assert len(before) < LONGEST
    assert "rng" in before


# The explorer's widget needs a library that need not be there.
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "explore"])
def test_types_can_be_looked_up(name):
    typing.get_type_hints(getattr(fc, name))


def test_types_of_fields_are_types():
    assert typing.get_type_hints(fc.Run)["n"] is int
    assert typing.get_type_hints(fc.Ensemble)["model"] is fc.Model


def test_completion_offers_what_is_public():
    assert dir(fc) == sorted(fc.__all__)
    assert "plot" in dir(fc)
    assert dir(fc.plot) == sorted(fc.plot.__all__)
