"""The power of the catalogue: how many replicates each case needs to catch each known defect.

`python -m verification.power` runs the kernel with each defect of defects.json (build_mutants.sh builds it) and
writes power.md and power.json. A case catches a defect at the smallest sample, among those tried, at which
all of SEEDS samples fail at the catalogue's level. The power at TWICE that size, for the cheapest case that
catches the defect, is then measured directly by many more samples and given with its Clopper–Pearson bound.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from scipy import stats

from . import checks, pvalue, simulators, verify
from .case import Case, catalogue

DEFECTS = verify.HERE / "defects.json"
SITE = verify.HERE.parent / "target" / "mutants" / "site"
PARTS = (0.03125, 0.125, 0.5, 1.0)  # of the reduced size
SEEDS = 3
ENOUGH = 3000  # samples without a miss show a power of at least 0.999 at 95 %


def catches(case: Case, replicates: int, seed: int, bar: float) -> bool:
    """Tell whether one sample of a case fails."""
    findings = checks.run(case, simulators.kernel(case, replicates, seed), seed)
    return any(finding.p < bar for finding in findings)


def needed(case: Case, bar: float) -> tuple[int, float] | None:
    """Return the smallest of the sizes tried at which every sample fails, and the seconds that one takes."""
    least = pvalue.LEAST if any(spec["test"] == "program" for spec in case.checks) else 2
    for part in PARTS:
        replicates = max(least, round(part * case.reduced))
        if replicates >= case.replicates:
            return None
        start = time.process_time()
        if all(catches(case, replicates, 1000 + k, bar) for k in range(SEEDS)):
            return replicates, (time.process_time() - start) / SEEDS
    return None


def study(seconds: float) -> dict:
    """Return what the present kernel's defect costs to catch: run in a process that has one."""
    bar, table, cost = verify.level(), {}, {}
    for case in catalogue():
        if case.reduced and (found := needed(case, bar)) is not None:
            table[case.name], cost[case.name] = found
    if not table:
        return {"needed": {}, "best": None}
    best = min(cost, key=cost.get)
    (case,) = (case for case in catalogue(best) if case.name == best)
    size, tried, missed = min(2 * table[best], case.replicates), 0, 0
    start = time.process_time()
    while tried < ENOUGH and time.process_time() - start < seconds:
        missed += not catches(case, size, 10_000 + tried, bar)
        tried += 1
    bound = float(stats.beta.ppf(0.05, tried - missed, missed + 1)) if tried > missed else 0.0
    return {
        "needed": table,
        "best": best,
        "size": size,
        "full": case.replicates,
        "tried": tried,
        "missed": missed,
        "power": bound,
    }


def in_a_process(defect: str, seconds: float) -> dict:
    """Run the study with a defect."""
    environment = os.environ | {"FACILIS_DEFECT": defect, "PYTHONPATH": str(SITE)}
    command = [sys.executable, "-W", "ignore", "-m", "verification.power", "--one", "--seconds", str(seconds)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    print(defect, done.stdout.strip()[-150:], flush=True)
    return json.loads(done.stdout)


def report(studies: dict[str, dict]) -> bool:
    """Write power.md and power.json; return whether every defect is caught and no sample missed one."""
    words = json.loads(DEFECTS.read_text())
    good = all(study["best"] is not None and study["missed"] == 0 for study in studies.values())
    lines = [
        "# Power",
        "",
        f"Level of each p-value {verify.level():.2e}. Sizes tried: {PARTS} of the reduced set's.",
        "",
        "| defect | cases that catch it | cheapest case | replicates | power there | in the full catalogue |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for defect, study in studies.items():
        if study["best"] is None:
            lines.append(f"| {words[defect]} | none | | | | |")
            continue
        power = f"≥ {study['power']:.5f} ({study['missed']} missed of {study['tried']})"
        cells = (words[defect], len(study["needed"]), study["best"], study["size"], power, study["full"])
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", "Replicates at which all of three samples fail, by case:", ""]
    names = [case.name for case in catalogue() if case.reduced]
    lines += ["| case | " + " | ".join(studies) + " |", "| --- |" + " --- |" * len(studies)]
    for name in names:
        cells = (str(study["needed"].get(name, "")) for study in studies.values())
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    (verify.HERE / "power.md").write_text("\n".join(lines) + "\n")
    (verify.HERE / "power.json").write_text(json.dumps(studies, indent=1) + "\n")
    return good


def main() -> int:
    """Return the exit code: 0 if every defect is caught."""
    parser = argparse.ArgumentParser(prog="verification.power", description=__doc__.splitlines()[0])
    parser.add_argument("--one", action="store_true", help="study this process's own kernel; print JSON")
    parser.add_argument("--only", default="", help="defects whose names contain this")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="for the direct measurement of each power"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.one:
        print(json.dumps(study(options.seconds)))
        return 0
    defects = [name for name in json.loads(DEFECTS.read_text()) if options.only in name]
    with ThreadPoolExecutor(options.jobs) as pool:
        studies = list(pool.map(in_a_process, defects, [options.seconds] * len(defects)))
    return 0 if report(dict(zip(defects, studies, strict=True))) else 1


if __name__ == "__main__":
    sys.exit(main())
