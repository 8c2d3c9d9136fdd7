"""The SDK as the server hands it out."""

from __future__ import annotations

import httpx
import pytest

from tests.server.running import Running
from worldkit.server.routes.embed import DEFAULT_HOST, SDK_FILES
from worldkit.widgets.bundle import bundle


@pytest.mark.parametrize("name", SDK_FILES)
def test_the_sdk_is_at_most_4_kb_and_loads_from_every_origin_with_this_server_as_its_host(
    server: Running, name: str
) -> None:
    script = bundle(name).read_bytes()
    assert len(script) <= 4000 and script.count(DEFAULT_HOST.encode()) == 1
    answer = httpx.get(f"{server.url}/{name}", headers={"Origin": "https://game.example"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert DEFAULT_HOST not in answer.text and server.url in answer.text


def test_other_scripts_are_not_there(server: Running) -> None:
    for path in ("/player.js", "/embed-page.js", "/embed/embed.js", "/embed/../embed.js/x"):
        assert httpx.get(f"{server.url}{path}").status_code == 404
