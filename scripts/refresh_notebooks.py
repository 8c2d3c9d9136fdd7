"""Execute the notebooks and write them back with their outputs, without widget state or traces of the run.

python scripts/refresh_notebooks.py         all of them
python scripts/refresh_notebooks.py 04      those whose names begin so
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


def main() -> None:
    prefixes = tuple(sys.argv[1:]) or ("",)
    for path in sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path.name.startswith(prefixes)):
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            where = {"metadata": {"path": folder}}
            options = {"store_widget_state": False, "coalesce_streams": True}
            NotebookClient(notebook, timeout=600, resources=where, **options).execute()
        notebook.metadata.pop("widgets", None)
        notebook.metadata["language_info"] = {"name": "python"}
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            if cell.cell_type != "code":
                continue
            cell.outputs = [o for o in cell.outputs if o.output_type != "stream" or o.name == "stdout"]
            for output in cell.outputs:
                # a widget without its kernel is an error on the page; the picture beside it is not
                output.get("data", {}).pop(WIDGET, None)
        nbformat.write(notebook, path)
        print(path.name)


if __name__ == "__main__":
    main()
