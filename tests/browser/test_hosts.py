"""The widgets in every host that runs here: Notebook 7, JupyterLab in its harder moments, marimo, exported pages."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import worldkit as wk
from tests.browser.conftest import Lab, serve_lab, wait_for
from tests.browser.test_journey import NOTEBOOK, open_notebook, run_all
from tests.kernels import run_notebook

pytestmark = pytest.mark.browser

EDITOR_CELL = (
    "import worldkit as wk\n"
    "ed = wk.edit(wk.samples.load('bench'), height=480)\n"
    "_ = ed.on_change(lambda world: world.save('{name}.world.json'))\n"
    "ed"
)
PLAYER_CELL = "pl = wk.play(ed, height=480)\npl"
MARIMO = """\
import marimo

app = marimo.App(width="full")


@app.cell
def _():
    import marimo as mo
    import worldkit as wk
    return mo, wk


@app.cell
def _(mo, wk):
    ed = wk.edit(wk.samples.load("bench"), height=480)
    _ = ed.on_change(lambda world: world.save("marimo.world.json"))
    mo.ui.anywidget(ed)
    return (ed,)


@app.cell
def _(ed, mo, wk):
    pl = wk.play(ed, height=480)
    mo.ui.anywidget(pl)
    return (pl,)


@app.cell
def _(wk):
    bench = wk.workbench(wk.samples.load("bench"), height=420)
    bench
    return (bench,)


if __name__ == "__main__":
    app.run()
"""


def outside_of(page: Any, home: str) -> list[str]:
    """Return the list that every request to anywhere but the host will be put in."""
    foreign_urls: list[str] = []
    ws = home.replace("http", "ws", 1)
    page.on(
        "request",
        lambda r: None if r.url.startswith((home, ws, "data:", "blob:", "about:")) else foreign_urls.append(r.url),
    )
    return foreign_urls


def wait_for_file(folder: Path, name: str, holds: Callable[[wk.World], bool]) -> wk.World:
    """Return the world that the kernel wrote down, once it holds what it should."""
    path = folder / f"{name}.world.json"

    def look() -> wk.World | None:
        try:
            world = wk.load(path) if path.exists() else None
        except wk.WorldError:
            return None  # half of it is written
        return world if world is not None and holds(world) else None

    return wait_for("the kernel's world", look)


def add_state(page: Any, view: Any) -> None:
    wait_for_answer(view)
    view.locator(".we-stage").focus()
    page.keyboard.press("n")


def wait_for_answer(view: Any) -> None:
    """Wait until the kernel has answered an editor for the first time: nothing can be changed before."""
    add = view.get_by_role("button", name="Add", exact=True)
    wait_for("the kernel's first answer", lambda: True if add.is_enabled() else None)


def edit_undo_and_play(page: Any, editor: Any, player: Any, folder: Path, name: str) -> None:
    """The main job in any host: a state made, undone by name, the keys kept in, an ending reached, seen on the map."""
    editor.get_by_role("toolbar", name="World editor").wait_for()
    player.locator(".wk-offers").first.wait_for()
    add_state(page, editor)
    wait_for_file(folder, name, lambda world: len(world.states) == 4)
    editor.locator(".we-stage").focus()
    page.keyboard.press("Control+z")
    wait_for_file(folder, name, lambda world: len(world.states) == 3)
    for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
        label = wk.samples.load("bench").events_by_name[event].detail or event.replace("_", " ")
        button = player.get_by_role("button", name=label)
        player.locator(".wk-player[aria-busy='false']").wait_for()  # an answer moves the buttons
        button.scroll_into_view_if_needed()
        button.click()
    player.get_by_role("region", name="You win").wait_for()


# ---- Notebook 7 ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebook7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    pytest.importorskip("notebook", reason="Notebook 7 is not installed: pip install 'notebook>=7,<8'")
    home = tmp_path_factory.mktemp("notebook7")
    folder = home / "work"
    folder.mkdir()
    env = {**os.environ, "HOME": str(home)}
    for part in ("CONFIG", "DATA"):
        env[f"JUPYTER_{part}_DIR"] = str(home / part.lower())
        (home / part.lower()).mkdir()
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    env["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    command = [sys.executable, "-m", "notebook", "--no-browser", "--port=0", "--allow-root"]
    command += ["--JupyterNotebookApp.expose_app_in_browser=True", "--IdentityProvider.token=here"]
    command += [f"--ServerApp.root_dir={folder}"]
    with serve_lab("Notebook 7", command, home, folder, env) as lab:
        yield lab


def test_notebook_7_edits_undoes_and_plays(browser: Any, notebook7: Lab, pictures: Path) -> None:
    cells = [
        nbformat.v4.new_code_cell(cell) for cell in (EDITOR_CELL.format(name="classic"), PLAYER_CELL, "# nothing here")
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, notebook7.folder / "classic.ipynb")
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{notebook7.url}notebooks/classic.ipynb?token={notebook7.token}")
    page.locator(".jp-CodeCell").first.wait_for()
    outside = outside_of(page, notebook7.url)
    run_all(page)
    editor, player = page.locator(".jp-CodeCell").nth(0), page.locator(".jp-CodeCell").nth(1)
    editor.get_by_role("toolbar", name="World editor").wait_for()
    page.screenshot(path=pictures / "notebook7-editor.png")
    edit_undo_and_play(page, editor, player, notebook7.folder, "classic")
    page.screenshot(path=pictures / "notebook7-player.png")
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length") == 3
    assert outside == []
    page.close()


# ---- JupyterLab, where hosts differ --------------------------------------------------------------


def test_two_views_of_one_editor_and_another_editor_of_the_same_world(browser: Any, lab: Lab) -> None:
    cells = [EDITOR_CELL.format(name="views"), "ed", "other = wk.edit(ed.world)\nother"]
    page = open_notebook(browser, lab, "views.ipynb", cells)
    run_all(page)
    views = [page.locator(".jp-CodeCell").nth(at) for at in range(3)]
    for view in views:
        view.get_by_role("toolbar", name="World editor").wait_for()
    add_state(page, views[1])
    for view in views[:2]:
        view.get_by_text("4 states, 5 events").wait_for()
    assert views[2].get_by_text("3 states, 5 events").is_visible(), "another editor is another history"
    views[0].locator(".we-stage").focus()
    page.keyboard.press("Control+z")
    for view in views[:2]:
        view.get_by_text("3 states, 5 events").wait_for()
    page.close()


def test_an_editor_is_opened_in_a_tab_of_its_own(browser: Any, lab: Lab) -> None:
    page = open_notebook(browser, lab, "tab.ipynb", [EDITOR_CELL.format(name="tab")])
    run_all(page)
    cell = page.locator(".jp-CodeCell").first
    cell.get_by_role("toolbar", name="World editor").wait_for()
    page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:create-output-view'); }")
    tab = page.locator(".jp-LinkedOutputView")
    tab.get_by_role("toolbar", name="World editor").wait_for()
    add_state(page, tab)
    for view in (tab, cell):
        view.get_by_text("4 states, 5 events").wait_for()
    page.close()


def test_an_output_scrolled_away_and_back_is_as_it_was(browser: Any, lab: Lab) -> None:
    filler = [f"# {number}" + "\n" * 30 for number in range(40)]
    page = open_notebook(browser, lab, "scroll.ipynb", [EDITOR_CELL.format(name="scroll"), *filler])
    run_all(page)  # JupyterLab shows the last cell then; a view out of sight is not drawn again
    panel = page.locator(f"{NOTEBOOK} .jp-WindowedPanel-outer").first
    panel.evaluate("e => e.scrollTo(0, 0)")
    wait_for("the editor to be in sight", lambda: True if in_sight(page, ".worldkit") else None)
    editor = page.locator(".jp-CodeCell").first
    editor.get_by_role("toolbar", name="World editor").wait_for()
    wait_for_answer(editor)
    ink = """(cell) => {
        const canvas = cell.querySelector(".worldkit").shadowRoot.querySelector(".we-stage canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) sum = (sum * 31 + data[at] + data[at + 1] * 3) % 1e9;
        return sum;
    }"""
    ink_amounts: list[float] = []

    def is_at_rest() -> bool | None:
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if editor.locator(".wk-banner").count() or not in_sight(page, ".worldkit"):
            ink_amounts.clear()  # a banner takes from the map's height until the kernel has done what it was asked
            panel.evaluate("e => e.scrollTo(0, 0)")
            return None
        ink_amounts.append(editor.evaluate(ink))
        return True if len(ink_amounts) > 2 and ink_amounts[-1] == ink_amounts[-2] == ink_amounts[-3] else None

    wait_for("the view to rest", is_at_rest)
    panel.evaluate("e => e.scrollTo(0, e.scrollHeight)")
    wait_for("the editor to be out of sight", lambda: True if not in_sight(page, ".worldkit") else None)
    panel.evaluate("e => e.scrollTo(0, 0)")
    wait_for("the editor to be back", lambda: True if in_sight(page, ".worldkit") else None)
    wait_for("the same picture", lambda: True if editor.evaluate(ink) == ink_amounts[-1] else None)
    add_state(page, editor)
    wait_for_file(lab.folder, "scroll", lambda world: len(world.states) == 4)
    page.close()


def in_sight(page: Any, selector: str) -> bool:
    script = """selector => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return Boolean(box && box.width > 0 && box.bottom > 0 && box.top < innerHeight);
    }"""
    return bool(page.evaluate(script, selector))


@pytest.mark.parametrize("where", ["the same cell", "the next cell"])
def test_an_editor_that_is_first_shown_while_a_cell_runs_says_why_nothing_can_be_changed_yet(
    browser: Any, lab: Lab, pictures: Path, where: str
) -> None:
    name = where.replace(" ", "-")
    wait = f"import pathlib, time\nwhile not pathlib.Path('{name}.go').exists():\n    time.sleep(0.05)"
    show = f"from IPython.display import display\ndisplay(ed)\n{wait}"
    edit = EDITOR_CELL.format(name=name).removesuffix("\ned")
    page = open_notebook(
        browser, lab, f"{name}.ipynb", [f"{edit}\n{show}"] if where == "the same cell" else [f"{edit}\ned", wait]
    )
    page.evaluate("""async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.ready;
        void window.jupyterapp.commands.execute("notebook:run-all-cells");
    }""")
    editor = page.locator(".jp-CodeCell").first
    editor.get_by_text("The map can be read, and changed as soon as the kernel answers.").wait_for()
    editor.locator(".we-stage").focus()
    page.keyboard.press("ArrowRight")
    prose = editor.get_by_label("What the camera sees")
    assert prose.get_attribute("readonly") is not None
    page.screenshot(path=pictures / f"lab-first-shown-in-{name}.png")

    (lab.folder / f"{name}.go").write_text("")
    editor.locator(".wk-banner").filter(has_text=re.compile("map can be read")).wait_for(state="detached")
    prose.fill("A lane of clay.")
    prose.press("Control+Enter")
    wait_for_file(lab.folder, name, lambda world: any(s.base == "A lane of clay." for s in world.states.values()))
    page.close()


def restart(page: Any) -> None:
    page.evaluate("""async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart();
    }""")


def test_what_is_typed_when_the_kernel_goes_is_kept_and_the_editor_says_that_it_is_read_only(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "restart.ipynb", [EDITOR_CELL.format(name="restart")])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lab.url.rstrip("/"))
    run_all(page)
    editor = page.locator(".jp-CodeCell").first
    editor.get_by_role("toolbar", name="World editor").wait_for()
    editor.locator(".we-card-title", has_text="lane").or_(editor.locator(".we-stage")).first.wait_for()
    editor.locator(".we-stage").focus()
    page.keyboard.press("ArrowRight")
    prose = editor.get_by_label("What the camera sees")
    prose.fill("A lane of clay, and every word of this took thought.")
    text = prose.input_value()

    # the kernel goes while the field is being typed into: the view knows at once, and the text stays where it is
    restart(page)
    editor.get_by_text("No kernel").wait_for()
    assert prose.input_value() == text and prose.get_attribute("readonly") is not None
    assert editor.get_by_role("button", name="Add", exact=True).is_disabled()
    prose.press("Escape")
    assert prose.input_value() == text, "what cannot be typed again is not put back"
    editor.get_by_role("button", name="Copy what is typed here").click()
    editor.get_by_text("Copied.", exact=True).wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == text
    page.screenshot(path=pictures / "lab-restarted.png")

    # leaving the field, even for another form, keeps it among what can be copied
    editor.locator(".we-stage").focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("() => navigator.clipboard.writeText('')")
    editor.get_by_role("button", name="Copy the changes that are not saved").click()
    editor.get_by_text(re.compile("^Copied .* for World.apply")).wait_for()
    assert "every word of this took thought" in page.evaluate("() => navigator.clipboard.readText()")
    page.close()


# ---- marimo --------------------------------------------------------------------------------------


@pytest.fixture
def marimo(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("marimo", reason="marimo is not installed: pip install marimo")
    (tmp_path / "app.py").write_text(MARIMO)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "marimo", "-q", "run", "app.py", "--headless", "--no-token"]
    command += [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    env = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path)
        try:

            def up() -> bool | None:
                if server.poll() is not None:
                    raise AssertionError((tmp_path / "log").read_text())
                with socket.socket() as knock:
                    return True if knock.connect_ex(("127.0.0.1", port)) == 0 else None

            wait_for("marimo", up)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait()


def test_marimo_edits_undoes_and_plays(browser: Any, marimo: str, tmp_path: Path, pictures: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1200})
    page.goto(marimo)
    page.get_by_role("toolbar", name="World editor").first.wait_for()
    outside = outside_of(page, marimo)
    page.screenshot(path=pictures / "marimo-editor.png")
    widgets = page.locator(".worldkit")
    widgets.nth(2).wait_for()
    edit_undo_and_play(page, widgets.nth(0), widgets.nth(1), tmp_path, "marimo")
    page.screenshot(path=pictures / "marimo-player.png", full_page=True)

    page.get_by_role("tab", name="Play").click()
    widgets.nth(2).locator(".wk-offers").get_by_role("button").first.click()
    page.get_by_role("tab", name="Generate").click()
    form = widgets.nth(2)
    form.get_by_label("What is it about?").fill("A diver finds a door on the sea floor.")
    form.get_by_label("Writer").select_option("templates")
    form.get_by_role("button", name="Generate", exact=True).click()
    form.get_by_role("button", name="Open in the editor").click()
    page.get_by_role("tab", name="Map").click()
    widgets.nth(2).get_by_text(re.compile(r"^6 states, \d+ events$")).wait_for()
    page.screenshot(path=pictures / "marimo-workbench.png", full_page=True)
    assert outside == []
    page.close()


# ---- without a kernel ----------------------------------------------------------------------------


def executed_notebook(folder: Path, keep: bool) -> Any:

    cells = [nbformat.v4.new_code_cell(cell) for cell in (EDITOR_CELL.format(name="page"), PLAYER_CELL)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(folder)}}
    run_notebook(notebook, kernel_name="python3", store_widget_state=keep, resources=where)
    return notebook


def test_a_page_without_widget_state_shows_the_pictures_and_asks_for_nothing(
    browser: Any, tmp_path: Path, pictures: Path
) -> None:
    from nbconvert import HTMLExporter

    body, _ = HTMLExporter().from_notebook_node(executed_notebook(tmp_path, False))
    encoded_pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', body)
    editor_picture, player_picture = [base64.b64decode(one).decode() for one in encoded_pictures]
    assert "two_mittens" in editor_picture, "the map of the world"
    assert "two_mittens" not in player_picture and "<svg" in player_picture, "the scene, drawn"
    (tmp_path / "page.html").write_text(body)
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    ours: list[str] = []
    page.on("request", lambda r: ours.append(r.url) if "worldkit" in r.url else None)
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    image = page.locator("img[src^='data:image/svg']").first
    image.wait_for()
    assert image.evaluate("e => e.decode().then(() => e.naturalWidth > 100)")
    page.screenshot(path=pictures / "page-without-state.png")
    assert ours == []
    page.close()


def test_a_page_with_widget_state_holds_all_that_a_view_needs(tmp_path: Path) -> None:
    from nbconvert import HTMLExporter

    notebook = executed_notebook(tmp_path, True)
    models = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    states = [model["state"] for model in models.values()]
    [seed] = [state["seed"] for state in states if "seed" in state]
    assert list(seed["world"]["scene"]["states"]) == seed["order"] == ["lane", "bench", "two_mittens"]
    assert all(state["_esm"] and state["_css"] for state in states if "_esm" in state)
    body, _ = HTMLExporter().from_notebook_node(notebook)
    assert "application/vnd.jupyter.widget-state+json" in body and "application/vnd.jupyter.widget-view+json" in body
    assert "image/svg+xml" in notebook.cells[0].outputs[0]["data"], "a host that shows no widgets has the picture"
