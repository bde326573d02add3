"""Ensembles: rows are runs, and moments across them have the errors that they say."""

import numpy as np
import pytest

import facilis as fc
from facilis.replicates import ensemble as room

MODEL = fc.Model.example("bistable")
START = {"potential": 2.9, "calcium": 9.8}


@pytest.fixture(scope="module")
def ensemble():
    return fc.ensemble(MODEL, 40, 20.0, replicates=50, grid=21, rng=1, **START)


def test_rows_are_the_runs(ensemble):
    assert ensemble.potential.shape == ensemble.calcium.shape == (50, 21)
    for k in (0, 17, 49):
        run = ensemble.rerun(k, grid=21)
        np.testing.assert_array_equal(run.potential, ensemble.potential[k])
        np.testing.assert_array_equal(run.calcium, ensemble.calcium[k])
        assert (run.stats.spikes, run.stop) == (ensemble.spikes[k], ensemble.stop[k])


def test_moments_are_numpy_s(ensemble):
    for name in ("potential", "calcium"):
        rows = getattr(ensemble, name)
        np.testing.assert_allclose(ensemble.mean(name), rows.mean(axis=0), rtol=1e-14)
        np.testing.assert_allclose(ensemble.std(name), rows.std(axis=0, ddof=1), rtol=1e-12)
        np.testing.assert_allclose(ensemble.error(name), rows.std(axis=0, ddof=1) / 50**0.5, rtol=1e-12)


def test_after_an_early_stop_there_is_nothing():
    region = fc.Region.potential_above(0.7)
    model = fc.Model.example("memory")
    found = fc.ensemble(
        model, 40, 60.0, replicates=80, grid=61, exit_from=region, rng=1, potential=2.0, calcium=9.0
    )
    left = found.stop == "exit"
    assert 0 < left.sum() < 80
    np.testing.assert_array_equal(np.isnan(found.exit_time), ~left)
    expected = found.t[None, :] > np.where(left, found.exit_time, np.inf)[:, None]
    np.testing.assert_array_equal(np.isnan(found.potential), expected)
    np.testing.assert_array_equal(found.count(), (~expected).sum(axis=0))
    some = found.count() > 1
    assert np.isfinite(found.mean("potential")[some]).all()
    np.testing.assert_allclose(found.mean("calcium"), np.nanmean(found.calcium, axis=0), rtol=1e-13)
    memory = fc.memory_times(model, 40, 60.0, region=region, replicates=80, rng=1, potential=2.0, calcium=9.0)
    np.testing.assert_array_equal(memory.time[left], found.exit_time[left])


def test_of_one_network_there_is_no_variance():
    found = fc.ensemble(MODEL, 10, 5.0, replicates=1, grid=3, rng=1, **START)
    with pytest.raises(ValueError, match="replicates must be at least 2 for a variance, got 1"):
        found.std("potential")
    np.testing.assert_array_equal(found.mean("potential"), found.potential[0])


def test_an_explosion_is_an_early_stop():
    model = fc.Model(1.0, 1.0, 1.0, fc.Linear(5.0, 1.0))
    found = fc.ensemble(model, 50, 10.0, replicates=3, potential=5.0, rng=1, grid=101)
    assert (found.stop == "explosion").all()
    reached = found.t <= found.t_stop[:, None]
    np.testing.assert_array_equal(np.isnan(found.potential), ~reached)
    assert reached.any(axis=1).all()
    region = fc.Region.potential_above(1.0)
    with pytest.raises(RuntimeError, match="replicate 0 exploded at t ="):
        fc.memory_times(model, 50, 10.0, region=region, replicates=3, potential=5.0, rng=1)


@pytest.mark.parametrize("of", ["mean", "std", "var"])
def test_errors_are_the_spread_of_repetitions(of):
    """200 ensembles of 60: their moments spread as the errors say, to 5/sqrt(2·200) = 25 %."""
    values, errors = [], []
    whole = fc.ensemble(MODEL, 10, 5.0, replicates=12_000, grid=[5.0], rng=2, **START)
    for k in range(200):
        part = slice(60 * k, 60 * (k + 1))
        fields = {"potential": whole.potential[part], "calcium": whole.calcium[part]}
        one = type(whole)(**{**vars(whole), **fields})
        values.append(getattr(one, of)("calcium")[0])
        errors.append(one.error("calcium", of=of)[0])
    assert np.std(values) == pytest.approx(np.sqrt(np.mean(np.square(errors))), rel=0.25)


def test_extinct_networks_go_on_to_the_end():
    found = fc.ensemble(MODEL, 5, 200.0, replicates=20, grid=5, rng=1, potential=0.1)
    assert np.all(found.stop == "extinct")
    assert not np.isnan(found.potential).any()
    assert np.all(found.t_stop == 200.0)


def test_an_ensemble_goes_to_files_and_elsewhere(ensemble, tmp_path):
    ensemble.save(tmp_path / "ensemble.npz")
    again = fc.load(tmp_path / "ensemble.npz")
    np.testing.assert_array_equal(again.potential, ensemble.potential)
    assert again.stop.tolist() == ensemble.stop.tolist()
    assert ensemble.to_xarray().potential.dims == ("replicate", "t")


def test_unknown_quantities_are_named(ensemble):
    with pytest.raises(ValueError, match="quantity must be 'potential' or 'calcium'"):
        ensemble.mean("spikes")
    with pytest.raises(ValueError, match="of must be"):
        ensemble.error("calcium", of="median")
    with pytest.raises(ValueError, match="k must be"):
        ensemble.rerun(50)
    with pytest.raises(ValueError, match="exit_from must be"):
        fc.ensemble(MODEL, 5, 5.0, exit_from=fc.Region.potential_above(0.7))


def test_moments_are_computed_in_parts_to_the_same_bits(monkeypatch):
    made = fc.ensemble(MODEL, 5, 50.0, potential=2.0, calcium=9.0, replicates=7, grid=11, rng=1)
    whole = {name: getattr(made, name)("potential") for name in ("mean", "var", "error")}
    monkeypatch.setattr(room, "_BLOCK", 1)
    for name, values in whole.items():
        np.testing.assert_array_equal(getattr(made, name)("potential"), values)
