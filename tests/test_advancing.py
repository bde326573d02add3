"""Ctrl-C while a simulation takes and gives back what keeps two threads from advancing it."""

import dis
import sys
from itertools import pairwise

import pytest

import facilis as fc

CODE = fc.Simulation.advance.__code__


def moments():
    """Where the interpreter looks for signals in `advance`: at its beginning, and after calls."""
    steps = list(dis.get_instructions(CODE))
    after = [b.offset for a, b in pairwise(steps) if a.opname.startswith("CALL")]
    return [0, *after]


@pytest.mark.parametrize("moment", moments())
def test_ctrl_c_between_any_two_calls_leaves_the_simulation_free(moment):
    simulation = fc.Simulation(fc.Model.example("memory"), 5, potential=2.0, calcium=9.0, rng=1)
    struck = []

    def step(frame, event, _argument):
        if event == "opcode" and frame.f_lasti >= moment and not struck:
            struck.append(frame.f_lasti)
            raise KeyboardInterrupt
        return step

    def enter(frame, _event, _argument):
        if frame.f_code is not CODE:
            return None
        frame.f_trace_opcodes = True
        return step

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        simulation.advance(1.0)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    later = simulation.t + 1.0
    assert simulation.advance(later).t_stop == later
