"""Measurements that take turns, so that all of them see the same machine, and how they are summed up."""

import json
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Figure:
    """Least, median and greatest of some repetitions."""

    low: float
    median: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.3g} ({self.low:.3g} to {self.high:.3g})"


def in_turns(repeats: int, **measures: Callable[[], float]) -> dict[str, Figure]:
    """Call every measure in turn, `repeats` times, after a round that does not count."""
    for measure in measures.values():
        measure()
    rounds = [{name: float(measure()) for name, measure in measures.items()} for _ in range(repeats)]
    columns = {name: sorted(one[name] for one in rounds) for name in measures}
    return {name: Figure(c[0], statistics.median(c), c[-1]) for name, c in columns.items()}


def seconds(function: Callable[[], object], calls: int = 1) -> float:
    """Return the time of one call, over so many."""
    clock = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - clock) / calls


def built(bench: str) -> str:
    """Return the path of a program of benches/*.rs, built now."""
    command = ["cargo", "bench", "--locked", "--bench", bench, "--no-run", "--message-format=json"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    messages = [json.loads(line) for line in told.splitlines()]
    return next(m["executable"] for m in messages if m.get("executable"))


class LightLoop:
    """The light loop of benches/light.rs, which waits for its turn in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [built("light")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __call__(self, n: int, spikes: int) -> float:
        """Return nanoseconds per spike."""
        self.process.stdin.write(f"{n} {spikes}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
