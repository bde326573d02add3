"""Ctrl-C at random moments of every public call that can last: soon it ends, and everything can be used again."""

import numpy as np
import pytest
from tests.ctrl_c import answer
from tests.long_calls import SOON, calls

MOMENTS = 210


@pytest.fixture(scope="module")
def tried():
    return {}


@pytest.mark.parametrize("name", calls())
def test_ctrl_c_is_heard_soon(name, tried, figure):
    call, moments, answers = calls()[name], np.random.default_rng(), []
    for _ in range(4 * MOMENTS):
        if (found := answer(call.function, moments.uniform(0.0, call.seconds))) is not None:
            answers.append(found)
        call.after()
        if len(answers) >= MOMENTS / len(calls()):
            break
    tried[name] = len(answers)
    seconds, worked = np.max(answers, axis=0)
    text = f"s, {worked:.3f} s of the processor: the latest answer to Ctrl-C of {len(answers)}, {name}"
    figure(text, f"{seconds:.3f}")
    assert min(seconds, worked) < SOON


def test_as_many_moments_were_tried_as_is_said(tried, figure):
    figure("moments at which Ctrl-C was pressed", sum(tried.values()))
    assert len(tried) < len(calls()) or sum(tried.values()) >= 200
