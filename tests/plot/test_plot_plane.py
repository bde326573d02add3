"""Pictures of the plane of potential and calcium: equilibria, nullclines and basins."""

import pytest
from tests.plot.drawn import MODEL, labels

import facilis as fc


def test_a_portrait_has_potential_to_the_right_and_every_equilibrium(run):
    ax = fc.plot.phase_portrait(MODEL, run)
    assert ax.get_xlabel() == "mean potential $u$"
    points = fc.equilibria(MODEL)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == len(points) == 3
    assert ax.get_xlim()[1] > max(run.potential.max(), points[-1].potential)
    lines = ["separatrix", r"$\dot u = 0$", r"$\dot r = 0$", "$N = 50$"]
    assert labels(ax) == ["basin of $u = 1.89$", *lines, "stable", "unstable"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "rate",
    [
        fc.Constant(0.0),
        fc.Linear(0.01),
        fc.Sigmoid(1.0, 1.0, 0.1),
        fc.Ramp(0.5, 1.5, 1.0),
        fc.Exponential(0.1, 1.0, 2.0),
        fc.Table([0.0, 1.0, 2.0], [0.0, 1.0, 0.0]),
    ],
)
@pytest.mark.parametrize("transmits", ["before", "after"])
def test_a_portrait_of_every_rate(rate, transmits):
    fc.plot.phase_portrait(MODEL.replace(rate=rate, transmits=transmits)).figure.draw_without_rendering()


def test_a_portrait_shades_basins_where_there_are_several():
    shaded = fc.plot.phase_portrait(MODEL, flow=False)
    assert "separatrix" in labels(shaded)
    plain = fc.plot.phase_portrait(MODEL, flow=False, basins=False)
    assert "separatrix" not in labels(plain)
    alone = fc.plot.phase_portrait(fc.Model.example("ghost"), flow=False)
    assert "separatrix" not in labels(alone)


def test_the_plane_of_a_current_has_its_equilibria(run):
    ax = fc.plot.phase_portrait(MODEL, run, current=3.0)
    (point,) = fc.equilibria(MODEL, current=3.0)
    (dot,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (point.potential, point.calcium)


def test_a_separatrix_is_not_the_limit(run, sol):
    ax = fc.plot.phase_portrait(MODEL, [run, sol])
    named = {line.get_label(): line for line in ax.lines}
    border, limit = named["separatrix"], named[r"limit $N\to\infty$"]
    assert border.get_linewidth() > 3.0 * limit.get_linewidth() - 0.2
    assert (border.get_linestyle(), limit.get_linestyle()) == ("-", "--")
    assert border.get_alpha() < 1.0
