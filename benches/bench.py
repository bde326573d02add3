"""Time per spike, memory per neuron, times of the limit, many networks: what `make bench` prints, as Markdown.

The model is the bistable example with alpha = 0.5; the network starts at its upper equilibrium and stays
there. Times are of one core, the median of five repetitions on one simulation that goes on.
"""

import platform
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import replicates

import facilis as fc

REPEATS = 5
SPIKES = 4_000_000  # in each repetition
SIZES = tuple(10**k for k in range(2, 8))
MODEL = fc.Model.example("bistable").replace(alpha=0.5)
UPPER = fc.equilibria(MODEL)[-1]
MEMORY_SIZE = 10**7


def simulation(n: int) -> fc.Simulation:
    return fc.Simulation(MODEL, n, potential=UPPER.potential, calcium=UPPER.calcium, rng=1)


def nanoseconds(sim: fc.Simulation, *, spikes: bool) -> float:
    """Go on for about SPIKES spikes; return the time per spike."""
    duration = SPIKES / (sim.n * MODEL.rate(UPPER.potential))
    run = sim.advance(sim.t + duration, grid=None, spikes=spikes)
    return 1e9 * run.stats.seconds / run.stats.spikes


def per_spike(n: int) -> tuple[float, float]:
    """Medians without and with all spikes recorded, alternating, so that both see the same machine."""
    sim = simulation(n)
    nanoseconds(sim, spikes=False)
    pairs = [(nanoseconds(sim, spikes=False), nanoseconds(sim, spikes=True)) for _ in range(REPEATS)]
    without, recorded = zip(*pairs, strict=True)
    return statistics.median(without), statistics.median(recorded)


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def bytes_per_neuron() -> float:
    before = resident()
    sim = simulation(MEMORY_SIZE)
    nanoseconds(sim, spikes=False)
    return (resident() - before) / sim.n


def limit_microseconds() -> float:
    """The limit over [0, 200] from Python, with a grid of two times: dense output is there all the same."""

    def once() -> float:
        clock = time.perf_counter()
        for _ in range(100):
            fc.solve_limit(MODEL, 200.0, potential=2.0, calcium=9.0, grid=2)
        return (time.perf_counter() - clock) / 100

    return 1e6 * statistics.median(once() for _ in range(REPEATS))


def basin_seconds() -> float:
    potential, calcium = np.linspace(0.0, 4.0, 1000), np.linspace(0.0, 20.0, 1000)[:, None]

    def once() -> float:
        clock = time.perf_counter()
        fc.basin(MODEL, potential, calcium)
        return time.perf_counter() - clock

    return statistics.median(once() for _ in range(REPEATS))


def rare_seconds() -> tuple[float, float, float]:
    """The mean life of 60 neurons on all cores, with its relative standard error, and the exponent on one."""
    model, region = fc.Model.example("bistable"), fc.Region.potential_above(0.7)
    clock = time.perf_counter()
    mean = fc.mean_memory(model, 60, region=region, rng=1)
    life = time.perf_counter() - clock
    error = mean.rates.std(ddof=1) / mean.rates.mean() / mean.rates.size**0.5
    clock = time.perf_counter()
    fc.escape_action(model)
    return life, error, time.perf_counter() - clock


def main() -> None:
    print(f"facilis {fc.__version__}, Python {platform.python_version()}, {platform.machine()}\n")
    print("| N | ns per spike | with all spikes recorded | ratio |")
    print("| ---: | ---: | ---: | ---: |")
    for n in SIZES:
        without, recorded = per_spike(n)
        print(f"| {n:,} | {without:.1f} | {recorded:.1f} | {recorded / without:.2f} |", flush=True)
    print("\n| | |\n| --- | ---: |")
    if sys.platform == "linux":
        print(f"| bytes per neuron, N = {MEMORY_SIZE:,} | {bytes_per_neuron():.1f} |")
    print(f"| `solve_limit` over [0, 200], from Python | {limit_microseconds():.0f} µs |")
    print(f"| `basin` of 1000 × 1000 starts | {1e3 * basin_seconds():.0f} ms |")
    life, error, action = rare_seconds()
    print(f"| `mean_memory` of 60 neurons, which remember for 5·10⁸, to {error:.1%} | {life:.1f} s |")
    print(f"| `escape_action` | {action:.1f} s |")
    for name, value in replicates.rows():
        print(f"| {name} | {value} |", flush=True)


if __name__ == "__main__":
    main()
