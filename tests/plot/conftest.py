"""One run and its limit, which many pictures are of; no figure stays open, and none needs a window."""

import matplotlib as mpl
import pytest
from tests.plot.drawn import MODEL, PULSES

import facilis as fc

mpl.use("agg")
import matplotlib.pyplot as plt


@pytest.fixture(scope="session")
def run():
    return fc.simulate(MODEL, 50, 40.0, stimulus=PULSES, rng=1)


@pytest.fixture(scope="session")
def sol():
    return fc.solve_limit(MODEL, 40.0, stimulus=PULSES)


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")
