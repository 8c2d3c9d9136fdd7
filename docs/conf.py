"""Builds the documentation site: ``make docs`` writes it to out/docs, without asking the network for anything."""

from __future__ import annotations

import html
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT / "src"))

import worldkit as wk  # noqa: E402 - from this checkout

# autodoc imports with TYPE_CHECKING set, with which pydantic cannot build a model; so all is imported before
for name in wk.__all__:
    getattr(wk, name)

project = "worldkit"
author = "the worldkit authors"
project_copyright = author
version = release = wk.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_design"]
root_doc = "index"
exclude_patterns = ["_build"]
templates_path: list[str] = []

# Markdown
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
suppress_warnings = ["myst.xref_missing_ext"]

# notebooks are committed with their outputs; a widget cannot be shown without a kernel, the picture beside it can
nb_execution_mode = "off"
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_ipywidgets_js: dict[str, dict[str, str]] = {}

# reference
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
toc_object_entries = True
toc_object_entries_show_parents = "hide"
add_module_names = False

# looks
html_theme = "pydata_sphinx_theme"
html_title = "worldkit"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options: dict[str, Any] = {
    "logo": {"text": "worldkit"},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "search_bar_text": "Search",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars: dict[str, list[str]] = {"index": [], "install": [], "changelog": []}

COPIES = {
    "architecture": "ARCHITECTURE.md",
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
    "benchmarks": "bench/README.md",
    "reference/conformance": "schema/conformance/README.md",
}
"""Pages of the site whose text stands elsewhere in the repository."""

PICTURE = re.compile(
    r'<picture>\n  <source media="[^"]*" srcset="([^"]+)">\n  <img src="([^"]+)" alt="([^"]*)">\n</picture>'
)
LAYERS = re.compile(r"^```layers\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")


def copy_notebooks(*_: object) -> None:
    """Copy the tutorials to where the site finds them."""
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copyfile(notebook, DOCS / "tutorials" / notebook.name)


def picture(match: re.Match[str]) -> str:
    """Return the picture of a page for both themes of the site."""
    dark, light, alt = match.groups()
    return "\n".join(
        f"```{{image}} {path}\n:alt: {alt}\n:class: only-{theme}\n```\n"
        for path, theme in ((light, "light"), (dark, "dark"))
    )


def layers(match: re.Match[str]) -> str:
    """Return the list of layers as a stack of boxes: the names of packages, two spaces, what they hold."""
    boxes = []
    for line in match.group(1).splitlines():
        names, _, content = line.partition("  ")
        packages = " ".join(f"<code>{html.escape(name)}</code>" for name in names.split(" | "))
        boxes.append(f"<li><span>{packages}</span><span>{html.escape(content.strip())}</span></li>")
    return '<ol class="layers">\n' + "\n".join(boxes) + "\n</ol>"


def link(match: re.Match[str], name: str, folder: Path) -> str:
    """Return a link of the repository as one of the site; a file that the site has not becomes its words alone.

    Args:
        match: The link.
        name: The page of the site that it stands on.
        folder: The folder that it is relative to.
    """
    words, target, anchor = match.group(1), match.group(2), match.group(3) or ""
    file = (folder / target).resolve()
    pages = {(ROOT / copied).resolve(): DOCS / f"{page}.md" for page, copied in COPIES.items()}
    pages |= {ROOT / "notebooks" / path.name: path for path in (DOCS / "tutorials").glob("*.ipynb")}
    file = pages.get(file, file)
    if not file.is_relative_to(DOCS) and file.suffix == ".md":
        return words
    return f"[{words}]({os.path.relpath(file, (DOCS / name).parent)}{anchor})"


def rewrite_source(app: Any, name: str, source: list[str]) -> None:
    """Make a page that is written for the repository into one of the site."""
    if name.startswith("tutorials/0"):
        source[0] = source[0].replace("](../docs/", "](../")
        return
    file = ROOT / COPIES[name] if name in COPIES else DOCS / f"{name}.md"
    if name in COPIES:
        app.env.note_dependency(str(file))  # or a page that is shown elsewhere would not be read again when it changes
    text = file.read_text("utf-8") if name in COPIES else source[0]
    text = LINK.sub(lambda match: link(match, name, file.parent), text)
    source[0] = LAYERS.sub(layers, PICTURE.sub(picture, text))


CITED = re.compile(r"(?<![`/\w])docs/((?:spec/)?([\w-]+))\.md(#[\w-]+)?")
"""A page of the site as docstrings cite it, such as ``docs/spec/runtime.md#time``."""

CONSTRUCTED = {"AsyncClient", "Budget", "CampaignSession", "Client", "Diagnostics", "Position", "Session", "Store"}
"""Classes that a reader calls; the others are made by functions, so how they are made is left out."""


def hide_constructor(
    _app: object, kind: str, name: str, _item: object, _options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Leave out the arguments of a class that a reader never calls."""
    if signature and kind in {"class", "exception"} and name.rpartition(".")[2] not in CONSTRUCTED:
        return "", None
    return signature, returns


def link_sources(_app: object, _kind: str, _name: str, _item: object, _options: object, lines: list[str]) -> None:
    """Make links of the pages that docstrings cite; the pages that show docstrings are all in ``reference/``."""
    lines[:] = [CITED.sub(r"`\2 <../\1.html\3>`__", line) for line in lines]


def setup(app: Any) -> None:
    """Register what this site does besides its extensions."""
    app.add_lexer("mermaid", TextLexer)
    app.add_lexer("twee", TextLexer)
    app.connect("config-inited", copy_notebooks)
    app.connect("autodoc-process-signature", hide_constructor)
    app.connect("autodoc-process-docstring", link_sources)
    app.connect("source-read", rewrite_source)
