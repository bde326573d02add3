"""The power of the catalogue: how many replicates each case needs to catch each known defect.

`python -m verification.power` runs the kernel with each defect of defects.json (build_mutants.sh builds it) and
writes power.md and power.json. A case catches a defect at the smallest of its sizes at which one of its checks
fails, at the catalogue's level, in each of TRIES samples. For the check that does so in the least time the power
at TWICE that size is then measured by SAMPLES further samples, and given with its Clopper–Pearson bound.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace

from scipy import stats

from . import checks, pvalue, simulators, verify
from .case import Case, catalogue

DEFECTS = verify.HERE / "defects.json"
SITE = verify.HERE.parent / "target" / "mutants" / "site"
PARTS = (0.03125, 0.125, 0.5, 1.0)  # of the reduced size
TRIES = 3
SAMPLES = 3000  # without a miss they show a power of POWER
POWER = 0.999
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Caught:
    """The check by which a case catches a defect: at how many replicates, and in how many seconds."""

    case: str
    check: int
    replicates: int
    seconds: float


@dataclass(frozen=True)
class Power:
    """How often one check missed a defect, and what the power is at least."""

    case: str
    test: str
    replicates: int
    reduced: int
    full: int
    samples: int
    missed: int
    at_least: float


def fails(case: Case, check: int, sample, seed: int) -> bool:
    """Tell whether one check of a case fails on a sample at the catalogue's level."""
    findings = checks.run(replace(case, checks=[case.checks[check]]), sample, seed)
    return any(finding.p < verify.level() for finding in findings)


def sizes(case: Case) -> list[int]:
    """Return the numbers of replicates to try, increasing."""
    least = pvalue.LEAST if any(spec["test"] == "program" for spec in case.checks) else 2
    return sorted({max(least, round(part * case.reduced)) for part in PARTS})


def caught(case: Case) -> Caught | None:
    """Find the smallest size at which one check fails in every sample; of several such, the quickest."""
    for replicates in sizes(case):
        seconds = dict.fromkeys(range(len(case.checks)), 0.0)
        for seed in range(TRIES):
            start = time.process_time()
            sample = simulators.kernel(case, replicates, 1000 + seed)
            simulated = time.process_time() - start
            for check in list(seconds):
                start = time.process_time()
                if fails(case, check, sample, 1000 + seed):
                    seconds[check] = simulated + time.process_time() - start
                else:
                    del seconds[check]
            if not seconds:
                break
        if seconds:
            quickest = min(seconds, key=seconds.get)
            return Caught(case.name, quickest, replicates, seconds[quickest])
    return None


def measure(found: Caught) -> Power:
    """Measure the power of one check at twice the size at which it caught the defect."""
    (case,) = (case for case in catalogue(found.case) if case.name == found.case)
    size = min(2 * found.replicates, case.reduced)
    seeds = range(10_000, 10_000 + SAMPLES)
    hits = sum(fails(case, found.check, simulators.kernel(case, size, seed), seed) for seed in seeds)
    at_least = float(stats.beta.ppf(1.0 - CONFIDENCE, hits, SAMPLES - hits + 1)) if hits else 0.0
    test = case.checks[found.check]["test"]
    return Power(case.name, test, size, case.reduced, case.replicates, SAMPLES, SAMPLES - hits, at_least)


def study() -> dict:
    """Return what the present kernel's defect costs to catch: run in a process that has one."""
    tried = (caught(case) for case in catalogue() if case.reduced)
    found = [one for one in tried if one is not None]
    best = measure(min(found, key=lambda one: one.seconds)) if found else None
    return {"needed": {one.case: one.replicates for one in found}, "power": best and asdict(best)}


def in_a_process(defect: str) -> dict:
    """Run the study with a defect."""
    environment = os.environ | {"FACILIS_DEFECT": defect, "PYTHONPATH": str(SITE)}
    command = [sys.executable, "-W", "ignore", "-m", "verification.power", "--one"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    print(defect, result["power"], flush=True)
    return result


def report(studies: dict[str, dict]) -> bool:
    """Write power.md and power.json; return whether every defect is shown to be caught with the POWER."""
    words = json.loads(DEFECTS.read_text())
    lines = [
        "# Power",
        "",
        f"Level of each p-value {verify.level():.2e}; bounds at {CONFIDENCE:.0%}. Sizes tried: {PARTS} of the "
        f"reduced set's; power measured at twice the size at which {TRIES} samples of {TRIES} fail.",
        "",
        "| defect | cases that catch it | soonest | replicates | missed | power at least | reduced | full |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for defect, study in studies.items():
        cells = [words[defect], len(study["needed"])]
        if (power := study["power"]) is not None:
            cells += [
                f"`{power['case']}`, {power['test']}",
                power["replicates"],
                f"{power['missed']} of {power['samples']}",
                f"{power['at_least']:.4f}",
                power["reduced"],
                power["full"],
            ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", f"Replicates at which all of {TRIES} samples fail, by case:", ""]
    lines += ["| case | " + " | ".join(studies) + " |", "| --- |" + " ---: |" * len(studies)]
    for case in catalogue():
        if case.reduced:
            cells = (str(study["needed"].get(case.name, "")) for study in studies.values())
            lines.append(f"| {case.name} | " + " | ".join(cells) + " |")
    (verify.HERE / "power.md").write_text("\n".join(lines) + "\n")
    (verify.HERE / "power.json").write_text(json.dumps(studies, indent=1) + "\n")
    return all(study["power"] and study["power"]["at_least"] >= POWER for study in studies.values())


def main() -> int:
    """Return the exit code: 0 if every defect is caught."""
    parser = argparse.ArgumentParser(prog="verification.power", description=__doc__.splitlines()[0])
    parser.add_argument("--one", action="store_true", help="study this process's own kernel; print JSON")
    parser.add_argument("--only", default="", help="defects whose names contain this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.one:
        print(json.dumps(study()))
        return 0
    defects = [name for name in json.loads(DEFECTS.read_text()) if options.only in name]
    with ThreadPoolExecutor(options.jobs) as pool:
        studies = list(pool.map(in_a_process, defects))
    return 0 if report(dict(zip(defects, studies, strict=True))) else 1


if __name__ == "__main__":
    sys.exit(main())
