"""Runs the catalogue: simulate, check, compare every p-value with one level, report."""

import json
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from . import checks
from .case import Case, catalogue
from .checks import Finding
from .sample import Sample

FALSE_ALARM = 1e-6  # for the whole catalogue
# Rounding, and quadrature of rates with corners, may make a p-value too small by a factor below this.
NUMERICS = 2.0
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Result:
    """The findings of one case."""

    case: Case
    replicates: int
    findings: list[Finding]
    seconds: float


@cache
def level() -> float:
    """Return the level of each p-value: the family's, divided by the number of p-values (Bonferroni)."""
    return FALSE_ALARM / NUMERICS / sum(checks.p_values(case) for case in catalogue())


def passes(result: Result) -> bool:
    """Tell whether no p-value of a case is below the level."""
    return all(finding.p >= level() for finding in result.findings)


def findings(case: Case, sample: Sample, seed: int) -> list[Finding]:
    """Check a sample, and its first replicates by themselves, as many as the reduced set has.

    Of both p-values the smaller is doubled. So what the reduced set refuses at half the level the full set
    refuses too, whatever more replicates do to a check.
    """
    whole = checks.run(case, sample, seed)
    if not 0 < case.reduced < len(sample) or len(whole) < checks.p_values(case):
        return whole
    first = checks.run(case, sample.head(case.reduced), seed)
    return [replace(f, p=min(1.0, 2.0 * min(f.p, g.p))) for f, g in zip(whole, first, strict=True)]


def examine(case: Case, sample: Sample, seed: int) -> Result:
    """Check one sample of a case."""
    start = time.perf_counter()
    return Result(case, len(sample), findings(case, sample, seed), time.perf_counter() - start)


def simulate_and_examine(case: Case, simulator, seed: int, replicates: int) -> Result:
    """Simulate replicates of a case and check them."""
    start = time.perf_counter()
    result = examine(case, simulator(case, replicates, seed), seed)
    return replace(result, seconds=time.perf_counter() - start)


def by_part(results: list[Result]) -> list[str]:
    """Return a table with a row per part of the catalogue."""
    lines = [
        "| part | cases | replicates | p-values | smallest | seconds |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for part in sorted({result.case.part for result in results}):
        mine = [result for result in results if result.case.part == part]
        p = [finding.p for result in mine for finding in result.findings]
        replicates, seconds = sum(r.replicates for r in mine), sum(r.seconds for r in mine)
        lines.append(f"| {part} | {len(mine)} | {replicates} | {len(p)} | {min(p):.1e} | {seconds:.0f} |")
    return lines


def report(results: list[Result], seed: int, directory: Path = HERE) -> bool:
    """Write report.md and report.json; return whether everything passed."""
    bar = level()
    count = sum(len(result.findings) for result in results)
    worst = min((finding.p for result in results for finding in result.findings), default=1.0)
    good = all(passes(result) for result in results)
    lines = [
        "# Verification report",
        "",
        f"{len(results)} cases, {count} p-values, seed {seed}. Level of each p-value {bar:.2e}: a correct "
        f"simulator fails anywhere with probability at most {FALSE_ALARM:.0e}. Smallest p-value {worst:.2e}. "
        f"Verdict: **{'pass' if good else 'FAIL'}**.",
        "",
        *by_part(results),
        "",
        "| case | quantity | observed | expected | draws | p | bound | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        for f in result.findings:
            verdict = "pass" if f.p >= bar else "**FAIL**"
            cells = (result.case.name, f.what, f.observed, f.expected, f.size, f"{f.p:.2e}", f.valid, verdict)
            lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    lines += ["", "## Cases", ""]
    for result in results:
        origins = sorted({f.origin for f in result.findings})
        lines.append(
            f"* `{result.case.name}` ({result.case.part}): {result.case.title}; {result.replicates} replicates, "
            f"{result.seconds:.1f} s. Expected values: {'; '.join(origins)}."
        )
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "report.md").write_text("\n".join(lines) + "\n")
    entries = [
        {
            "case": result.case.name,
            "replicates": result.replicates,
            "seconds": result.seconds,
            "findings": [asdict(f) | {"passes": f.p >= bar} for f in result.findings],
        }
        for result in results
    ]
    summary = {"seed": seed, "level": bar, "false_alarm": FALSE_ALARM, "passes": good, "cases": entries}
    (directory / "report.json").write_text(json.dumps(summary, indent=1, default=float) + "\n")
    return good
