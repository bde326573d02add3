"""How objects show themselves: one line in a console, and in a notebook a small table with a little picture."""

import copy
import dataclasses
import pickle
import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest

import facilis as fc
from facilis import card

MODEL = fc.Model.example("bistable")
START = {"potential": 2.0, "calcium": 9.0, "rng": 1}
REGION = fc.Region.potential_above(0.7)
PULSES = [fc.Pulse(1.0, 2.0, 3.0), fc.Pulse(40.0, 50.0, 1.0)]
STEPS = np.sqrt(np.repeat(np.arange(1.0, 61.0), 2)) - 1.0
STAIRS = fc.Table(np.linspace(0.5, 60.0, 120), STEPS)
FEW_STAIRS = fc.Table(np.linspace(0.5, 25.0, 50), STEPS[:50])
RUN = fc.simulate(MODEL, 50, 100.0, stimulus=PULSES, **START)
TIMES = fc.memory_times(MODEL, 20, 300.0, region=REGION, replicates=3000, **START)
SLOW = fc.Model(alpha=0.02, beta=1.0, lam=0.01, rate=MODEL.rate)
DOSES = {"durations": np.arange(1.0, 31.0), "currents": np.arange(1.0, 12.0)}
EXITS = fc.exit_probability(MODEL, 10, 50.0, region=REGION, replicas=50, runs=3, **START)
ALIKE = {
    "model": MODEL,
    "constant": fc.Constant(1.0),
    "hill": MODEL.rate,
    "table": fc.Table.from_function(np.tanh, points=10_000),
    "pulse": PULSES[0],
    "run": RUN,
    "run without grid": fc.simulate(MODEL, 50, 100.0, grid=None, **START),
    "run of many pulses": fc.simulate(
        MODEL,
        5,
        100.0,
        stimulus=[fc.Pulse(0.1 * k**1.5, 0.1 * k**1.5 + 0.05, 1.0) for k in range(300)],
        **START,
    ),
    "run of nothing": fc.simulate(MODEL, 5, 0.0, grid=None, spikes=False, **START),
    "run that spikes alone": fc.simulate(MODEL, 1, 100.0, grid=100_000, **START),
    "spikes": RUN.spikes,
    "no spikes": fc.simulate(MODEL, 5, 10.0, rng=1).spikes,
    "spikes of none": fc.simulate(MODEL, 5, 10.0, spikes=[], rng=1).spikes,
    "limit": fc.solve_limit(MODEL, 100.0, stimulus=PULSES),
    "equilibrium": fc.equilibria(MODEL)[1],
    "equilibria": fc.equilibria(MODEL),
    "no equilibria": fc.equilibria(MODEL)[3:],
    "fold": fc.folds(MODEL)[0],
    "diagram": fc.bifurcation(MODEL, "alpha", 0.15, 0.5),
    "diagram of many folds": fc.bifurcation(MODEL.replace(rate=STAIRS), "alpha", 0.01, 5.0),
    "diagram of some folds": fc.bifurcation(MODEL.replace(rate=FEW_STAIRS), "alpha", 0.01, 1.5),
    "no diagram": fc.bifurcation(MODEL, "alpha", 0.01, 0.02),
    "fold curve": fc.fold_curve(MODEL, "alpha", "current", 0.0, 1.0),
    "no fold curve": fc.fold_curve(MODEL.replace(rate=fc.Constant(1.0)), "alpha", "lam"),
    "ensemble": fc.ensemble(MODEL, 20, 100.0, replicates=5, stimulus=PULSES, exit_from=REGION, **START),
    "memory times": TIMES,
    "memory times of nobody": fc.memory_times(MODEL, 5, 1.0, region=REGION, replicates=3, **START),
    "survival": TIMES.survival(),
    "scaling": fc.memory_scaling(MODEL, [3, 4, 5], 20.0, region=REGION, replicates=20, **START),
    "ghost": fc.ghost(fc.Model.example("ghost"), start=2.0, end=0.7),
    "linear noise": fc.linear_noise(MODEL, fc.equilibria(MODEL)[-1]),
    "linear noise of rest": fc.linear_noise(MODEL, fc.equilibria(MODEL)[0]),
    "separatrix": fc.separatrix(MODEL),
    "calcium law": fc.calcium_law(MODEL, fc.equilibria(MODEL)[-1]),
    "slow passage": fc.slow_passage(SLOW),
    "critical manifold": fc.critical_manifold(SLOW),
    "coupled": fc.couple(MODEL, 20, 10.0, stimulus=PULSES, **START),
    "coupled at no time": fc.couple(MODEL, 20, 0.0, grid=[], **START),
    "dose response": fc.dose_response(MODEL, 5, region=REGION, replicates=3, rng=1, **DOSES),
    "exit probability": EXITS,
    "way out": EXITS.paths(1)[0],
    "exponential test": TIMES.exponential_test(resamples=10),
}


def html(value) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return value._repr_html_()


@pytest.mark.parametrize("name", ALIKE)
def test_what_a_notebook_shows_is_small_and_takes_its_colour_from_the_page(name):
    shown = html(ALIKE[name])
    assert len(shown.encode()) < 20_000
    root = ElementTree.fromstring(shown)  # whole: every tag is closed
    for node in root.iter():
        colours = {node.get("fill", "none"), node.get("stroke", "none")}
        assert colours <= {"none", "currentColor"}
        assert not re.search(r"(color|background|fill|stroke):(?!inherit)", node.get("style", ""))
    for place in re.findall(r"-?\d+\.\d \d+\.\d", shown):
        x, y = map(float, place.split())
        assert 40.0 <= x <= 316.0
        assert 4.0 <= y <= 80.0


@pytest.mark.parametrize("name", ALIKE)
def test_a_console_gets_one_short_line(name):
    if name != "equilibria":
        assert len(repr(ALIKE[name])) <= 130
        assert "\n" not in repr(ALIKE[name])
    assert str(ALIKE[name]) == repr(ALIKE[name])


@pytest.mark.parametrize("name", [name for name, one in ALIKE.items() if hasattr(one, "summary")])
def test_a_summary_says_in_text_what_a_card_says(name):
    text = ALIKE[name].summary()
    assert 0 < len(text.splitlines()) <= 35 or name == "no diagram"
    assert "array(" not in text
    words = " ".join(ElementTree.fromstring(html(ALIKE[name])).itertext())
    assert all(word in words for line in text.splitlines() for word in re.findall(r"[\w.]+", line))


def test_every_result_has_a_summary():
    from facilis.result import Result

    public = [getattr(fc, name) for name in fc.__all__ if isinstance(getattr(fc, name), type)]
    results = [one for one in public if issubclass(one, Result)]
    assert len(results) > 10
    assert all(callable(one.summary) and callable(one._repr_html_) for one in results)
    assert "0.212451" in ALIKE["diagram"].summary()
    assert "verdict" in ALIKE["scaling"].summary()
    assert "limit's threshold" in ALIKE["dose response"].summary()
    assert str(EXITS.low)[:5] in EXITS.summary()


def test_runs_and_memory_times_have_a_picture():
    pictured = {"run", "run without grid", "spikes", "limit", "ensemble", "memory times", "survival", "table"}
    assert pictured <= {name for name, one in ALIKE.items() if "<svg" in html(one)}
    assert "<svg" not in html(ALIKE["run of nothing"])
    assert _pulses(RUN) == 2
    assert _pulses(ALIKE["run of many pulses"]) > 20
    assert _pulses(ALIKE["run without grid"]) == 0
    assert html(ALIKE["diagram"]).count("stroke-dasharray") == 1
    assert "0.212451" in html(ALIKE["diagram"])
    assert html(ALIKE["diagram of some folds"]).count("stroke-dasharray") > 10
    assert re.search(r"… and \d+ more<", html(ALIKE["diagram of many folds"]))
    assert "ended by t_end" in html(RUN)
    assert all(f"<td {rest}>{kind}</td>" in html(ALIKE["equilibria"]) for kind, rest in _kinds())


def _pulses(run) -> int:
    found = re.search(r'd="([^"]*)" fill-opacity=".15"', html(run))
    return found[1].count("M") if found else 0


def _kinds():
    look = re.search(r"<td ([^>]*)>saddle<", html(ALIKE["equilibria"]))[1]
    return [("saddle", look), ("stable node", look)]


def test_a_warning_is_shown_where_the_mean_is_not_to_be_relied_on():
    assert "0 of 3 networks were seen to forget" in html(ALIKE["memory times of nobody"])


def test_text_from_outside_is_escaped():
    strange = dataclasses.replace(RUN, version="<script>alert('&')</script>")
    assert "<script" not in html(strange)
    assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in html(strange)


def test_a_curve_keeps_its_peaks_when_it_is_thinned():
    t = np.linspace(0.0, 1.0, 100_001)
    y = np.ones_like(t)
    y[77_777], y[5] = 7.0, np.nan
    shown = card.picture([card.Curve(t, y)], "a peak")
    assert ">7</text>" in shown
    heights = [float(height) for height in re.findall(r"\d+\.\d (\d+\.\d)", shown)]
    assert min(heights) == 4.0
    assert len(heights) < 200


def test_nothing_to_draw_gives_no_picture():
    flat, nothing = np.ones(3), np.array([0.0, np.nan, np.inf])
    assert card.picture([], "") == card.picture([card.Curve(flat, flat)], "") == ""
    assert card.picture([card.Curve(np.arange(3.0), nothing)], "") == ""


def test_equilibria_are_a_tuple_that_prints_as_a_table():
    points = fc.equilibria(MODEL)
    assert isinstance(points, tuple)
    assert points == tuple(points)
    assert hash(points) == hash(tuple(points))
    lines = str(points).splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["0", "0"], ["1", "1.11928"], ["2", "2.91904"]]
    assert lines[0].split() == ["potential", "calcium", "kind", "eigenvalues"]
    assert "saddle" in lines[2]
    assert type(points[1:]) is fc.Equilibria
    assert type(points[::-1]) is fc.Equilibria
    assert points[1:] == tuple(points)[1:]
    assert points[-1] is tuple(points)[-1]
    assert repr(points[3:]) == "Equilibria: none"
    low, *_, high = points
    assert low.potential < high.potential
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(points, protocol))
        assert type(again) is fc.Equilibria
        assert again == points
    assert type(copy.deepcopy(points)) is fc.Equilibria
    with pytest.raises(IndexError):
        points[3]


def test_eigenvalues_that_are_complex_are_shown_as_such():
    focus = dataclasses.replace(fc.equilibria(MODEL)[0], eigenvalues=np.array([-1 + 2j, -1 - 2j]))
    assert "-1+2j, -1-2j" in html(focus)
