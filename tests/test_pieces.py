"""Cutting a run into pieces, copying it and saving it change no bit of what follows."""

import numpy as np
import pytest
import runs
from hypothesis import given, settings
from hypothesis import strategies as st
from rates import RATES

import facilis as fc
from facilis import _core

UNTIL = 30.0
NONE = np.empty(0)
PULSES = (fc.Pulse(2.0, 5.0, 2.0), fc.Pulse(11.0, 11.5, 9.0))
MODELS = {
    "busy": fc.Model(0.5, 1.0, 0.1, RATES["table"][0], "after", "others"),
    "quiet": fc.Model(0.5, 20.0, 7.0, fc.Hill(1.0, 1.0, 2.0, base=0.02), "before", "all"),
    "dying": fc.Model(0.3, 1.0, 0.5, RATES["hill"][0], "before", "others"),
}
REGION = runs.above(potential=0.3, calcium=0.8)


def start(name, seed):
    return runs.simulation(MODELS[name], 9, np.linspace(0.5, 2.0, 9), 2.0, PULSES, seed)


def bits(sim):
    saved = sim.checkpoint()
    return {"cells": saved.pop("cells").tobytes()} | {name: repr(value) for name, value in saved.items()}


def ending(sim, region=None):
    """Go on to the end, looking on the way; return the spikes, how it ended, and the state's bits."""
    run = runs.record(sim, UNTIL, np.unique(np.linspace(sim.t, UNTIL, 7)), True, region, snapshots=[UNTIL])
    train = list(zip(run["spike_time"], run["spike_neuron"], strict=True))
    return train, repr(run["exit_time"]), run["stop"], bits(sim)


cuts = st.lists(st.floats(0.0, UNTIL), max_size=6).map(sorted)
names = st.sampled_from(sorted(MODELS))
seeds = st.integers(0, 2**32)


@settings(max_examples=150, deadline=None)
@given(names, seeds, cuts, st.booleans())
def test_the_pieces_are_the_whole(name, seed, cuts, watched):
    region = REGION if watched else None
    whole, pieces = start(name, seed), start(name, seed)
    train, exit_time, stop, state = ending(whole, region)
    parts, ended = [], None
    for cut in [*cuts, UNTIL]:
        if ended not in (None, "t_end", "extinct"):
            break
        part = runs.record(pieces, cut, (), True, region)
        parts += zip(part["spike_time"], part["spike_neuron"], strict=True)
        ended = part["stop"]
    assert parts == train
    assert (ended, repr(part["exit_time"])) == (stop, exit_time)
    if stop == "exit":  # how far ahead the candidates were decided by then is no part of the path
        assert ending(pieces) == ending(whole)
    else:
        assert bits(pieces) == state


@settings(max_examples=60, deadline=None)
@given(names, seeds, st.floats(0.0, UNTIL), st.integers(1, 200))
def test_a_run_goes_on_from_a_checkpoint_or_a_copy_bit_for_bit(name, seed, cut, spikes):
    whole = start(name, seed)
    runs.record(whole, cut, max_spikes=spikes)
    saved, copied = whole.checkpoint(), whole.copy(None)
    model = MODELS[name]
    pulses = _core.Stimulus([(p.start, p.stop, p.current) for p in PULSES])
    restored = _core.Simulation.restore(model._handle, pulses, saved)
    assert bits(restored) == bits(whole)
    assert ending(restored) == ending(copied) == ending(whole)


@settings(max_examples=60, deadline=None)
@given(names, seeds, st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_budgets_of_candidates_change_nothing(name, seed, budgets):
    whole, pieces = start(name, seed), start(name, seed)
    whole.trace(UNTIL)
    plan = _core.Recording(
        pieces, UNTIL, *([np.empty(0)] * 2), np.empty(0, np.uint32), False, None, 0.0, None
    )
    turn = 0
    while plan.advance(pieces, 8 + budgets[turn % len(budgets)]) is None:
        turn += 1
    assert pieces.spikes == whole.spikes
    assert pieces.proposals == whole.proposals


@pytest.mark.parametrize("name", MODELS)
def test_values_are_never_negative(name):
    for seed in range(20):
        sim = start(name, seed)
        times = np.linspace(0.0, UNTIL, 301)
        run = runs.record(sim, UNTIL, times, snapshots=times, watch=[0, 8])
        for key in ("potential", "calcium", "calcium_var", "snapshot_potential", "snapshot_calcium"):
            assert (run[key] >= 0.0).all(), key
        assert (np.diff(run["spike_count"]) >= 0).all()
        assert (run["watched_potential"] >= 0.0).all()
