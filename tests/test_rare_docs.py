"""The examples on the pages about rare events and the slow passage run as they stand, and say what is true."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest

import facilis as fc

mpl.use("agg")
import matplotlib.pyplot as plt

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rare.md", "slow_passage.md"])
def test_the_examples_run(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    names = {}
    for example in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(example, names)
    plt.close("all")
    if name == "slow_passage.md":
        assert names["manifold"].window == pytest.approx((1.7548, 2.1245), abs=5e-5)
        assert names["passage"].time == pytest.approx(216.53, abs=5e-3)


def test_the_shortfalls_of_the_explanation():
    for lam, short in [(0.1, 0.13), (0.003, 0.009)]:
        model = fc.Model(2.0 * lam, 1.0, lam, fc.Hill(1.0, 1.0, 4))
        passage = fc.slow_passage(model)
        assert 1 - (passage.slow + passage.delay) / passage.time == pytest.approx(short, rel=0.05)
