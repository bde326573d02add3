"""What a sweep finds in its directory is of the same function, or it is refused."""

import subprocess
import sys
from functools import partial

import numpy as np
import pytest

import facilis as fc

pytest.importorskip("xarray")

MODEL = fc.Model.example("memory")


def value(folder, function, **options):
    data = fc.sweep(function, over={"alpha": [0.1]}, model=MODEL, directory=folder, **options)
    return data["value"].item()


def defined(text, **names):
    """Return the function f of a script, which reads its globals."""
    exec(text, names)
    return names["f"]


HELPER = "def g(x):\n    return {}\ndef f(model):\n    return g(model.alpha)"
RECURSIVE = "def f(model, k=3):\n    return {} if k == 0 else f(model, k - 1)"


def closed(held):
    return lambda model: model.alpha + np.sum(held)


CHANGED = {
    "a global": (defined("f = lambda m: m.alpha + G", G=1.0), defined("f = lambda m: m.alpha + G", G=2.0)),
    "a helper": (defined(HELPER.format("x")), defined(HELPER.format("x + 1.0"))),
    "an array of a closure": (closed(np.zeros(3)), closed(np.array([0.0, 1.0, 0.0]))),
    "a list of a closure": (closed([1.0, 2.0]), closed([1.0, 3.0])),
    "a rate of a closure": (
        (lambda r: lambda m: r(1.0))(fc.Linear(1.0)),
        (lambda r: lambda m: r(1.0))(fc.Linear(2.0)),
    ),
    "a default": (defined("def f(m, a=1.0): return a"), defined("def f(m, a=2.0): return a")),
    "a nested global": (
        defined("f = lambda m: [G * k for k in range(2)][1]", G=1.0),
        defined("f = lambda m: [G * k for k in range(2)][1]", G=2.0),
    ),
    "what is bound": (partial(closed(0.0)), partial(closed(1.0))),
    "one that calls itself": (defined(RECURSIVE.format("1.0")), defined(RECURSIVE.format("2.0"))),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_function_that_would_give_other_numbers_is_another_one(what, tmp_path):
    first, second = CHANGED[what]
    found = value(tmp_path, first)
    assert value(tmp_path, first) == found
    assert value(tmp_path / "other", second) != found
    with pytest.raises(ValueError, match="directory must be a directory of points of this same sweep"):
        value(tmp_path, second)


class Weight:
    def __call__(self, model):
        return model.alpha


def test_what_can_t_be_known_needs_a_key(tmp_path):
    weight = Weight()
    module = type(sys)("module_of_mine")
    module.g = lambda x: x
    unknown = [weight, lambda model: weight(model), defined("f = lambda m: mine.g(m.alpha)", mine=module)]
    for k, function in enumerate(unknown):
        with pytest.raises(TypeError, match='key="…"'):
            value(tmp_path, function)
        assert value(tmp_path / str(k), function, key="one") == 0.1
        assert value(tmp_path / str(k), function, key="one") == 0.1
        with pytest.raises(ValueError, match="of this same sweep"):
            value(tmp_path / str(k), function, key="two")
    with pytest.raises(TypeError, match="key must be a word"):
        value(tmp_path, Weight(), key=3)
    # Without a directory nothing is kept, so that nothing needs to be known.
    assert fc.sweep(weight, over={"alpha": [0.1]}, model=MODEL)["value"].item() == 0.1


PROGRAM = """
import sys, numpy as np, facilis as fc
from numpy import exp
names = {"a", "b", "c", "d"}
def f(model):
    import math
    return float(np.sum(exp(model.alpha))) + len(names) + (model.alpha in {"x", "y", "z"}) + math.pi
fc.sweep(f, over={"alpha": [0.1]}, model=fc.Model.example("memory"), directory=sys.argv[1])
"""


def test_another_process_knows_the_same_function(tmp_path):
    """The order of sets of words differs from process to process."""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", PROGRAM, tmp_path / "points"], check=True)
    assert len(list((tmp_path / "points").glob("*.npz"))) == 1
