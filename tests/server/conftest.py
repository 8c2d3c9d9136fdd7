"""A server over a file of its own, an app on it, and a client with its secret key."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.server.running import Running, Scripted, Seer, bench, quick, running
from worldkit.server.apps import NewKeys


@pytest.fixture(scope="module")
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, scripted: Scripted) -> Iterator[Running]:
    place = tmp_path_factory.mktemp("server") / "worlds.db"
    with running(quick(place, generator=scripted, vision=Seer(), workers=2)) as here:
        yield here


@pytest.fixture(autouse=True)
def reset_script(scripted: Scripted) -> None:
    scripted.forget()


@pytest.fixture
def app(server: Running) -> NewKeys:
    return server.app()


@pytest.fixture
def client(server: Running, app: NewKeys) -> httpx.Client:
    return server.client(app.secret)


@pytest.fixture
def world(client: httpx.Client) -> str:
    """The id of the sample, kept as it is."""
    return str(client.post("/v1/worlds", json={"world": bench()}).json()["worldId"])
