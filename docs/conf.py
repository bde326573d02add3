"""How the site is built; `make docs` does it."""

import shutil
import tomllib
from pathlib import Path

import matplotlib as mpl

from facilis import __version__

DOCS = Path(__file__).parent
PROJECT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
copyright = author
version = release = __version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "matplotlib.sphinxext.plot_directive",
]
exclude_patterns = ["_build", "gallery"]
templates_path = ["_templates"]
html_theme = "furo"
html_title = f"facilis {release}"
html_theme_options = {"source_repository": PROJECT["urls"]["Repository"], "source_directory": "docs/"}

# The inventories of others can be fetched only where there is a network: `make docs SPHINX="-t online"`.
if tags.has("online"):  # type: ignore[name-defined]  # noqa: F821
    intersphinx_mapping = {
        "python": ("https://docs.python.org/3", None),
        "numpy": ("https://numpy.org/doc/stable", None),
        "scipy": ("https://docs.scipy.org/doc/scipy", None),
        "matplotlib": ("https://matplotlib.org/stable", None),
        "xarray": ("https://docs.xarray.dev/en/stable", None),
    }

autodoc_typehints = "none"
autosummary_generate = True
numpydoc_show_class_members = False
# Fields are described in the text of their class.
autodoc_default_options = {"exclude-members": "__init__, __new__"}

myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_ambiguous"]

nb_execution_mode = "force"
nb_execution_timeout = 600
nb_execution_raise_on_error = True
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

mpl.use("agg")
plot_formats = [("png", 110)]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = True
plot_rcparams = {"savefig.bbox": "tight", "figure.figsize": (6.4, 4.2)}
plot_apply_rcparams = True

# Sphinx reads only what lies below this folder, and the notebooks are everybody's.
shutil.rmtree(DOCS / "tutorial", ignore_errors=True)
shutil.copytree(DOCS.parent / "notebooks", DOCS / "tutorial", ignore=shutil.ignore_patterns(".*"))
