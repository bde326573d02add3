"""Test the wheel of target/wheels as users get it: `make wheel-test` does it.

It is installed into a fresh environment for each interpreter that is found, and once with the lowest versions of
NumPy, SciPy and matplotlib that are allowed. There is no Rust on the path. The quick tests run there.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "target" / "wheel-test"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MINORS = range(11, 15)
WHERE = """
import facilis, sys
assert facilis.__file__.startswith(sys.prefix), facilis.__file__
print("facilis", facilis.__version__, "on Python", sys.version.split()[0])
"""


def works(python: str, minor: int) -> bool:
    """Whether a command is a Python of that version: a shim may be none."""
    code = f"import sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def interpreter(minor: int) -> str | None:
    """Find a Python of that version on the path, or by pyenv."""
    found = [shutil.which(f"python3.{minor}")]
    if pyenv := shutil.which("pyenv"):
        versions = subprocess.run(
            [pyenv, "versions", "--bare"], capture_output=True, text=True
        ).stdout.split()
        for version in versions:
            if re.fullmatch(rf"3\.{minor}\.\d+", version):
                prefix = subprocess.run([pyenv, "prefix", version], capture_output=True, text=True).stdout
                found.append(str(Path(prefix.strip(), "bin", "python")))
    return next((python for python in found if python and works(python, minor)), None)


def lowest() -> list[str]:
    """The lowest versions that the project allows, as constraints."""
    allowed = [
        *PROJECT["project"]["dependencies"],
        *(
            one
            for extra in ("plot", "notebook")
            for one in PROJECT["project"]["optional-dependencies"][extra]
        ),
    ]
    versions = dict(re.fullmatch(r"([\w-]+)(?:>=([\d.]+))?.*", one).groups() for one in allowed)  # type: ignore[union-attr]
    return [f"{name}=={versions[name]}.*" for name in ("numpy", "scipy", "matplotlib")]


def check(name: str, python: str, constraints: list[str]) -> bool:
    """Install the wheel into a fresh environment and run the quick tests there."""
    folder = PLACE / name
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([python, "-m", "venv", folder], check=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    path = [p for p in os.environ["PATH"].split(os.pathsep) if not shutil.which("cargo", path=p)]
    environment = os.environ | {"PATH": os.pathsep.join([str(commands), *path])}
    environment.pop("PYTHONPATH", None)
    limits = folder / "constraints.txt"
    limits.write_text("\n".join(constraints))
    (wheel,) = (ROOT / "target" / "wheels").glob("*.whl")
    for command in (
        ["pip", "install", "--quiet", "--upgrade", "pip>=25.1"],
        [
            "pip",
            "install",
            "--quiet",
            "--only-binary",
            "facilis",
            "--constraint",
            limits,
            wheel,
            "--group",
            "test",
        ],
        ["-c", WHERE],
        ["pytest", "-q", "-m", "not slow", "-n", "2", "tests"],
    ):
        arguments = command if command[0] == "-c" else ["-m", *command]
        done = subprocess.run([commands / "python", *arguments], cwd=ROOT, env=environment)
        if done.returncode:
            return False
    return True


def main() -> int:
    """Test all, and say what ran."""
    results = {}
    for minor in MINORS:
        if python := interpreter(minor):
            results[f"3.{minor}"] = check(f"3.{minor}", python, [])
    minor = min(k for k in MINORS if interpreter(k))
    constraints = lowest()
    label = f"3.{minor} with {', '.join(constraints)}"
    results[label] = check("lowest", str(interpreter(minor)), constraints)
    for name, passed in results.items():
        print(f"Python {name}: {'passed' if passed else 'FAILED'}")
    missing = [f"3.{k}" for k in MINORS if f"3.{k}" not in results]
    print(f"not found, so not run: {', '.join(missing) or 'none'}")
    return not all(results.values())


if __name__ == "__main__":
    sys.exit(main())
