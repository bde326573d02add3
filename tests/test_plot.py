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
    assert half.get_xlabel() == "the rate's `half`"


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


def test_the_band_around_the_limit_is_of_two_deviations(run, sol):
    ax = fc.plot.traces(run, limit=sol, means="potential")
    (band,) = ax.collections
    edge = band.get_paths()[0].vertices
    deviation = np.sqrt(np.maximum(sol.covariance[:, 0, 0], 0.0) / run.n)
    assert edge[:, 1].max() == pytest.approx(np.max(sol.potential + 2.0 * deviation))
    two = fc.plot.traces([run, fc.simulate(MODEL, 20, 40.0, rng=1)], limit=sol)
    assert not two.collections


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


def test_an_ensemble_shows_quantiles():
    ens = fc.ensemble(MODEL, 20, 40.0, replicates=40, stimulus=PULSES, grid=9, rng=1)
    axes = ens.plot(label="mean")
    wide, half = axes["potential"].collections
    ends = np.quantile(ens.potential, [0.05, 0.25, 0.75, 0.95], axis=0)
    assert wide.get_paths()[0].vertices[:, 1].max() == pytest.approx(ends[3].max())
    assert half.get_paths()[0].vertices[:, 1].max() == pytest.approx(ends[2].max())
    assert {"mean", "90% of them", "50% of them"} < set(labels(axes["calcium"]))


def test_intervals_and_rates_are_those_of_the_trains(run):
    trains = [run.spikes.of(i) for i in range(run.n)]
    intervals = np.concatenate([np.diff(train) for train in trains])
    ax = fc.plot.isi_histogram(run, bins=[0.0, 1.0, 2.0, 100.0])
    heights = np.histogram(intervals, [0.0, 1.0, 2.0, 100.0])[0] / intervals.size / [1.0, 1.0, 98.0]
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], heights)
    assert f"mean CV {np.nanmean(run.spikes.cv()):.3g}" in labels(ax)[0]
    some = fc.plot.isi_histogram(run, neurons=[3, 4], bins=2)
    assert labels(some)[0].startswith(f"{len(trains[3]) + len(trains[4]) - 2} intervals")
    counts = np.array([len(train) for train in trains])
    ax = fc.plot.rate_histogram(run)
    assert sum(bar.get_height() * bar.get_width() for bar in ax.patches) == pytest.approx(1.0)
    assert labels(ax) == [f"50 neurons, mean {counts.mean() / run.final.t:.3g}"]
    (stairs,) = [patch for patch in fc.plot.firing_rate(run, width=2.0).patches if hasattr(patch, "get_data")]
    np.testing.assert_array_equal(stairs.get_data().values, run.rate(2.0)[1])


def test_histograms_refuse_what_they_cannot_show(run):
    silent = fc.simulate(MODEL, 10, 1.0, rng=1)
    with pytest.raises(ValueError, match="a neuron that spiked twice"):
        fc.plot.isi_histogram(silent)
    with pytest.raises(ValueError, match="run must take some time"):
        fc.plot.rate_histogram(fc.simulate(MODEL, 10, 0.0, rng=1))
    with pytest.raises(ValueError, match=r"simulated with spikes=\[\]"):
        fc.plot.rate_histogram(fc.simulate(MODEL, 10, 1.0, spikes=[], rng=1))
    region = fc.Region.potential_above(0.7)
    kept = fc.memory_times(MODEL, 20, 0.1, region=region, replicates=5, potential=2.0, calcium=9.0, rng=1)
    with pytest.raises(ValueError, match="all 5 networks remembered"):
        fc.plot.memory_histogram(kept)
    assert list(kept.plot()) == ["survival"]


def test_a_film_shows_what_has_happened(run, tmp_path):
    film = fc.plot.animate(run, frames=3)
    film.save(tmp_path / "run.gif", dpi=30)
    assert (tmp_path / "run.gif").read_bytes().startswith(b"GIF")
    raster, plane = film._fig.axes
    assert plane.get_title() == "$t = 40$, $I = 0$"
    film._func(10.0)  # between the first pulse's start and end
    assert plane.get_title() == "$t = 10$, $I = 3$"
    assert len(raster.lines[0].get_xdata()) == np.count_nonzero(run.spikes.time <= 10.0)
    (border,) = [line for line in plane.lines if line.get_label() == "separatrix"]
    assert not border.get_visible()
    film._func(16.0)
    assert border.get_visible()
    film.save(tmp_path / "run.html")
    assert "<script" in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_a_film_needs_means_and_a_speed(run):
    bare = fc.simulate(MODEL, 10, 1.0, potential=2.0, grid=None, rng=1)
    with pytest.raises(ValueError, match="no time of its grid"):
        fc.plot.animate(bare)
    with pytest.raises(ValueError, match="fps must be a finite number > 0"):
        fc.plot.animate(run, fps=0.0)


@pytest.fixture
def swept():
    xr = pytest.importorskip("xarray")
    values = np.array([[1.0, 10.0, np.inf], [2.0, 200.0, 3.0]])
    doubts = np.array([["", "", "no exits"], ["", "too few", ""]])
    axes = ("alpha", "model")
    return xr.Dataset(
        {
            "mean_time": (axes, values),
            "mean_time_doubt": (axes, doubts),
            "time": ((*axes, "k"), values[..., None]),
        },
        {"alpha": [0.3, 0.2], "model": ["weak", "strong", "other"]},
    )


def test_a_map_has_a_cell_for_each_point(swept):
    ax = fc.plot.heat_map(swept)
    (mesh,) = ax.collections
    shown = mesh.get_array().reshape(2, 3)
    np.testing.assert_array_equal(shown.filled(-1.0), [[2.0, 200.0, 3.0], [1.0, 10.0, -1.0]])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["weak", "strong", "other"]
    np.testing.assert_allclose(ax.get_ylim(), [0.15, 0.35])
    assert isinstance(mesh.norm, mpl.colors.LogNorm)
    assert labels(ax) == ["not to be relied on"]
    (crosses,) = ax.lines
    np.testing.assert_array_equal(crosses.get_xydata(), [[2.0, 0.3], [1.0, 0.2]])
    turned = fc.plot.heat_map(swept, x="alpha", log=False)
    assert turned.get_xlabel() == "alpha"


def test_a_map_names_what_it_cannot_show(swept):
    with pytest.raises(ValueError, match="variable must be the name of a variable with two dimensions"):
        fc.plot.heat_map(swept, "time")
    with pytest.raises(ValueError, match="variable must be"):
        fc.plot.heat_map(swept, "other")
    with pytest.raises(ValueError, match="x must be"):
        fc.plot.heat_map(swept, x="n")
    with pytest.raises(TypeError, match=r"data must be an xarray\.Dataset"):
        fc.plot.heat_map(MODEL)
