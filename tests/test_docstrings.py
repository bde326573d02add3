"""Every public name has an example in its docstring, and the example gives what it says."""

import doctest
import inspect

import matplotlib as mpl
import numpy as np
import pytest

import facilis as fc

mpl.use("agg")
import matplotlib.pyplot as plt

NAMES = [
    *(f"facilis.{name}" for name in fc.__all__ if name not in {"__version__", "plot"}),
    *(f"facilis.plot.{name}" for name in fc.plot.__all__),
]
SLOW = {"EscapeAction", "EscapePath", "escape_action", "quasi_stationary", "mean_memory", "action"}
# What optional libraries do is their example's business too.
NEEDS = {"facilis.explore": "anywidget", "facilis.sweep": "xarray"}
# Whose text is being written anew; each leaves this list with its example.
AWAITED = {"CalciumLaw", "Exponential", "Rate", "Table", "calcium_law"}


def public(name: str):
    _, *path = name.split(".")
    return getattr(fc.plot if len(path) == 2 else fc, path[-1])


def examples(name: str) -> list[doctest.DocTest]:
    """The examples of a name, and those of its methods."""
    globs = {"fc": fc, "np": np}
    what = public(name)
    # Only what is defined in a module is found below it, and what is public says that it is from the package.
    found = doctest.DocTestFinder(exclude_empty=True).find(what, name, module=False, globs=globs)
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", [name for name in NAMES if name.split(".")[-1] not in AWAITED])
def test_there_is_an_example(name):
    text = inspect.getdoc(public(name))
    assert ">>> " in text, f"{name} has no example"
    assert "\nExamples\n--------\n" in text
    assert text.partition("\n")[0].endswith((".", "?", ":"))


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n.split(".")[-1] in SLOW else n for n in NAMES]
)
def test_examples_are_true(name):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    for test in examples(name):
        output = []
        result = doctest.DocTestRunner().run(test, out=output.append)
        assert not result.failed, "".join(output)
    plt.close("all")
