"""The script that compares worldkit's schema with a published one, field by field."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.scripts import load_script
from worldkit.core.schema import load_schema


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("scripts/compare_schemas.py")


def theirs() -> Any:
    return copy.deepcopy(load_schema())


def test_a_schema_equals_itself_however_it_is_cut_into_definitions(script: ModuleType) -> None:
    inline_schema = theirs()
    event = inline_schema["$defs"]["Event"]["properties"]
    event["anchor"] = {**inline_schema["$defs"]["Anchor"], "description": "Another text."}
    event["hotkey"] = {"anyOf": [{"type": "null"}, {"type": "string"}]}
    assert script.differences(load_schema(), inline_schema) == []


def test_every_field_that_differs_is_named_with_what_each_says(script: ModuleType) -> None:
    other = theirs()
    state, event = other["$defs"]["State"], other["$defs"]["Event"]
    state["required"] = ["base", "camera"]
    del state["properties"]["narration"]
    event["properties"]["kind"]["enum"].append("portal")
    event["properties"]["minPlayMs"]["minimum"] = 1
    event["properties"]["fog"] = {"type": "object", "properties": {"depth": {"type": "number"}}}
    assert sorted(script.differences(load_schema(), other)) == [
        'differs: scene.events[].kind: words: ours "override" or "terminal" or "transition", theirs '
        '"override" or "portal" or "terminal" or "transition"',
        "differs: scene.events[].minPlayMs: minimum: ours 0, theirs 1",
        "differs: scene.states.*.camera: required: ours false, theirs true",
        "only ours: scene.states.*.narration",
        "only theirs: scene.events[].fog",
    ]


def test_a_schema_that_refers_to_itself_is_compared_as_well(script: ModuleType) -> None:
    tree = {"$ref": "#/$defs/T", "$defs": {"T": {"type": "object", "properties": {"t": {"$ref": "#/$defs/T"}}}}}
    assert script.differences(tree, tree) == []


@pytest.fixture
def address() -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(theirs()).encode() if self.path == "/smworld-1.0.json" else b"[]"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_other_schema_is_read_from_a_path_or_an_address(
    script: ModuleType, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([f"{address}/smworld-1.0.json"]) == 0
    assert "no difference in" in capsys.readouterr().out
    path = tmp_path / "other.json"
    path.write_text(json.dumps({**theirs(), "required": []}), "utf-8")
    assert script.main([str(path)]) == 1
    assert capsys.readouterr().out == "differs: scene: required: ours true, theirs false\n"


def test_what_cannot_be_read_is_said_and_is_no_difference(
    script: ModuleType, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no.json").write_text("{", "utf-8")
    (tmp_path / "far.json").write_text('{"$ref": "https://example.org/x.json"}', "utf-8")
    for source in (
        f"{address}/list",
        str(tmp_path / "none.json"),
        str(tmp_path / "no.json"),
        str(tmp_path / "far.json"),
    ):
        assert script.main([source]) == 2
    assert "cannot be read" in capsys.readouterr().err
