"""The examples of the guides run in their order, page by page; what cannot run here has a reason."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.examples import API, CHAT, ExampleServers

DOCS = Path(__file__).parents[1] / "docs"
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
TESTS_BY_PAGE = {
    "campaigns": "play/test_campaigns_guide.py",
    "README": "test_readme.py",
    "environments": "envs/test_guide.py",
    "react": "play/test_react_guide.py",
    "store": "store/test_store_guide.py",
    "webhooks": "server/test_webhook_guide.py",
}
"""Pages that have a test of their own, which also says what comes out."""
NOT_RUN = {
    ("embed", "# game.py"): "a server that never ends: tests/browser/test_embed_guide.py runs it in a browser",
    ("world-model-server", "async def run(socket)"): "a server without end: tests/painting/test_websocket.py runs it",
    ("painters", "asyncio.run(main())"): "tests/painting/test_websocket.py runs it beside a server",
    ("painters", "pl.record("): "has frames only once a view shows them: tests/painting/test_recording.py",
    ("react", "async for event in session"): "goes on until somebody played to the end: tests/play/test_react.py",
    ("revising", "a talking parrot"): "needs a model that can write: tests/generate/test_revise.py has stand-ins",
    ("store", "postgresql://"): "needs a server of PostgreSQL: tests/store/test_postgres.py",
}
SHOWN = {"exploring": "r", "odds": "odds"}
"""The pages that show what an example prints, with the name of what is printed."""
PAGES = [
    path
    for path in (*sorted(DOCS.glob("*.md")), DOCS / "reference" / "index.md")
    if path.stem not in TESTS_BY_PAGE and CODE.search(path.read_text(encoding="utf-8"))
]
GENERATING_CALL = re.compile(r"(wk\.(?:generate\w*|revise|from_text|rewrite)\()(.*)\)")
MODEL = re.compile(r', "(?:chat|local|hosted)\b[^"]*"')
CHAPTER = (
    "Ines Farrow rowed out to the lighthouse at dusk. The keeper was gone, "
    "and she had to light the lamp before midnight. "
    "She climbed the stairs to the kitchen. Two plates stood on the table.\n\n"
    "In the yard she found a brass key under a bucket. She carried the key to the oil store and opened the door. "
    "The can was heavy.\n\nShe went up to the lantern room. Outside a steamer came straight for the reef. "
    "Ines filled the lamp with oil, and at midnight the light went round.\n"
)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleServers]:
    with ExitStack() as stack:
        yield ExampleServers(stack, tmp_path_factory.mktemp("servers"))


def sides(sample: str, places: list[str]) -> tuple[wk.World, wk.World, wk.World]:
    """Return a world and two edits of it, each of which writes the same places anew."""
    base = wk.samples.load(sample)
    texts = (f"{word} on the stones." for word in ("Rain", "Snow"))
    edits = (
        [{"op": "set_field", "state": state, "field": "base", "value": text} for state in places] for text in texts
    )
    ours, theirs = map(base.apply, edits)
    return base, ours, theirs


def names_of(page: str, api: wk.Client, images: str) -> dict[str, Any]:
    """Make the files that a page speaks of, and return what stands for the reader's own names.

    Args:
        page: The name of the page.
        api: A client of the server of the examples.
        images: A model that paints.
    """
    world = wk.samples.load("bench" if page in {"acting", "revising"} else "lighthouse")
    world.save("light.world.json")
    world.save("lighthouse.world.json")
    world.save("export.json")
    world.save("draft.json")
    world.save("mine.world.json")
    world = wk.load("mine.world.json")
    toml = CODE.pattern.replace("python", "toml")
    if written := re.search(toml, (DOCS / "properties.md").read_text("utf-8"), flags=re.MULTILINE | re.DOTALL):
        for name in ("mine", "other"):
            Path(f"{name}.properties.toml").write_text(written[1], encoding="utf-8")
    if story := re.search(r"```twee\n(.*?)```", (DOCS / "importing.md").read_text("utf-8"), re.DOTALL):
        Path("cellar.twee").write_text(story[1], encoding="utf-8")
    Path("lane.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    base, ours, theirs = sides("lighthouse", ["yard"]) if page == "compare" else sides("bench", ["lane", "bench"])
    editor, session = wk.edit(world), wk.Session(world)
    names = {"wk": wk, "world": world, "ed": editor, "editor": editor, "pl": wk.play(world), "session": session}
    names |= {"base": base, "ours": ours, "theirs": theirs, "before": base, "after": ours, "a": base, "b": ours}
    names |= {"one": base, "two": ours, "runs": [session], "premise": "A lamp must be lit.", "ops": []}
    names |= {"premises": ["A lamp must be lit.", "A letter must be delivered."], "chapter": CHAPTER * 2}
    names |= {"my_model": lambda data, labels: [], "display": lambda value: None}
    names |= {"id": api.create(base).id, "model": images}
    return names


def with_stand_ins(page: str, code: str, servers: ExampleServers) -> str:
    """Return an example with servers and models that are there in place of those that it names."""
    if page in {"generation", "retelling", "revising"}:
        code = GENERATING_CALL.sub(r'\1\2, model="templates")', MODEL.sub("", code))
    if page == "server" and "scheduler.internal" in code:
        code = code.replace('"local"', '"templates"').replace("tcp://scheduler.internal:8786", servers.scheduler)
    if page == "stills":
        code = re.sub(r'"(?:images|diffusers):[^"]*"(?:, steps=2, guidance=0.0)?', "model", code)
    code = code.replace('good.to_parquet("good.parquet")', "good")  # pyarrow is not among the packages of the tests
    code = code.replace("wk.Client()", f'wk.Client(base_url="{API}")').replace('"sk_test_..."', "None")
    if API in code and "ws:" not in code:
        code = code.replace(API, servers.api.url)
    return code.replace(CHAT, servers.chat) if CHAT in code else code


def without_seconds(text: str) -> str:
    """Return a text without how long something took on this machine."""
    return re.sub(r"\b[\d.]+ s$", "0 s", text.strip(), flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(DOCS).with_suffix("").as_posix())
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_examples_of_a_guide_run(
    page: Path, servers: ExampleServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ALAKAZAM_API_KEY", secret := servers.api.app().secret)
    names = names_of(page.stem, wk.Client(secret, base_url=servers.api.url), f"images:{servers.images}#sdxl")
    for code in CODE.findall(page.read_text(encoding="utf-8")):
        if any(name == page.stem and part in code for name, part in NOT_RUN):
            continue
        ready = with_stand_ins(page.stem, code, servers)
        compiled = compile(ready, page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(compiled, names)
        if inspect.iscoroutine(result):
            asyncio.run(result)
    if page.stem in SHOWN:
        (shown,) = re.findall(r"^```text\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        assert without_seconds(str(names[SHOWN[page.stem]])) == without_seconds(shown)


def test_what_is_not_run_is_there_and_has_a_reason() -> None:
    for (page, part), reason in NOT_RUN.items():
        examples = CODE.findall((DOCS / f"{page}.md").read_text(encoding="utf-8"))
        assert sum(part in example for example in examples) == 1, (page, part)
        assert len(reason) > 10
    assert all((Path(__file__).parent / test).exists() for test in TESTS_BY_PAGE.values())


def test_every_page_with_examples_is_run() -> None:
    pages = [*DOCS.parent.glob("*.md"), *(path for path in DOCS.rglob("*.md") if "notebooks" not in path.parts)]
    with_examples = {path for path in pages if re.search(r"^ *```python", path.read_text("utf-8"), re.MULTILINE)}
    assert {path for path in with_examples if path not in PAGES} == {
        DOCS / f"{name}.md" if name != "README" else DOCS.parent / "README.md" for name in TESTS_BY_PAGE
    }
    indented = [
        path.name for path in with_examples if re.search(r"^ +```python", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert indented == []  # which no test would find
