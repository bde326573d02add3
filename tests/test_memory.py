"""Memory times: what exits when, against an independent program; replicates run again alone."""

import pickle

import numpy as np
import pytest
from scipy import stats
from verification.references.program import Networks, textbook

import facilis as fc

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
START = {"potential": 2.0, "calcium": 9.0}


@pytest.fixture(scope="module")
def memory():
    return fc.memory_times(MODEL, 50, 100.0, region=REGION, replicates=400, rng=1, **START)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "region"),
    [
        ({}, REGION),
        ({"transmits": "after", "recipients": "all"}, fc.Region.box(potential=(0.7, np.inf))),
        ({"rate": fc.Ramp(0.5, 2.0, 1.0)}, REGION & fc.Region.calcium_above(8.0)),
    ],
)
def test_memory_times_have_the_law_of_the_textbook_program(changes, region):
    """Two samples of 1500 at n = 15: Kolmogorov–Smirnov on times and shares of exits, level 1e-4 each."""
    model, until, m = MODEL.replace(**changes), 40.0, 1500
    ours = fc.memory_times(model, 15, until, region=region, replicates=m, rng=1, **START)
    networks = Networks(model, 15, replicates=m, **START)
    low = {"potential_above": region.potential[0], "calcium_above": max(region.calcium[0], 1e-300)}
    _, theirs = textbook(networks, model.rate, until, np.random.default_rng(2), **low)
    theirs = np.where(np.isnan(theirs), until, theirs)
    assert stats.ks_2samp(ours.time, theirs).pvalue > 1e-4
    assert np.count_nonzero(ours.exited) > 0


def test_memory_after_a_stimulus_from_rest():
    options = {"stimulus": fc.Pulse(1.0, 21.0, 1.2), "region": REGION, "replicates": 300, "rng": 1}
    found = fc.memory_times(MODEL, 40, 121.0, **options)
    assert found.exit_after == 21.0
    assert np.all(found.time[~found.exited] == 100.0)
    assert np.all(found.time > 0.0)  # the current alone holds the potential above 0.7
    late = fc.memory_times(MODEL, 40, 121.0, exit_after=25.0, **options)
    assert np.all(late.time[~late.exited] == 96.0)
    # Who left before and did not come back is outside when the watch begins.
    outside = late.time == 0.0
    assert 0 < outside.sum() < 300
    assert np.all(late.exited[outside])
    assert np.all(found.time[outside] <= 4.0)
    stayed = found.time > 4.0
    np.testing.assert_allclose(late.time[stayed], found.time[stayed] - 4.0, atol=1e-9)


def test_censored_is_who_is_still_inside(memory):
    assert 0 < np.count_nonzero(~memory.exited) < 400
    assert np.all(memory.time[~memory.exited] == 100.0)
    assert np.all(memory.time[memory.exited] <= 100.0)
    assert not memory.extinct.any()


def test_a_network_at_rest_that_will_still_leave_is_censored_only():
    """Alone, a neuron hears nobody: all leave at ln(2/0.7), whether they spike or not."""
    options = {"region": fc.Region.potential_above(0.7), "replicates": 30, "rng": 1, "potential": 2.0}
    early = fc.memory_times(MODEL, 1, 1.0, calcium=9.0, **options)
    assert not early.exited.any()
    assert not early.extinct.any()
    with pytest.warns(RuntimeWarning, match="0 of 30 networks were seen to forget"):
        assert early.mean().low <= np.log(2.0 / 0.7)


def test_rest_inside_the_region_is_memory_without_end():
    region = fc.Region.box(potential=(0.0, 5.0))
    options = {"region": region, "replicates": 50, "rng": 1, "potential": 0.5, "calcium": 1.0}
    found = fc.memory_times(MODEL, 20, 300.0, **options)
    assert found.extinct.any()
    assert not found.exited.any()
    assert np.all(found.time == 300.0)
    assert found.mean().value == np.inf
    # Some leave, but those at rest never will, however long the others are watched.
    box = {**options, "region": fc.Region.box(potential=(0.0, 1.6)), "potential": 1.2, "calcium": 7.0}
    mixed = fc.memory_times(MODEL, 20, 300.0, **box)
    assert mixed.exited.any()
    assert mixed.extinct.any()
    assert mixed.mean().value == np.inf
    with pytest.raises(ValueError, match="for ever"):
        mixed.exponential_test()
    for_ever = fc.memory_times(MODEL, 20, np.inf, **options)
    assert for_ever.extinct.all()
    assert np.all(for_ever.time == np.inf)
    assert for_ever.mean().value == for_ever.mean().low == np.inf
    assert for_ever.survival().probability[-1] == 1.0
    assert for_ever.restricted_mean(20.0).value == 20.0


def test_without_an_end_every_network_leaves():
    found = fc.memory_times(MODEL, 20, np.inf, region=REGION, replicates=50, rng=1, **START)
    assert found.exited.all()
    assert np.isfinite(found.time).all()


REGIONS = [
    REGION,
    fc.Region.calcium_above(8.0),
    REGION & fc.Region.calcium_above(7.0),
    fc.Region.basin(MODEL),
    fc.Region(curves=[([0.0, 1.0, 3.0], [9.5, 8.6, 5.0])]),
    fc.Region.box(potential=(0.5, 3.0), calcium=(6.0, 10.5)),
    fc.Region.half_plane(potential=1.0, calcium=0.1, above=1.9),
    fc.Region.half_plane(potential=1.0, calcium=-0.1, above=0.4) & fc.Region.basin(MODEL),
]


@pytest.mark.parametrize("region", REGIONS, ids=repr)
@pytest.mark.parametrize("rng", [1, [2, 3], np.random.SeedSequence(7, spawn_key=(4, 2**40))], ids=str)
def test_a_replicate_alone_exits_at_the_same_time_to_the_last_bit(region, rng):
    found = fc.memory_times(MODEL, 25, 300.0, region=region, replicates=150, rng=rng, **START)
    assert found.exited.any()
    for k in range(150):
        grid = [None, 997, np.linspace(0.0, 300.0, 3001), [found.time[k]]][k % 4]
        run = found.rerun(k, grid=grid, spikes=bool(k % 2))
        assert (run.stop == "exit") == found.exited[k]
        assert run.stats.spikes == found.spikes[k]
        if found.exited[k]:
            assert run.exit_time == found.time[k]


def test_a_replicate_alone_after_a_stimulus():
    pulses = [fc.Pulse(3.0, 20.0, 2.0), fc.Pulse(10.0, 23.0, 0.5)]
    found = fc.memory_times(MODEL, 30, 200.0, region=REGION, stimulus=pulses, replicates=60, rng=1)
    for k in range(60):
        run = found.rerun(k, grid=200, watch=[0])
        assert np.isnan(run.exit_time) != found.exited[k]
        assert not found.exited[k] or run.exit_time == found.time[k]


def test_replicates_have_numpy_s_child_seeds(memory):
    children = np.random.SeedSequence(1).spawn(3)
    for k, child in enumerate(children):
        run = fc.simulate(MODEL, 50, 100.0, exit_from=REGION, rng=child, grid=None, spikes=False, **START)
        expected = memory.time[k] if memory.exited[k] else np.nan
        np.testing.assert_equal(run.exit_time, expected)


def test_who_starts_apart_is_rerun_apart():
    potential = np.linspace(1.0, 3.0, 30)
    found = fc.memory_times(
        MODEL, 30, 1e4, region=REGION, replicates=20, rng=1, potential=potential, calcium=9.0
    )
    np.testing.assert_array_equal(found.start_potential, potential)
    assert [found.rerun(k, grid=None).exit_time for k in range(20)] == found.time.tolist()


def test_what_can_t_be_run_again_is_said(memory):
    for k in (400, -1):
        with pytest.raises(ValueError, match="k must be"):
            memory.rerun(k)
    with pytest.raises(TypeError, match="k must be"):
        memory.rerun(0.5)


def test_memory_times_go_to_files_and_elsewhere(memory, tmp_path):
    memory.save(tmp_path / "memory.npz")
    for other in (fc.load(tmp_path / "memory.npz"), pickle.loads(pickle.dumps(memory))):
        np.testing.assert_array_equal(other.time, memory.time)
        assert other.mean() == memory.mean()
        assert other.rerun(3, grid=None).exit_time == memory.time[3]
    data = memory.to_xarray()
    assert data.time.dims == ("replicate",)
    assert data.attrs["n"] == 50


def test_the_summary_counts_what_was_censored(memory):
    exits = np.count_nonzero(memory.exited)
    assert f"exits      {exits}, censored {400 - exits}" in memory.summary()
    assert f"{exits} of 400" in repr(memory)


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"t_max": 0.0}, ValueError, "t_max must be > exit_after"),
        ({"t_max": np.nan}, ValueError, "t_max must be"),
        ({"t_max": 30.0, "exit_after": 30.0}, ValueError, "t_max must be > exit_after = 30"),
        ({"region": None}, TypeError, "region must be a Region"),
        ({"region": fc.Region.potential_above(3.0)}, ValueError, "region must be a region with the network"),
        ({"potential": [1.0, 2.0]}, ValueError, "potential must be"),
        ({"n": 0}, ValueError, "n must be"),
        ({"model": 3}, TypeError, "model must be"),
        ({"rng": True}, TypeError, "rng must be"),
    ],
)
def test_bad_arguments_are_named(change, error, named):
    options = {"model": MODEL, "n": 10, "t_max": 50.0, "region": REGION} | START | change
    with pytest.raises(error, match=named):
        fc.memory_times(**options)
