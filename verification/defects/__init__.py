"""Known defects of the simulator, one patch each, and the programs that show that the verification sees them.

A patch begins with one sentence that says what is wrong. Below it is an ordinary unified diff against the root
of the repository.
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# One folder for each build, with a package `facilis` that has the defect of that name.
SITES = ROOT / "target" / "defects" / "sites"
NONE = "none"  # the build without a defect


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong, and the patch that makes it so."""

    patch: Path

    @property
    def name(self) -> str:
        """The name of the patch's file."""
        return self.patch.stem

    @property
    def sentence(self) -> str:
        """What is wrong: all that stands before the diff."""
        return " ".join(self.patch.read_text().partition("\n--- ")[0].split())


def defects(only: str = "") -> list[Defect]:
    """Return the known defects, or the one that is named."""
    found = [Defect(path) for path in sorted(HERE.glob("*.patch"))]
    return [defect for defect in found if only in ("", defect.name)]


def environment(name: str) -> dict[str, str]:
    """Return what a process needs in its environment to import the build of that name."""
    return {"PYTHONPATH": str(SITES / name)}
