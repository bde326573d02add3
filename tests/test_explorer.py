"""The explorer without a browser: what the sliders say, what is computed for it, and what the widget answers."""

import numpy as np
import pytest

import facilis as fc
from facilis.explorer.answers import MemorySurvey, picture
from facilis.explorer.settings import Settings

MEMORY = fc.Model.example("memory")


def test_a_slider_for_each_number_starts_at_its_value():
    settings = Settings(MEMORY, n=500)
    sliders = {slider.name: slider for slider in settings.sliders()}
    assert {"alpha", "beta", "lam", "rate.top", "rate.half", "rate.power", "rate.base", "n"} <= set(sliders)
    assert (sliders["alpha"].value, sliders["n"].value) == (0.22, 500)
    for slider in sliders.values():
        assert slider.low <= slider.value <= slider.high
        assert slider.low > 0.0 or not slider.logarithmic


@pytest.mark.parametrize(
    "rate",
    [
        fc.Constant(1.0),
        fc.Linear(0.02, base=0.1),
        fc.Sigmoid(1.0, -2.0, 0.5),
        fc.Ramp(0.5, 2.0, 1.0),
        fc.Exponential(0.1, 1.0, 5.0),
        fc.Table([0.0, 1.0, 2.0], [0.0, 1.0, 0.5]),
    ],
    ids=lambda rate: type(rate).__name__,
)
def test_every_rate_has_sliders_and_a_picture(rate):
    settings = Settings(MEMORY.replace(rate=rate), n=50)
    for slider in settings.sliders():
        assert slider.low <= slider.value <= slider.high
    answer = picture(settings)
    assert answer.arrays["run.t"].size > 0
    assert answer.arrays["limit.t"].size > 0


def test_changes_reach_the_model_its_rate_and_the_rest():
    settings = Settings(MEMORY).changed({"alpha": 0.3, "rate.half": 2.0, "n": 70, "pulse_current": 0.0})
    assert settings.model() == MEMORY.replace(alpha=0.3, rate=fc.Hill(1.0, 2.0, 4.0))
    assert (settings.n, settings.stimulus()) == (70, ())
    with pytest.raises(ValueError, match="alpha"):
        settings.changed({"alpha": -1.0})
    with pytest.raises(TypeError, match="alhpa"):
        settings.changed({"alhpa": 1.0})
    with pytest.raises(ValueError, match="potential"):
        settings.changed({"potential": np.inf})


def test_the_picture_is_that_of_the_run_and_of_the_limit():
    settings = Settings(MEMORY, n=200, potential=2.0, calcium=9.0, pulse_current=0.0, t_end=50.0)
    answer = picture(settings)
    assert answer.notes == []
    run = fc.simulate(MEMORY, 200, 50.0, potential=2.0, calcium=9.0, grid=500, rng=1)
    np.testing.assert_array_equal(answer.arrays["run.potential"], run.potential)
    assert answer.facts["spikes"] == len(run.spikes)
    assert [point[3] for point in answer.facts["equilibria"]] == [p.kind for p in fc.equilibria(MEMORY)]


def test_the_code_makes_the_run():
    settings = Settings(MEMORY, n=60, t_end=30.0, pulse_start=2.0, pulse_duration=5.0)
    namespace = {}
    exec(settings.code().split("axes =")[0], namespace)
    assert namespace["run"].stats.spikes == picture(settings).facts["spikes"]


def test_what_cannot_be_had_is_told_and_the_rest_is_shown():
    explosive = MEMORY.replace(rate=fc.Linear(5.0, base=1.0), alpha=5.0)
    answer = picture(Settings(explosive, n=50))
    assert any("limit" in note for note in answer.notes)
    assert answer.arrays["run.t"].size > 0


def test_a_survey_counts_networks_until_there_are_enough():
    survey = MemorySurvey(Settings(fc.Model.example("ghost"), n=20, threshold=0.7))
    answer = survey.more()
    assert answer.facts["networks"] >= 1
    for _ in range(500):
        if answer.facts["done"]:
            break
        answer = survey.more()
    assert answer.facts["networks"] >= 400
    assert answer.arrays["probability"][-1] == 0.0


def test_a_start_outside_what_counts_as_remembered_is_a_note():
    answer = MemorySurvey(Settings(MEMORY, n=20, pulse_current=0.0)).more()
    assert answer.facts["done"]
    assert "potential" in answer.notes[0]


def test_the_widget_answers_and_refuses():
    pytest.importorskip("anywidget")
    explorer = fc.explore(n=50)
    sent = []
    explorer.send = lambda content, buffers: sent.append((content, buffers))
    explorer._asked(explorer, {"kind": "picture", "number": 1, "values": {"alpha": 0.3}}, [])
    explorer._asked(explorer, {"kind": "memory", "number": 1}, [])
    explorer._asked(explorer, {"kind": "picture", "number": 2, "values": {"alpha": -0.3}}, [])
    assert [content["kind"] for content, _ in sent] == ["picture", "memory", "refused"]
    assert explorer.settings.model().alpha == 0.3
    content, buffers = sent[0]
    assert len(content["arrays"]) == len(buffers)
    t = np.frombuffer(buffers[content["arrays"].index("run.t")], "<f4")
    assert (t[0], t[-1]) == (0.0, 200.0)


def test_explore_refuses_what_is_no_model():
    with pytest.raises(TypeError, match="model"):
        fc.explore(fc.Hill(1.0, 1.0, 4))
