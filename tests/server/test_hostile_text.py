"""Whatever text a request holds, in any of its parts, the server answers it and does not fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server.conformance import ADMIN_TOKEN
from tests.server.hostile_text import PIECES, TEXTS, Stranger, stranger
from tests.server.running import Scripted, Seer, quick, running

ANY_PIECE = st.one_of(st.sampled_from(PIECES), st.text(max_size=20))


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    place = tmp_path_factory.mktemp("hostile") / "worlds.db"
    with running(quick(place, generator=Scripted(), vision=Seer(), admin_token=ADMIN_TOKEN)) as server:
        yield stranger(server.url, server.app().secret)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_text_at_which_a_parser_stumbles_makes_the_server_fail(caller: Stranger, text: str) -> None:
    assert caller.failures(text) == []


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(ANY_PIECE, min_size=1, max_size=4), nth=st.integers(0, 1000))
def test_no_text_at_all_makes_the_server_fail(caller: Stranger, pieces: list[str], nth: int) -> None:
    assert caller.failures("".join(pieces), nth) == []
