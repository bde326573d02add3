"""Results go into files and other libraries' forms, and come back from files unchanged."""

import dataclasses
import json
import sys

import numpy as np
import pytest
from short_runs import MODEL, make

import facilis as fc
from facilis import archive

RATES = [
    fc.Constant(0.7),
    fc.Linear(0.3, base=0.1),
    fc.Hill(1.0, 1.0, 4.0, base=1 / 3),
    fc.Sigmoid(1.5, 2.0, 0.3),
    fc.Ramp(0.5, 2.0, 1.2),
    fc.Exponential(0.1, 0.8, np.inf),
    fc.Table.from_function(np.tanh, upper=5.0, points=1000),
]
RUNS = {
    "plain": {},
    "nothing kept": {"grid": None, "spikes": False},
    "all kept": {"watch": [3, 1], "snapshots": [0.0, 2.5], "spikes": True},
    "chosen": {"spikes": [3, 1]},
    "pulses": {"stimulus": [fc.Pulse(1.0, 2.0, 3.0), fc.Pulse(1.5, 4.0, 1 / 3)]},
    "exit": {"exit_from": fc.Region.box((0.0, 2.1))},
    "big seed": {"rng": np.random.SeedSequence([2**127 + 1, 3], spawn_key=(4, 5))},
}


def assert_same(a, b):
    """Equal in every field, parts and types included."""
    assert type(a) is type(b)
    if isinstance(a, np.ndarray):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
    elif isinstance(a, fc.Run | fc.Spikes | fc.State | fc.Watched | fc.Snapshots):
        for field in dataclasses.fields(a):
            assert_same(getattr(a, field.name), getattr(b, field.name))
    else:
        assert a == b or (a != a and b != b)


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_a_run_comes_back_from_its_file(options, tmp_path):
    run = make(**options)
    run.save(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert_same(fc.load(tmp_path / "run"), run)
    run.save(str(tmp_path / "run"))
    assert_same(fc.load(str(tmp_path / "run")), run)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: type(rate).__name__)
def test_every_rate_comes_back(rate, tmp_path):
    run = make(MODEL.replace(rate=rate, alpha=0.01, transmits="after", recipients="all"))
    run.save(tmp_path / "run.npz")
    assert fc.load(tmp_path / "run.npz").model == run.model


def test_a_file_needs_no_pickle_and_numpy_can_read_it(tmp_path):
    run = make(watch=[2])
    run.save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["potential"], run.potential)
        np.testing.assert_array_equal(arrays["watched.calcium"], run.watched.calcium)
        assert json.loads(arrays["facilis"].item())["class"] == "Run"


def test_what_is_no_file_of_facilis_is_refused(tmp_path):
    path = tmp_path / "file.npz"
    with pytest.raises(FileNotFoundError):
        fc.load(path)
    np.savez(path, a=np.zeros(3))
    refused = pytest.raises(ValueError, match="path must be a file that facilis wrote")
    with refused:
        fc.load(path)
    for junk in (b"", b"junk", b"PK\x03\x04junk"):
        path.write_bytes(junk)
        with refused:
            fc.load(path)
    for name in ("os", "simulate", "__version__", "load", "Nothing"):
        archive.write(path, name, {})
        with pytest.raises(ValueError, match="path must be a file with a result of facilis"):
            fc.load(path)


def test_a_simulation_and_a_run_are_not_taken_for_each_other(tmp_path):
    fc.Simulation(MODEL, 5, rng=1).save(tmp_path / "simulation")
    make().save(tmp_path / "run")
    with pytest.raises(ValueError, match="with a result of facilis, got 'Simulation'"):
        fc.load(tmp_path / "simulation")
    with pytest.raises(ValueError, match=r"Simulation\.save"):
        fc.Simulation.load(tmp_path / "run")


def test_xarray_has_every_array_and_where_it_comes_from(tmp_path):
    pytest.importorskip("xarray")
    run = make(watch=[3, 1], snapshots=[0.0, 2.5], stimulus=fc.Pulse(1, 2, 3))
    data = run.to_xarray()
    assert data.sizes == {"t": 11, "watched": 2, "snapshot": 2, "neuron": 20, "spike": len(run.spikes)}
    np.testing.assert_array_equal(data.potential.sel(t=2.5), run.potential[5])
    np.testing.assert_array_equal(data.watched_potential, run.watched.potential)
    np.testing.assert_array_equal(data.snapshots_t, [0.0, 2.5])
    np.testing.assert_array_equal(data.spikes_neuron, run.spikes.neuron)
    assert data.final_t == 5.0
    assert fc.Model.from_json(data.attrs["model"]) == MODEL
    assert (data.attrs["n"], data.attrs["stop"], data.attrs["entropy"]) == (20, "t_end", 1)
    bare = make(grid=None, spikes=False, rng=2**127).to_xarray()
    assert "spikes_time" not in bare
    pytest.importorskip("h5netcdf")
    import xarray

    for number, dataset in enumerate((data, bare)):
        path = tmp_path / f"{number}.nc"
        dataset.to_netcdf(path, engine="h5netcdf")
        with xarray.open_dataset(path, engine="h5netcdf") as back:
            xarray.testing.assert_identical(back.load(), dataset)
        assert fc.load(path) == MODEL


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: type(rate).__name__)
def test_every_model_comes_back_from_netcdf(rate, tmp_path):
    pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    model = fc.Model(1 / 3, 1e-100, 0.1, rate, "after", "all")
    json.loads(model.to_json(), parse_constant=pytest.fail)  # JSON as others read it, without Infinity
    assert fc.Model.from_json(model.to_json()) == model
    over = {"alpha": [0.2, 0.3]}
    made = (fc.solve_limit(model, 1e-3).to_xarray(), fc.sweep(kappa, over=over, model=model))
    for k, data in enumerate(made):
        data.to_netcdf(tmp_path / f"{k}.nc", engine="h5netcdf")
        back = fc.load(tmp_path / f"{k}.nc")
        assert type(back.rate) is type(rate)
        assert back == model


def kappa(model):
    return model.kappa


def test_netcdf_without_a_model_is_refused(tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    path = tmp_path / "other.nc"
    for attributes in ({}, {"model": "Model()"}, {"model": 3}, {"model": "{}"}):
        xarray.Dataset(attrs=attributes).to_netcdf(path, engine="h5netcdf")
        with pytest.raises(
            ValueError, match=r"^path must be a file that facilis wrote, or NetCDF with a model, got .*other"
        ):
            fc.load(path)
    for start in (b"\x89HDF", b"CDF\x01"):
        path.write_bytes(start + b"junk" * 9)
        with pytest.raises(
            ValueError, match=r"^path must be a file that facilis wrote, or NetCDF with a model"
        ):
            fc.load(path)


def test_text_that_is_no_model_is_refused():
    good = json.loads(MODEL.to_json())
    bad = [
        "",
        "{",
        "3",
        "[]",
        "null",
        "[" * 100_000,
        json.dumps(good | {"alpha": -1.0}),
        json.dumps(good | {"alpha": True}),
        json.dumps(good | {"more": 1.0}),
        json.dumps(good | {"rate": {"class": "Rate"}}),
        json.dumps(good | {"rate": {"class": "os"}}),
        json.dumps(good | {"rate": {"class": []}}),
        json.dumps(good | {"rate": good["rate"] | {"half": None}}),
        json.dumps({name: value for name, value in good.items() if name != "beta"}),
    ]
    for text in bad:
        with pytest.raises(ValueError, match=r"^text must be the JSON of a model, got "):
            fc.Model.from_json(text)
    for text in (None, 3, b"{}", good):
        with pytest.raises(TypeError, match=r"^text must be the JSON of a model, got "):
            fc.Model.from_json(text)


def test_pandas_has_the_means():
    pytest.importorskip("pandas")
    run = make()
    frame = run.to_pandas()
    assert list(frame.columns) == ["potential", "calcium", "calcium_var", "spike_count"]
    assert frame.index.name == "t"
    np.testing.assert_array_equal(frame.index, run.t)
    np.testing.assert_array_equal(frame.potential, run.potential)


@pytest.mark.parametrize(
    ("method", "module", "extra"),
    [
        ("to_xarray", "xarray", "io"),
        ("to_pandas", "pandas", "io"),
        ("to_neo", "neo", "neuro"),
        ("to_pynapple", "pynapple", "neuro"),
    ],
)
def test_what_is_missing_is_named(method, module, extra, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf"this needs {module}: pip install facilis\[{extra}\]"):
        getattr(make(), method)()


def test_a_path_that_is_no_file_is_named_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in ("", tmp_path / "folder"):
        with pytest.raises(ValueError, match="path must be the path of a file"):
            make().save(path)
    assert [found.name for found in tmp_path.iterdir()] == ["folder"]
