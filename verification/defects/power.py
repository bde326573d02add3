"""The power of the catalogue: how many replicates each case needs to catch each known defect.

`python -m verification.defects.power` runs each build that build.py made and writes power.md and power.json. A
case catches a defect at the smallest of its sizes at which one of its checks fails in each of TRIES samples. For
the check that does so in the least time, if possible one that needs a part of the reduced set only, the power of
the reduced set is then measured by SAMPLES further samples of its size. All at half the catalogue's level, so that
the full set, which looks at the reduced one too, has at least the same power.
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

from .. import checks, simulators, verify
from ..case import Case, catalogue
from ..statistics import pvalue
from . import defects, environment

RESULTS = verify.HERE / "power.json"
PARTS = (1 / 16, 1 / 4, 1)  # of the reduced size
TRIES = 3
CONFIDENCE = 0.95  # of all bounds together
SAMPLES = 6000  # of each defect: without a miss they show a power of 0.999


@dataclass(frozen=True)
class Caught:
    """The check by which a case catches a defect: at how many replicates, and in how many seconds."""

    case: str
    check: int
    replicates: int
    seconds: float  # of a sample of the reduced set's size
    at_the_limit: bool  # whether it needs all of the reduced set


@dataclass(frozen=True)
class Power:
    """How often one check missed a defect, and what the power is at least."""

    case: str
    test: str
    caught_at: int
    reduced: int
    full: int
    samples: int
    missed: int
    at_least: float


def fails(case: Case, check: int, sample, seed: int) -> bool:
    """Tell whether one check of a case fails on a sample, at half the catalogue's level."""
    findings = checks.run(replace(case, checks=[case.checks[check]]), sample, seed)
    return any(finding.p < verify.level() / 2.0 for finding in findings)


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
            whole = seconds[quickest] * case.reduced / replicates
            return Caught(case.name, quickest, replicates, whole, replicates == case.reduced)
    return None


def measure(found: Caught, samples: int) -> Power:
    """Measure the power of one check on the reduced set."""
    (case,) = (case for case in catalogue(found.case) if case.name == found.case)
    seeds = range(10_000, 10_000 + samples)
    hits = sum(fails(case, found.check, simulators.kernel(case, case.reduced, s), s) for s in seeds)
    error = (1.0 - CONFIDENCE) / len(defects())
    at_least = float(stats.beta.ppf(error, hits, samples - hits + 1)) if hits else 0.0
    test = case.checks[found.check]["test"]
    sizes = found.replicates, case.reduced, case.replicates
    return Power(case.name, test, *sizes, samples, samples - hits, at_least)


def study(samples: int) -> dict:
    """Return what the present kernel's defect costs to catch: run in a process that has one."""
    tried = (caught(case) for case in catalogue() if case.reduced)
    found = [one for one in tried if one is not None]
    best = min(found, key=lambda one: (one.at_the_limit, one.seconds), default=None)
    power = best and asdict(measure(best, samples))
    return {"needed": {one.case: one.replicates for one in found}, "power": power}


def in_a_process(defect: str, samples: int) -> dict:
    """Run the study with a defect."""
    command = [sys.executable, "-W", "ignore", "-m", "verification.defects.power", "--one"]
    command += ["--samples", str(samples)]
    own = os.environ | environment(defect)
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    print(defect, result["power"], flush=True)
    return result


def report(studies: dict[str, dict]) -> bool:
    """Write power.md and power.json; return whether no defect was missed once."""
    words = {defect.name: defect.sentence for defect in defects()}
    lines = [
        "# Power",
        "",
        f"Level of each p-value {verify.level() / 2.0:.2e}: half the catalogue's. Sizes tried: {PARTS} of the "
        f"reduced set's. The bounds on power, by Clopper and Pearson, hold together with probability {CONFIDENCE}.",
        "",
        "| defect | cases that catch it | soonest | from | reduced set | missed | power at least | full set |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for defect, study in studies.items():
        cells = [words[defect], len(study["needed"])]
        if (power := study["power"]) is not None:
            cells += [
                f"`{power['case']}`, {power['test']}",
                power["caught_at"],
                power["reduced"],
                f"{power['missed']} of {power['samples']}",
                f"{power['at_least']:.5f}",
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
    RESULTS.write_text(json.dumps(studies, indent=1) + "\n")
    return all(study["power"] and study["power"]["missed"] == 0 for study in studies.values())


def main() -> int:
    """Return the exit code: 0 if every defect is caught."""
    parser = argparse.ArgumentParser(prog="verification.defects.power", description=__doc__.splitlines()[0])
    parser.add_argument("--one", action="store_true", help="study this process's own kernel; print JSON")
    parser.add_argument("--only", default="", help="renew what is known of this defect only")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of each defect, to measure its power")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.one:
        print(json.dumps(study(options.samples)))
        return 0
    every = [defect.name for defect in defects()]
    known = json.loads(RESULTS.read_text()) if options.only and RESULTS.exists() else {}
    chosen = [name for name in every if options.only in ("", name)]
    with ThreadPoolExecutor(options.jobs) as pool:
        known |= dict(
            zip(chosen, pool.map(in_a_process, chosen, [options.samples] * len(chosen)), strict=True)
        )
    return 0 if report({name: known[name] for name in every if name in known}) else 1


if __name__ == "__main__":
    sys.exit(main())
