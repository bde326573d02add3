"""What the package says of itself is the same everywhere, and true."""

import re
import tomllib
from pathlib import Path

import facilis as fc

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CARGO = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]
HIDDEN = [*ROOT.glob(".github/**/*.yml"), *ROOT.glob(".github/*.md"), *ROOT.glob("packaging/**/*")]
TEXTS = [path for path in [*ROOT.glob("*.*"), *ROOT.glob("docs/**/*.md"), *HIDDEN] if path.is_file()]


def cited(name: str) -> str:
    return re.search(rf"^{name}: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)[1]


def test_the_version_is_one():
    assert "version" in PROJECT["dynamic"]
    assert fc.__version__ == CARGO["version"]
    assert cited("version") == CARGO["version"]
    recipe = (ROOT / "packaging" / "conda" / "recipe.yaml").read_text(encoding="utf-8")
    assert f'version: "{CARGO["version"]}"' in recipe


def test_citation_and_package_agree():
    assert cited("license") == PROJECT["license"] == CARGO["license"]
    assert cited("title") == PROJECT["name"]
    assert cited("repository-code").strip('"') == PROJECT["urls"]["Repository"]
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert all(f"name: {author['name']}" in text for author in PROJECT["authors"])


def test_all_addresses_of_the_project_are_one():
    repository = PROJECT["urls"]["Repository"]
    for path in TEXTS:
        for address in re.findall(r"https://github\.com/[\w.-]+/facilis\b", path.read_text(encoding="utf-8")):
            assert address == repository, path
    assert all("facilis" in address for address in PROJECT["urls"].values())


def test_each_python_that_is_promised_is_tested():
    promised = {one.rpartition(" ")[2] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)}
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    (tested,) = re.findall(r"python: \[(.*)\]", release)
    assert promised == set(re.findall(r"[\d.]+", tested))
    lowest = min(promised, key=lambda version: int(version.split(".")[1]))
    assert PROJECT["requires-python"] == f">={lowest}"
