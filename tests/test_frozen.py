"""Frozen spike trains: a change of the numbers at a fixed seed is deliberate.

If the kernel is meant to change them, say so in CHANGELOG.md under "Changes the numbers" and write the file
anew: `python tests/test_frozen.py`.
"""

import json
from pathlib import Path

import pytest
import runs
from rates import RATES

import facilis as fc

FILE = Path(__file__).parent / "frozen" / "trains.json"
PULSES = (fc.Pulse(1.0, 2.0, 3.0), fc.Pulse(4.0, 4.2, 20.0))
KEPT = 12


def train(rate, n):
    model = fc.Model(
        0.5, 1.0, 0.2, RATES[rate][0], "after" if n == 3 else "before", "all" if n == 40 else "others"
    )
    sim = runs.simulation(model, n, 1.0, 2.0, PULSES, seed=n)
    run = runs.record(sim, 12.0, spikes=True)
    return {
        "spikes": sim.spikes,
        "proposals": sim.proposals,
        "neuron": run["spike_neuron"][-KEPT:].tolist(),
        "time": run["spike_time"][-KEPT:].tolist(),
        "means": list(sim.means()),
    }


def all_trains():
    return {f"{rate} {n}": train(rate, n) for rate in RATES for n in (3, 40)}


@pytest.mark.parametrize("n", [3, 40])
@pytest.mark.parametrize("rate", RATES)
def test_the_numbers_are_those_of_the_last_version(rate, n):
    frozen, now = json.loads(FILE.read_text())[f"{rate} {n}"], train(rate, n)
    for key in ("spikes", "proposals", "neuron"):
        assert now[key] == frozen[key], key
    # Machines differ in the last digit of an exponential.
    assert now["time"] == pytest.approx(frozen["time"], rel=1e-12)
    assert now["means"] == pytest.approx(frozen["means"], rel=1e-10)


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(all_trains(), indent=1) + "\n")
