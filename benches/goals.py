"""What the measured ratios are held against: each goal, what was measured, and whether it is met."""

from collections.abc import Iterator

from measure import Figure

Tables = dict[str, dict[str, dict[str, Figure]]]
Goal = tuple[str, str, str, bool]  # goal, limit, measured, met

LIGHT = {"N = 100": 1.2} | {f"N = {10**k:,}": 1.0 for k in range(3, 8)}
MEMORY = {20: 4.5, 50: 2.5, 100: 2.0, 200: 2.0, 400: 2.0}
CALLS = {"equilibria": 50.0, "simulate": 60.0, "model": 10.0}
TIMES_FASTER = {"smart_numba": 3.0, "textbook_numba": 1000.0, "brian2": 30.0}


def ratio(row: dict[str, Figure], one: str, other: str) -> float:
    return row[one].median / row[other].median


def most(goal: str, value: float, limit: float) -> Goal:
    return goal, f"≤ {limit:g}", f"{value:.3g}", bool(value <= limit)


def least(goal: str, value: float, limit: float) -> Goal:
    return goal, f"≥ {limit:g}", f"{value:.3g}", bool(value >= limit)


def goals(tables: Tables, threads: float) -> Iterator[Goal]:
    """Compare all that was measured with what is wanted; medians are compared."""
    sizes, memory, rates, situations, extras, calls, *others = tables.values()
    for name, limit in LIGHT.items():
        if name in sizes:
            yield most(f"light loops at {name}", ratio(sizes[name], "kernel", "light"), limit)
            yield most(f"recording all spikes at {name}", ratio(sizes[name], "recorded", "kernel"), 1.15)
    for n, limit in MEMORY.items():
        row = memory[f"memory times, N = {n}"]
        yield most(f"light loops, memory times, N = {n}", ratio(row, "kernel", "light"), limit)
    yield least("gain of a second thread", threads, 1.9)
    for name, row in (rates | situations).items():
        yield most(f"Hill's figure, {name}", ratio(row, "kernel", "hill"), 1.5)
    for name, row in extras.items():
        if "plain" in row:
            yield most("a grid of 1000 points", ratio(row, "grid_1000", "plain"), 1.02)
            yield most("a progress bar", ratio(row, "progress", "plain"), 1.01)
            yield most("couple", ratio(row, "couple", "plain"), 2.5)
        else:
            yield most(name, row["building"].median, 10.0)
    by_call, importing = calls.values()
    for name, limit in CALLS.items():
        yield most(f"{name}, µs", by_call[name].median, limit)
    yield most("solve_limit, of its time in Rust", ratio(by_call, "solve_limit", "solve_limit_in_rust"), 1.4)
    yield most("import beyond NumPy's, ms", importing["facilis"].median - importing["numpy"].median, 120.0)
    for name, row in (pair for table in others for pair in table.items()):
        for peer in row.keys() - {"kernel", "facilis"}:
            if "facilis" in row:
                yield least(f"{peer}'s time, {name}", ratio(row, peer, "facilis"), 1.0)
            else:
                yield least(f"{peer}'s time, {name}", ratio(row, peer, "kernel"), TIMES_FASTER[peer])


def table(found: list[Goal]) -> str:
    """Return the goals as Markdown, those that are missed first."""
    lines = ["## Goals", "", "| | wanted | measured | |", "| --- | ---: | ---: | --- |"]
    for goal, limit, value, met in sorted(found, key=lambda one: one[3]):
        lines.append(f"| {goal} | {limit} | {value} | {'met' if met else '**missed**'} |")
    return "\n".join([*lines, ""])
