"""The benchmark: `make bench`, and `make bench-full` with 10^8 neurons and more sizes of the competitors.

Everything that is compared takes turns in one run; figures are medians with the least and the greatest, and the
ratios of medians come first. It writes RESULTS.md and RESULTS.json beside this file.
"""

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

import call_rows
import goals
import kernel_rows
import limit_peers
import numpy as np
import peers
import rare_rows
import replicates
from measure import Figure, LightLoop, processor

import facilis as fc

HERE = Path(__file__).parent
Rows = list[tuple[str, dict[str, Figure]]]


def measured(title: str, rows) -> tuple[str, Rows]:
    """Collect the rows of one table, showing each as it comes."""
    print(f"\n{title}", flush=True)
    found = []
    for name, figures in rows:
        found.append((name, figures))
        print(f"  {name}: " + ", ".join(f"{key} {figure}" for key, figure in figures.items()), flush=True)
    return title, found


def table(title: str, rows: Rows) -> str:
    """Return one table as Markdown: the ratio of each column to the last measure first."""
    if not rows:
        return ""
    names = list(rows[0][1])
    lines = [f"## {title}", "", "| | ratios to " + names[0] + " | " + " | ".join(names) + " |"]
    lines.append("| --- |" + " ---: |" * (len(names) + 1))
    for name, figures in rows:
        base = next(iter(figures.values())).median
        ratios = ", ".join(f"{key} {figure.median / base:.2f}" for key, figure in list(figures.items())[1:])
        cells = " | ".join(str(figures[key]) if key in figures else "" for key in names)
        lines.append(f"| {name} | {ratios} | {cells} |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    clock, light = time.perf_counter(), LightLoop()
    most = 10**8 if full else 10**7
    tables = [
        measured(
            "Time per spike at the upper equilibrium, ns (below N = 100 with a base rate)",
            kernel_rows.sizes(light, most),
        ),
        measured(
            "Memory times of small networks, ns per spike on one thread", kernel_rows.memory_times(light)
        ),
        measured("Rates and conventions, ns per spike", kernel_rows.rates()),
        measured("Situations, ns per spike", kernel_rows.situations()),
        measured("Grids, progress and the coupling", kernel_rows.extras()),
        measured("Calls from Python", call_rows.calls()),
    ]
    light.close()
    there = {
        name: peers.missing(name) is None for name in ("numba", "scipy", "brian2", "jitcode", "numbalsoda")
    }
    notes = [why for name in there if (why := peers.missing(name))]
    tables.append(measured("The limit equation by others", limit_peers.rows(there.__getitem__, notes)))
    if there["numba"]:
        sizes = (100, 1000, 10_000, 100_000, 10**6, 10**7) if full else (100, 10_000, 10**6)
        tables.append(measured("The kernel by Numba", peers.numba_rows(sizes)))
    if there["brian2"]:
        tables.append(measured("The kernel by Brian2", peers.brian2_rows()))
    many = [*replicates.rows(), *(rare_rows.rows() if full else ())]
    write(tables, many, notes, time.perf_counter() - clock)


def write(
    tables: list[tuple[str, Rows]], many: list[tuple[str, str]], notes: list[str], elapsed: float
) -> None:
    machine = {
        "processor": processor(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "facilis": fc.__version__,
        "date": time.strftime("%Y-%m-%d"),
        "load at the end": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
    data = {
        "machine": machine,
        "tables": {
            title: {name: {key: asdict(figure) for key, figure in figures.items()} for name, figures in rows}
            for title, rows in tables
        },
        "many networks": dict(many),
        "not measured": notes,
    }
    held = list(goals.goals({title: dict(rows) for title, rows in tables}, replicates.gain(many)))
    data["goals"] = [dict(zip(("goal", "wanted", "measured", "met"), goal, strict=True)) for goal in held]
    (HERE / "RESULTS.json").write_text(json.dumps(data, indent=1) + "\n")
    head = "\n".join(f"* {name}: {value}" for name, value in machine.items())
    others = "\n".join(f"| {name} | {value} |" for name, value in many)
    text = [
        "# What the benchmark measured",
        "",
        "Medians, with the least and the greatest in brackets; all columns of a row took turns in one run.",
        "",
        head,
        "",
        goals.table(held),
        *(table(title, rows) for title, rows in tables),
        "## Many networks",
        "",
        "| | |\n| --- | ---: |",
        others,
        "",
        *(f"* {note}" for note in notes),
    ]
    (HERE / "RESULTS.md").write_text("\n".join(text).rstrip() + "\n")
    print(f"\n{elapsed:.0f} s; RESULTS.md and RESULTS.json are in {HERE.name}/", file=sys.stderr)


if __name__ == "__main__":
    main()
