"""The numbers in the page on the limit are what the package computes."""

import re
from pathlib import Path

import pytest

import facilis as fc

PAGE = (Path(__file__).parents[1] / "docs" / "limit.md").read_text(encoding="utf-8")


def rows(heading):
    """The numbers of the table below a heading row."""
    block = PAGE[PAGE.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return [[float(cell.replace(",", "")) for cell in row.strip("| ").split("|")] for row in block]


def test_the_table_of_thresholds():
    model = fc.Model.example("memory")
    table = rows("| duration of the pulse")
    assert len(table) == 3
    for duration, current in table:
        assert fc.pulse_threshold(model, duration) == pytest.approx(current, rel=1e-7)


def test_the_table_of_the_ghost():
    model = fc.Model.example("ghost")
    (fold,) = fc.folds(model)
    table = rows("| δ | T |")
    assert [row[0] for row in table] == [10.0**-k for k in range(3, 9)]
    for delta, time, scaled, rest in table:
        passage = fc.ghost(model.replace(alpha=(fold.kappa - delta) * 0.1), start=2.0, end=0.7)
        assert passage.time == pytest.approx(time, rel=1e-6, abs=0.01)
        assert passage.time * delta**0.5 == pytest.approx(scaled, rel=1e-5)
        assert passage.constant / delta**0.5 - passage.time == pytest.approx(rest, abs=0.06)
    assert passage.constant == pytest.approx(float(re.search(r"\$C = ([\d.]+)\$", PAGE)[1]), abs=5e-5)
