"""What all pictures have in common: where they are drawn, keywords, legends and colours, and what they refuse."""

import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from tests.plot.drawn import MODEL, labels

import facilis as fc


def test_one_axes_in_the_same_out(run, sol):
    for draw in (
        lambda ax: fc.plot.raster(run, ax),
        lambda ax: fc.plot.traces(run, ax, limit=sol),
        lambda ax: fc.plot.phase_portrait(MODEL, run, ax),
        lambda ax: fc.plot.phase_portrait(MODEL, [run, sol], ax, flow=False),
    ):
        ax = plt.figure().subplots()
        assert draw(ax) is ax
        ax.figure.draw_without_rendering()


def test_results_draw_themselves(run, sol):
    assert set(run.plot()) == {"raster", "traces", "phase"}
    assert set(sol.plot()) == {"traces", "phase"}
    assert set(fc.simulate(MODEL, 50, 5.0, spikes=False, rng=1).plot()) == {"traces", "phase"}


def test_what_was_not_kept_cannot_be_drawn():
    bare = fc.simulate(MODEL, 10, 1.0, spikes=False, grid=None, rng=1)
    with pytest.raises(ValueError, match="spikes=False"):
        fc.plot.raster(bare)
    with pytest.raises(ValueError, match="no time of its grid"):
        fc.plot.traces(bare)


def test_a_run_without_a_grid_shows_its_spikes():
    run = fc.simulate(MODEL, 10, 1.0, potential=2.0, grid=None, rng=1)
    assert list(run.plot()) == ["raster"]
    assert len(fc.plot.raster(fc.simulate(MODEL, 10, 1.0, spikes=[], rng=1)).lines) == 1


def test_one_network_is_drawn_without_a_spread():
    assert list(fc.ensemble(MODEL, 10, 5.0, replicates=1, grid=3, rng=1).plot()) == ["potential", "calcium"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fc.plot.raster(None), "run must be a Run or a ReactivePath, got None"),
        (lambda: fc.plot.traces(3), "run must be a Run or a ReactivePath or a Limit, got 3"),
        (lambda: fc.plot.fold_curve(MODEL), "curve must be a FoldCurve"),
        (lambda: fc.plot.bifurcation(MODEL), "diagram must be a Diagram"),
        (lambda: fc.plot.survival(None), "curve must be a Survival or a MemoryTimes"),
        (lambda: fc.plot.scaling(3), "result must be a Scaling"),
        (lambda: fc.plot.phase_portrait(MODEL, 3), "runs must be a Run or a ReactivePath or a Limit"),
        (lambda: fc.plot.phase_portrait(MODEL, ax=3), "ax must be a matplotlib Axes or None, got 3"),
        (lambda: fc.plot.run(3), "run must be a Run"),
        (lambda: fc.plot.limit(3), "sol must be a Limit"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_a_figure_goes_to_a_file_without_a_window(run, tmp_path):
    fc.plot.to_file(tmp_path / "run.pdf", lambda figure: fc.plot.run(run, figure=figure))
    assert (tmp_path / "run.pdf").read_bytes().startswith(b"%PDF")
    assert plt.get_fignums() == []


def test_importing_facilis_leaves_matplotlib_alone():
    code = "import sys, facilis; sys.exit('matplotlib' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


START = {"potential": 2.0, "calcium": 9.0}


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: fc.simulate(MODEL, 5, 3.0, grid=[1.0], rng=1, **START),
        lambda: fc.simulate(MODEL, 5, 0.0, rng=1, **START),
        lambda: fc.solve_limit(MODEL, 3.0, grid=[1.0], **START),
        lambda: fc.solve_limit(MODEL, 0.0, **START),
        lambda: fc.ensemble(MODEL, 5, 3.0, grid=[1.0], replicates=3, rng=1, **START),
        lambda: fc.ensemble(MODEL, 5, 0.0, replicates=3, rng=1, **START),
        lambda: fc.couple(MODEL, 5, 0.0, rng=1, **START),
    ],
    ids=["run", "run of no time", "limit", "limit at once", "ensemble", "ensemble at once", "coupled"],
)
def test_a_single_time_is_drawn_without_a_warning(drawn):
    axes = drawn().plot()
    figure = next(iter(axes.values())).figure
    figure.draw_without_rendering()
    for ax in axes.values():
        assert np.diff(ax.get_xlim()) > 0.0


def test_keywords_go_to_what_is_drawn(run, sol):
    (dots,) = fc.plot.raster(run, color="red", ms=4.0).lines
    assert (dots.get_color(), dots.get_markersize()) == ("red", 4.0)
    assert fc.plot.traces(run, linewidth=0.5, limit=sol).lines[0].get_linewidth() == 0.5
    ax = fc.plot.phase_portrait(MODEL, [run, sol], color="red")
    drawn = {line.get_label(): line.get_color() for line in ax.lines}
    assert drawn["$N = 50$"] == "red" != drawn[r"limit $N\to\infty$"]
    assert {line.get_color() for line in run.plot(color="red")["traces"].lines} == {"red"}


def test_a_legend_is_left_out_or_put_elsewhere(run):
    assert fc.plot.traces(run, legend=False).get_legend() is None
    ax = fc.plot.traces(run, legend={"loc": "upper right", "title": "one run"})
    assert ax.get_legend().get_title().get_text() == "one run"
    with pytest.raises(TypeError, match="legend must be True, False, or a dict"):
        fc.plot.traces(run, legend="upper right")


def test_several_runs_have_names_and_colours(run):
    ax = fc.plot.traces({"weak": run, "strong": run})
    assert labels(ax) == ["weak", "strong", "mean potential", "mean calcium", "stimulus"]
    weak, strong = (line for line in ax.lines[:2])
    assert weak.get_color() != strong.get_color()
    portrait = fc.plot.phase_portrait(MODEL, [run, run], label=["weak", "strong"])
    assert {"weak", "strong"} < set(labels(portrait))
    assert {"$N = 50$ (1)", "$N = 50$ (2)"} < set(labels(fc.plot.phase_portrait(MODEL, [run, run])))
    assert labels(fc.plot.traces(run, label="weak"))[0] == "weak, potential"
    with pytest.raises(ValueError, match="label must have a word for each of 2, got 'weak'"):
        fc.plot.phase_portrait(MODEL, [run, run], label="weak")
    with pytest.raises(TypeError, match="label must be a str, or a sequence"):
        fc.plot.phase_portrait(MODEL, [run], label=[3])


@pytest.mark.parametrize(
    ("style", "colors"),
    [("default", ("#0072B2", "#D55E00")), ("petroff10", ("#3f90da", "#ffa90e"))],
)
def test_colours_are_of_the_style(run, style, colors):
    if style not in ["default", *plt.style.available]:
        pytest.skip(f"this matplotlib has no style {style}")
    with plt.style.context(style):
        ax = fc.plot.traces(run)
    _, twin = ax.figure.axes
    assert (ax.lines[0].get_color(), twin.lines[0].get_color()) == colors
