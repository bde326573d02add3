"""A network as large as the memory, and what large ensembles take beside their results."""

import subprocess
import sys

import pytest

from facilis import ram

NEURONS = 10**9
LARGE = f"""
from pathlib import Path
import facilis as fc
model = fc.Model.example("bistable")
run = fc.simulate(model, {NEURONS}, 1e-3, potential=2.9, calcium=9.8, grid=None, spikes=False, final=False, rng=1)
lines = Path("/proc/self/status").read_text().splitlines()
print(run.stats.spikes, 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures by Linux's means")
def test_a_network_of_a_billion_neurons_takes_16_bytes_for_each(figure):
    if (ram.available() or 0) < 17 * NEURONS:
        pytest.skip("less than 17 GB of memory are available")
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    spikes, peak = map(int, done.stdout.split())
    figure("bytes per neuron at the peak, of a network of 10⁹", f"{peak / NEURONS:.2f}")
    assert spikes > 10**5
    assert peak < 16.5 * NEURONS
