"""What a sweep can vary: parts of a stimulus, a region or a model, and points with names."""

import numpy as np
import pytest

import facilis as fc

pytest.importorskip("xarray")

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)


def test_a_sweep_reaches_into_the_stimulus_and_the_region():
    over = {
        "stimulus.current": [1.0, 3.0],
        "stimulus.duration": [10.0, 20.0],
        "stimulus.start": [0.0, 2.0],
        "region.potential_above": [0.6, 0.7],
    }
    options = {"n": 20, "t_max": 200.0, "replicates": 10}
    base = {"stimulus": fc.Pulse(0.0, 5.0, 2.0), "region": REGION}
    data = fc.sweep(fc.memory_times, over=over, model=MODEL, rng=5, **options, **base)
    assert data.time.dims == (*over, "replicate")
    alone = fc.memory_times(
        MODEL,
        region=fc.Region.potential_above(0.6),
        stimulus=fc.Pulse(2.0, 22.0, 3.0),
        rng=np.random.SeedSequence(5, spawn_key=(14,)),
        **options,
    )
    named = dict(zip(over, (3.0, 20.0, 2.0, 0.6), strict=True))
    np.testing.assert_array_equal(data.time.sel(named), alone.time)
    assert data["stimulus.duration"].attrs["units"] == "time"
    assert data.mean_time.attrs["units"] == "time"
    np.testing.assert_array_equal(data.replicate, np.arange(10))
    two = [fc.Pulse(0.0, 5.0, 2.0), fc.Pulse(6.0, 8.0, 2.0)]
    with pytest.raises(ValueError, match="stimulus must be one Pulse"):
        fc.sweep(
            fc.memory_times,
            over={"stimulus.current": [1.0]},
            model=MODEL,
            region=REGION,
            stimulus=two,
            **options,
        )


def test_points_may_have_names():
    models = {"weak": MODEL.replace(alpha=0.1), "strong": MODEL.replace(alpha=0.4)}
    data = fc.sweep(lambda model, k: k * model.kappa, over={"model": models, "k": {"one": 1, "two": 2}})
    assert data["model"].values.tolist() == ["weak", "strong"]
    np.testing.assert_allclose(data["value"], [[1.0, 2.0], [4.0, 8.0]])
    named = fc.sweep(lambda model: model.kappa, over={"model": models, "beta": [1.0, 0.5]})
    np.testing.assert_allclose(named["value"].sel(model="strong"), [4.0, 8.0])
