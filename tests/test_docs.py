"""What the README and the pages of the documentation say can be done can be done, and their numbers are true."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest

import facilis as fc

mpl.use("agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REPOSITORY = "https://github.com/OWNER/facilis"
BUILT = {"_build", "generated", "tutorial"}
PAGES = sorted(page for page in DOCS.rglob("*.md") if page.relative_to(DOCS).parts[0] not in BUILT)
TEXTS = {page.name: page for page in ROOT.glob("*.md")} | {
    page.relative_to(ROOT).as_posix(): page for page in PAGES
}
SCRIPTS = sorted((DOCS / "gallery").glob("*.py"))
SLOW = {f"docs/{name}.md" for name in ("rare", "exponent", "slow_passage", "memory", "distributed")}


def read(name: str) -> str:
    return TEXTS[name].read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", read(name), re.DOTALL | re.MULTILINE)


@pytest.fixture
def nearby(monkeypatch):
    """Stand-ins, in this process, for the machines that the page on clusters speaks of."""

    class Client:
        def __init__(self, *address):
            pass

        def get_executor(self):
            return ThreadPoolExecutor(2)

    for name, content in {
        "dask.distributed": {"Client": Client},
        "dask_jobqueue": {"SLURMCluster": lambda **options: SimpleNamespace(scale=lambda jobs: None)},
        "mpi4py": {},
        "mpi4py.futures": {"MPIPoolExecutor": ThreadPoolExecutor},
    }.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name
        for name in TEXTS
        if blocks(name, "python")
    ],
)
def test_the_examples_run(name, tmp_path, monkeypatch, nearby, capsys):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    for example in blocks(name, "python"):
        exec(compile(example, name, "exec"), names)
    plt.close("all")
    TRUE.get(name, lambda names, printed, folder: None)(names, capsys.readouterr().out, tmp_path)


def the_readme(names, printed, folder):
    assert (folder / "run.npz").exists()
    assert "saddle" in printed


def the_slow_passage(names, printed, folder):
    assert names["manifold"].window == pytest.approx((1.7548, 2.1245), abs=5e-5)
    assert names["passage"].time == pytest.approx(216.53, abs=5e-3)


def scipy_agrees(names, printed, folder):
    np.testing.assert_allclose(names["orbit"].y[:, -1], names["here"](60.0)[:2], rtol=1e-6)
    assert names["waves"].success
    highest = names["highest"]
    np.testing.assert_allclose(names["found"].x, [highest.potential, highest.calcium], rtol=1e-9)
    assert fc.equilibria(names["model"], names["current"])[-1].potential == pytest.approx(2.5, rel=1e-9)


TRUE = {
    "README.md": the_readme,
    "docs/slow_passage.md": the_slow_passage,
    "docs/howto/scipy.md": scipy_agrees,
}


def test_all_blocks_are_of_a_language_that_is_tested():
    for name in TEXTS:
        fences = re.findall(r"^ *```(.*)$", read(name), re.MULTILINE)[::2]
        assert not {language for language in fences if not language.startswith("{")} - {"python", "sh"}, name


@pytest.mark.parametrize("name", [name for name in TEXTS if blocks(name, "sh")])
def test_commands_exist(name):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in "".join(blocks(name, "sh")).splitlines():
        command, *rest = line.partition("#")[0].split()
        if command == "make":
            assert set(rest) <= targets, line
        elif rest[:3] == ["-m", "facilis", "demo"]:
            subprocess.run([sys.executable, *rest, "--help"], check=True, capture_output=True)
        else:
            assert command in {"pip", "mpiexec"} or command.startswith(".venv/bin/"), line


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_pictures_of_the_gallery_come_from_short_scripts(script):
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 15
    assert f"gallery/{script.name}\n" in read("docs/gallery.md") + read("docs/speed.md")


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_scripts_of_the_gallery_draw(script):
    plt.close("all")
    exec(compile(script.read_text(encoding="utf-8"), script, "exec"), {})
    assert plt.get_fignums()
    plt.close("all")


def test_the_gallery_is_large():
    assert len(re.findall(r"gallery/\w+\.py", read("docs/gallery.md"))) >= 12


def test_the_reference_lists_every_public_name():
    text = read("docs/api.md")
    before, after = text.split("## Pictures")
    assert {*re.findall(r"^   (\w+)$", before, re.MULTILINE), "plot", "__version__"} == set(fc.__all__)
    assert set(re.findall(r"^   (\w+)$", after, re.MULTILINE)) == set(fc.plot.__all__)


def links(name: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", read(name), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"\]\(([^)\s]+)\)", prose)


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name):
    for link in links(name):
        if link.startswith(REPOSITORY):
            place = link.removeprefix(REPOSITORY).partition("#")[0]
            if place.startswith(("/blob/main/", "/tree/main/")):
                assert (ROOT / place.split("/", 3)[3]).exists(), link
        elif not link.startswith(("https://", "#")):
            # A page of the site may point to another; what is shown elsewhere too may not.
            assert name.startswith("docs/") or name in {"CONTRIBUTING.md", "ARCHITECTURE.md"}, link
            assert (TEXTS[name].parent / link.partition("#")[0]).exists(), link
        elif "github.com" in link:
            assert link.startswith("https://github.com/OWNER/facilis"), link


def test_the_readme_renders_anywhere():
    assert all(link.startswith(("https://", "#")) for link in links("README.md"))


def rows(heading: str) -> list[list[float]]:
    """The numbers of the table below a heading row of the page on the limit."""
    page = read("docs/limit.md")
    block = page[page.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return [[float(cell.replace(",", "")) for cell in row.strip("| ").split("|")] for row in block]


def test_the_table_of_thresholds():
    model = fc.Model.example("memory")
    table = rows("| duration of the pulse")
    assert len(table) == 3
    for duration, current in table:
        assert fc.pulse_threshold(model, duration) == pytest.approx(current, rel=1e-7)


def test_the_table_of_the_ghost():
    model = fc.Model.example("ghost")
    (fold,) = fc.folds(model)
    table = rows("| δ | T |")
    assert [row[0] for row in table] == [10.0**-k for k in range(3, 9)]
    for delta, time, scaled, rest in table:
        passage = fc.ghost(model.replace(alpha=(fold.kappa - delta) * 0.1), start=2.0, end=0.7)
        assert passage.time == pytest.approx(time, rel=1e-6, abs=0.01)
        assert passage.time * delta**0.5 == pytest.approx(scaled, rel=1e-5)
        assert passage.constant / delta**0.5 - passage.time == pytest.approx(rest, abs=0.06)
    constant = float(re.search(r"\$C = ([\d.]+)\$", read("docs/limit.md"))[1])
    assert passage.constant == pytest.approx(constant, abs=5e-5)


def test_the_shortfalls_of_the_explanation():
    for lam, short in [(0.1, 0.13), (0.003, 0.009)]:
        model = fc.Model(2.0 * lam, 1.0, lam, fc.Hill(1.0, 1.0, 4))
        passage = fc.slow_passage(model)
        assert 1 - (passage.slow + passage.delay) / passage.time == pytest.approx(short, rel=0.05)
