"""Run the first tutorial from top to bottom without a screen, and leave the results in out/."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import worldkit as wk

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out"
NOTEBOOK = ROOT / "notebooks" / "01-first-world.ipynb"
BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    print(f"running {NOTEBOOK.relative_to(ROOT)}: {len(codes)} cells")
    start = time.monotonic()

    def print_cell(cell: nbformat.NotebookNode, cell_index: int, **_: object) -> None:
        if cell.cell_type == "code":
            print(f"  {time.monotonic() - start:5.1f} s  {cell.source.strip().splitlines()[0][:90]}")

    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(OUT)}},
        store_widget_state=False,  # a page without a kernel then shows the picture, not a dead widget
        on_cell_executed=print_cell,
    )
    client.execute()
    nbformat.write(notebook, OUT / "01-first-world.ipynb")
    page, _ = HTMLExporter(sanitize_html=False).from_notebook_node(notebook)
    (OUT / "01-first-world.html").write_text(page, encoding="utf-8")

    world = wk.load(OUT / "first.world.json")
    (OUT / "first.svg").write_text(world.to_svg(), encoding="utf-8")
    file_names = ["first.world.json", "first.svg", "01-first-world.html", "01-first-world.ipynb"]
    if browser := next(filter(None, map(shutil.which, BROWSERS)), None):
        shot(browser, OUT / "first.svg", OUT / "first.png")
        file_names.append("first.png")
    print(f"\n{world}")
    findings = world.lint()
    print(f"lint: errors {findings.counts['error']}, warnings {findings.counts['warning']}")
    print("written:")
    for name in file_names:
        print(f"  out/{name}  {(OUT / name).stat().st_size:,} bytes")
    print("open out/01-first-world.html in a browser, or: make lab")


def shot(browser: str, svg: Path, png: Path) -> None:
    """Draw the picture as a PNG with a headless browser."""
    root = ElementTree.parse(svg).getroot()
    size = ",".join(str(math.ceil(float(root.attrib[side]))) for side in ("width", "height"))
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}"]
    subprocess.run([*command, f"--screenshot={png}", svg.as_uri()], check=False, capture_output=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main())
