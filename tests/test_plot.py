"""Pictures: what is in them, where they are drawn, and what they refuse."""

import subprocess
import sys
import warnings

import matplotlib as mpl
import numpy as np
import pytest

import facilis as fc
from facilis.memory.survival import kaplan_meier

mpl.use("agg")
import matplotlib.pyplot as plt

MODEL = fc.Model.example("memory")
PULSES = [fc.Pulse(5.0, 15.0, 3.0), fc.Pulse(20.0, 25.0, 1.0)]


@pytest.fixture(scope="module")
def run():
    return fc.simulate(MODEL, 50, 40.0, stimulus=PULSES, rng=1)


@pytest.fixture(scope="module")
def sol():
    return fc.solve_limit(MODEL, 40.0, stimulus=PULSES)


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


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


def test_a_raster_shows_every_spike(run):
    (dots,) = fc.plot.raster(run).lines
    np.testing.assert_array_equal(dots.get_xdata(), run.spikes.time)
    np.testing.assert_array_equal(dots.get_ydata(), run.spikes.neuron)


def test_a_raster_says_that_it_shows_some_neurons_only(run):
    ax = fc.plot.raster(run, most=10)
    assert ax.get_ylabel() == "neuron (10 of 50)"
    assert len(ax.lines[0].get_xdata()) == np.count_nonzero(run.spikes.neuron < 10)


def test_a_raster_of_chosen_neurons_has_a_row_for_each():
    chosen = fc.simulate(MODEL, 50, 20.0, stimulus=PULSES, spikes=[7, 3], rng=1)
    ax = fc.plot.raster(chosen)
    assert ax.get_ylim() == (-0.5, 1.5)
    expected = np.where(chosen.spikes.neuron == 7, 1, 0)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), expected)


def test_traces_show_both_means_and_the_limit(run, sol):
    ax = fc.plot.traces(run, limit=sol)
    _, twin = ax.figure.axes
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), run.potential)
    np.testing.assert_array_equal(twin.lines[0].get_ydata(), run.calcium)
    band = r"limit $\pm\,2\sigma$"
    assert labels(ax) == ["mean potential", "mean calcium", r"limit $N\to\infty$", band, "stimulus"]


def test_each_pulse_is_shaded_and_named_once(run):
    ax = fc.plot.raster(run)
    assert len(ax.patches) == len(PULSES)
    assert ax.get_legend_handles_labels()[1] == ["stimulus"]


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


def test_a_survival_curve_is_drawn_as_it_is():
    curve = kaplan_meier(np.array([3.0, 1.0, 2.0]), np.ones(3, bool))
    ax = fc.plot.survival(curve, label="three")
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [0.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1.0, 2 / 3, 1 / 3, 0.0])
    assert np.all(curve.low <= curve.probability)
    assert np.all(curve.probability <= curve.high)


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
        (lambda: fc.plot.raster(None), "run must be a Run, got None"),
        (lambda: fc.plot.traces(3), "run must be a Run or a Limit, got 3"),
        (lambda: fc.plot.fold_curve(MODEL), "curve must be a FoldCurve"),
        (lambda: fc.plot.bifurcation(MODEL), "diagram must be a Diagram"),
        (lambda: fc.plot.survival(None), "curve must be a Survival or a MemoryTimes"),
        (lambda: fc.plot.scaling(3), "result must be a Scaling"),
        (lambda: fc.plot.phase_portrait(MODEL, 3), "runs must be a Run or a Limit"),
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


def test_a_diagram_shows_its_branches_and_folds():
    diagram = fc.bifurcation(MODEL, "alpha", 0.15, 0.5)
    axes = diagram.plot()
    assert list(axes) == ["bifurcation"]
    ax = axes["bifurcation"]
    assert labels(ax) == ["stable", "unstable", "fold"]
    assert len(ax.lines) == len(diagram.branches) + 1
    styles = [line.get_linestyle() for line in ax.lines[:-1]]
    assert styles == ["-" if branch.stable else "--" for branch in diagram.branches]
    current = fc.bifurcation(MODEL, "current", 0.0, 0.4)
    assert fc.plot.bifurcation(current, ax) is ax
    assert "current" in ax.get_xlabel()
    half = fc.bifurcation(MODEL, "rate.half", 0.5, 1.5).plot()["bifurcation"]
    assert half.get_xlabel() == "half of the rate"


def test_a_fold_curve_shows_its_lines_its_cusps_and_where_two_states_are_stable():
    curve = fc.fold_curve(MODEL, "alpha", "current", 0.0, 1.0)
    axes = curve.plot()
    assert list(axes) == ["fold_curve"]
    ax = axes["fold_curve"]
    assert set(labels(ax)) == {"two stable states", "fold", "cusp"}
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), curve.first[curve.line == 0])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), curve.second[curve.line == 1])
    assert ax.lines[2].get_xdata() == [curve.cusps[0].first]
    assert ax.get_xlim() == (0.0, 4.0 * MODEL.alpha)
    (shade,) = ax.collections
    inside = [
        any(path.contains_point(point) for path in shade.get_paths()) for point in [(0.3, 0.2), (0.1, 0.2)]
    ]
    assert inside == [True, False]
    # Where there is never more than one state there is no shade.
    linear = fc.fold_curve(MODEL.replace(rate=fc.Constant(1.0)), "alpha", "lam")
    assert not fc.plot.fold_curve(linear).collections


def test_fluctuations_show_the_cloud_over_the_ellipses():
    model = fc.Model.example("bistable")
    point = fc.equilibria(model)[-1]
    start = {"potential": point.potential, "calcium": point.calcium}
    noise = fc.linear_noise(model, point)
    run = fc.simulate(model, 500, 200.0, **start, spikes=False, grid=300, rng=1)
    ax = fc.plot.fluctuations(run, noise)
    cloud, half, most, _ = ax.lines
    assert len(cloud.get_xdata()) == 300
    # The half-width of an ellipse is the deviation times the radius of its share.
    assert half.get_xdata().max() == pytest.approx(np.sqrt(2 * np.log(2) * noise.covariance[0, 0]), rel=1e-3)
    assert most.get_ydata().max() == pytest.approx(np.sqrt(2 * np.log(20) * noise.covariance[1, 1]), rel=1e-3)
    networks = fc.ensemble(model, 500, 20.0, replicates=50, grid=2, **start, rng=1)
    assert len(fc.plot.fluctuations(networks, noise).lines[0].get_xdata()) == 50


def test_a_portrait_shades_basins_where_there_are_several():
    shaded = fc.plot.phase_portrait(MODEL, flow=False)
    assert "separatrix" in labels(shaded)
    plain = fc.plot.phase_portrait(MODEL, flow=False, basins=False)
    assert "separatrix" not in labels(plain)
    alone = fc.plot.phase_portrait(fc.Model.example("ghost"), flow=False)
    assert "separatrix" not in labels(alone)


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


@pytest.mark.parametrize("t_max", [0.1, np.inf], ids=["no exits", "never any exits"])
def test_a_scaling_without_exits_is_drawn_without_a_warning(t_max):
    region = fc.Region.box(potential=(0.0, 5.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the means; what is drawn is tested
        found = fc.memory_scaling(
            MODEL, [20, 30, 40], t_max, region=region, replicates=5, potential=0.5, calcium=0.0, rng=1
        )
    ax = found.plot()["scaling"]
    ax.figure.draw_without_rendering()
    (bounds,) = [line for line in ax.lines if line.get_marker() == "^"]
    np.testing.assert_array_equal(bounds.get_xdata(), [20, 30, 40])
