"""Many networks at once: spikes per second in all, time of an ensemble, cost of a replicate, gain of a thread.

The best of a few repetitions each: what else the machine does can only slow them down.
"""

import time

import facilis as fc

REPEATS = 5
MEMORY = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
START = {"potential": 2.0, "calcium": 9.0, "rng": 1}


def timed(function) -> tuple[float, object]:
    clock = time.perf_counter()
    result = function()
    return time.perf_counter() - clock, result


def memory_times(replicates: int, workers: int) -> fc.MemoryTimes:
    return fc.memory_times(
        MEMORY, 100, 5000.0, region=REGION, replicates=replicates, workers=workers, **START
    )


def speed(replicates: int, workers: int) -> float:
    """Millions of spikes per second in all."""
    seconds, found = timed(lambda: memory_times(replicates, workers))
    return found.spikes.sum() / seconds / 1e6


def ensemble_seconds() -> float:
    return timed(lambda: fc.ensemble(MEMORY, 10_000, 100.0, workers=2, grid=200, **START))[0]


def overhead_microseconds() -> float:
    """A replicate of ten neurons that ends before its first spike is likely, on one thread."""
    options = {"replicates": 200_000, "grid": None, "workers": 1, **START}
    return 1e6 * timed(lambda: fc.ensemble(MEMORY, 10, 1e-6, **options))[0] / options["replicates"]


def rows() -> list[tuple[str, str]]:
    most = max(speed(10_000, 2) for _ in range(2))
    # Alternating, so that both see the same machine.
    pairs = [(speed(2_000, 1), speed(2_000, 2)) for _ in range(REPEATS)]
    one, two = (max(speeds) for speeds in zip(*pairs, strict=True))
    return [
        ("10,000 memory times, N = 100, two threads", f"{most:.1f} million spikes/s"),
        ("gain of the second thread", f"× {two / one:.2f}"),
        ("100 networks, N = 10,000, to t = 100, two threads", f"{min_of(ensemble_seconds):.2f} s"),
        ("overhead per replicate", f"{min_of(overhead_microseconds):.1f} µs"),
    ]


def gain(found: list[tuple[str, str]]) -> float:
    """Return the gain of the second thread out of `rows`."""
    return float(dict(found)["gain of the second thread"].strip("× "))


def min_of(measure) -> float:
    return min(measure() for _ in range(REPEATS))
