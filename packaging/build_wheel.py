"""Build the source distribution and the wheel into target/wheels, fit to be published: `make wheel` does it.

The wheel has no path of the machine that built it, neither in the binary nor in the bill of materials, and it
contains the licences of the crates that are linked into it. On Linux it is built with zig against an old glibc, so
that no container is needed.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "target" / "wheels"
WORK = ROOT / "target" / "wheel-unpacked"
CARGO_HOME = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
ON_LINUX = ["--zig", "--compatibility", "manylinux_2_28"]


def run(*command: object, **options: object) -> str:
    """Run a command of this environment and return what it prints."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=True, text=True, **options)  # type: ignore[call-overload]
    return str(done.stdout or "")


def flags() -> str:
    """Say to the compiler by which names the folders of this machine go."""
    run("cargo", "fetch", "--locked")
    sources = dict.fromkeys((CARGO_HOME / "registry" / "src").glob("*"), "/crates")
    # Of several that fit, the compiler takes the last.
    names = {Path.home(): "/home", CARGO_HOME: "/cargo", ROOT: "/facilis"} | sources
    return " ".join(f"--remap-path-prefix={path}={name}" for path, name in names.items())


def build() -> Path:
    """Build both distributions; return the wheel."""
    shutil.rmtree(OUT, ignore_errors=True)
    maturin = [sys.executable, "-m", "maturin"]
    run(*maturin, "sdist", "--out", OUT)
    where = ON_LINUX if sys.platform == "linux" and "--native" not in sys.argv else []
    options = [*where, *(option for option in sys.argv[1:] if option != "--native")]
    # Its own folder for what is compiled: other flags would make other builds start anew.
    environment = os.environ | {
        "RUSTFLAGS": flags(),
        "CARGO_TARGET_DIR": str(ROOT / "target" / "wheel"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),  # where zig is found
    }
    run(*maturin, "build", "--release", "--locked", "--out", OUT, *options, env=environment)
    (wheel,) = OUT.glob("*.whl")
    return wheel


def linked_crates() -> list[Path]:
    """Return the folders of the crates whose code is in the binary."""
    tree = ["cargo", "tree", "--locked", "--features", "python", "--edges", "normal,no-proc-macro"]
    names = run(*tree, "--prefix", "none", "--format", "{p}", stdout=subprocess.PIPE).splitlines()
    linked = {tuple(name.split()[:2]) for name in names if name}
    metadata = ["cargo", "metadata", "--locked", "--features", "python", "--format-version", "1"]
    packages = json.loads(run(*metadata, stdout=subprocess.PIPE))["packages"]
    return [
        Path(package["manifest_path"]).parent
        for package in packages
        if (package["name"], f"v{package['version']}") in linked and package["source"]
    ]


def finish(wheel: Path) -> None:
    """Add the licences of others, and take the paths out of the bill of materials."""
    shutil.rmtree(WORK, ignore_errors=True)
    run(sys.executable, "-m", "wheel", "unpack", "--dest", WORK, wheel)
    (content,) = WORK.iterdir()
    (info,) = content.glob("*.dist-info")
    added = []
    for crate in linked_crates():
        texts = [
            path for path in crate.iterdir() if path.name.upper().startswith(("LICEN", "COPY", "NOTICE"))
        ]
        assert texts, f"{crate.name} has no licence text"
        for text in texts:
            place = Path("third-party", crate.name, text.name)
            (info / "licenses" / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, info / "licenses" / place)
            added.append(f"License-File: {place.as_posix()}\n")
    metadata = (info / "METADATA").read_text(encoding="utf-8")
    head = "License-File: LICENSE\n"
    assert head in metadata
    (info / "METADATA").write_text(metadata.replace(head, head + "".join(added)), encoding="utf-8")
    for bill in (info / "sboms").glob("*.json"):
        bill.write_text(bill.read_text(encoding="utf-8").replace(ROOT.as_uri(), "file:///facilis"), "utf-8")
    refuse_paths(content)
    wheel.unlink()
    run(sys.executable, "-m", "wheel", "pack", "--dest-dir", OUT, content)


def refuse_paths(content: Path) -> None:
    """Fail if any file names a folder of this machine."""
    for file in filter(Path.is_file, content.rglob("*")):
        for folder in (ROOT, CARGO_HOME, Path.home()):
            assert f"{folder}{os.sep}".encode() not in file.read_bytes(), f"{file} names {folder}"


if __name__ == "__main__":
    wheel = build()
    finish(wheel)
    if sys.platform == "linux":
        print(run(sys.executable, "-m", "auditwheel", "show", wheel, stdout=subprocess.PIPE))
