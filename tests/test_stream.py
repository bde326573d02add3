"""Seeds: what stands for which stream, and that a result's entropy makes its run again."""

import numpy as np
import pytest
from numpy.random import MT19937, PCG64DXSM, Generator, RandomState, SeedSequence, default_rng

import facilis as fc
from facilis import seed as seeds

MODEL = fc.Model.example("memory")


def spikes(rng, **options):
    return fc.simulate(MODEL, 20, 10.0, potential=2.0, calcium=9.0, rng=rng, **options)


@pytest.mark.parametrize(
    ("rng", "entropy", "spawn_key"),
    [
        (1, 1, ()),
        (np.int64(1), 1, ()),
        (2**127 + 5, 2**127 + 5, ()),
        ([1, 2], (1, 2), ()),
        ((1, 2), (1, 2), ()),
        (np.array([1, 2]), (1, 2), ()),
        (range(3), (0, 1, 2), ()),
        (SeedSequence(1, spawn_key=(4, 5)), 1, (4, 5)),
        (SeedSequence([1, 2], spawn_key=(4,)), (1, 2), (4,)),
        (default_rng(1), 1, (0,)),
        (PCG64DXSM(1), 1, (0,)),
        (Generator(MT19937(SeedSequence(1, spawn_key=(3,)))), 1, (3, 0)),
    ],
)
def test_the_root_of_a_seed(rng, entropy, spawn_key):
    root = seeds.root(rng)
    assert root.entropy == entropy
    assert type(root.entropy) is type(entropy)
    assert root.spawn_key == spawn_key


def test_a_nested_seed_is_taken_where_numpy_takes_it():
    nested = [[1, 2], [3]]
    try:
        SeedSequence(nested)
    except TypeError:  # since NumPy 2.5
        with pytest.raises(TypeError, match=r"^rng must be"):
            seeds.root(nested)
    else:
        assert seeds.root(nested).entropy == (1, 2, 3)


def test_the_words_of_a_seed_are_those_of_numpy_s_generator():
    seed = SeedSequence([7, 8], spawn_key=(9,))
    state = PCG64DXSM(seed).state["state"]
    assert seeds.words(seeds.root(seed)) == (state["state"], state["inc"])


def test_no_seed_means_fresh_entropy():
    assert seeds.root(None).entropy != seeds.root(None).entropy
    assert not np.array_equal(spikes(None).spikes.time, spikes(None).spikes.time)


def test_a_seed_sequence_is_never_mutated_and_a_generator_is_spawned_from():
    seed = SeedSequence(1)
    first, second = spikes(seed), spikes(seed)
    assert seed.n_children_spawned == 0
    np.testing.assert_array_equal(first.spikes.time, second.spikes.time)
    generator = default_rng(1)
    before = generator.bit_generator.state
    first, second = spikes(generator), spikes(generator)
    assert generator.bit_generator.state == before
    assert (first.spawn_key, second.spawn_key) == ((0,), (1,))
    assert not np.array_equal(first.spikes.time, second.spikes.time)


@pytest.mark.parametrize("rng", [None, 3, [3, 4], SeedSequence(3, spawn_key=(1,)), default_rng(3)])
def test_a_result_s_entropy_makes_the_run_again(rng):
    run = spikes(rng)
    again = spikes(SeedSequence(run.entropy, spawn_key=run.spawn_key))
    np.testing.assert_array_equal(run.spikes.time, again.spikes.time)
    np.testing.assert_array_equal(run.spikes.neuron, again.spikes.neuron)
    assert (again.entropy, again.spawn_key) == (run.entropy, run.spawn_key)


def test_generators_seeded_the_old_way_are_told_apart_by_what_they_draw():
    roots = [seeds.root(RandomState(seed)._bit_generator).entropy for seed in (1, 1, 2)]
    assert roots[0] == roots[1] != roots[2]


def test_replicates_have_numpy_s_child_keys():
    child = SeedSequence([1, 2], spawn_key=(3,)).spawn(6)[5]
    replicate = seeds.replicate((1, 2), (3,), 5)
    np.testing.assert_array_equal(child.generate_state(8), replicate.generate_state(8))
