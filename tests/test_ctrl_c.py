"""Ctrl-C in every public call that can last, once each; at many moments in `make soak`."""

import numpy as np
import pytest
from ctrl_c import answer
from long_calls import SOON, calls


@pytest.mark.slow
@pytest.mark.parametrize("name", calls())
def test_ctrl_c_ends_a_call_soon_and_all_goes_on(name):
    call, moments = calls()[name], np.random.default_rng(sum(name.encode()))
    while (found := answer(call.function, moments.uniform(0.0, call.seconds))) is None:
        call.after()
    assert min(found) < SOON
    call.after()
