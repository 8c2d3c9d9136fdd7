"""Laws that hold whatever the order of things: of quotas, of tokens, of the runs that pages hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit.server import quota
from worldkit.server.tables import SCHEMA
from worldkit.server.tokens import BadToken, Claims, Tokens
from worldkit.stores.local.column_values import new_id

names = st.text(max_size=20)
runs = st.dictionaries(names, st.integers() | names | st.lists(names, max_size=3), max_size=4)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wk.Store]:
    path: Path = tmp_path_factory.mktemp("laws") / "w.db"
    with wk.Store(path) as opened_store:
        opened_store.database.bring_up_to_date(SCHEMA)
        yield opened_store


@settings(max_examples=40, deadline=None)
@given(cap=st.integers(0, 5), deeds=st.lists(st.booleans(), max_size=25))
def test_what_is_used_is_what_was_reserved_and_not_given_back_and_never_over_the_cap(
    store: wk.Store, cap: int, deeds: list[bool]
) -> None:
    app, reservations = new_id(), []
    with store.database.writing() as connection:
        for reserves in deeds:
            if reserves and len(reservations) < cap:
                reservations.append(quota.reserve(connection, app, "test", "edit", cap))
            elif reserves:
                with pytest.raises(quota.OverQuota) as error:
                    quota.reserve(connection, app, "test", "edit", cap)
                assert (error.value.used, error.value.cap) == (len(reservations), cap)
            elif reservations:
                quota.release(connection, app, "test", "edit", reservations.pop())
            else:
                quota.release(connection, app, "test", "edit", quota.today())
            used = quota.of_day(connection, app, "test", quota.today())
            assert used == {"generation": 0, "session": 0, "edit": len(reservations), "session_seconds": 0}


@settings(max_examples=40, deadline=None)
@given(cap=st.integers(0, 900), amounts=st.lists(st.integers(1, 400), max_size=12))
def test_an_amount_is_reserved_whole_or_not_at_all(store: wk.Store, cap: int, amounts: list[int]) -> None:
    app, used = new_id(), 0
    with store.database.writing() as connection:
        for amount in amounts:
            if used + amount <= cap:
                quota.reserve(connection, app, "test", "session_seconds", cap, amount)
                used += amount
            else:
                with pytest.raises(quota.OverQuota):
                    quota.reserve(connection, app, "test", "session_seconds", cap, amount)
            assert quota.of_day(connection, app, "test", quota.today())["session_seconds"] == used
        quota.release(connection, app, "test", "session_seconds", quota.today(), used + 1)
        assert quota.of_day(connection, app, "test", quota.today())["session_seconds"] == 0


@settings(max_examples=60, deadline=None)
@given(player=st.none() | names, origin=st.none() | names, ttl=st.integers(1, 3600), later=st.integers(0, 7200))
def test_a_token_says_what_was_signed_until_its_time_is_up(
    store: wk.Store, player: str | None, origin: str | None, ttl: int, later: int
) -> None:
    now = [1_000_000.0]
    tokens = Tokens(store.database, lambda: now[0])
    claims = tokens.claims("app", "live", "key", "w", player, origin, ttl)
    token = tokens.sign(claims)
    now[0] += later
    if later < ttl:
        assert tokens.read(token) == claims
    else:
        with pytest.raises(BadToken, match="expired"):
            tokens.read(token)


@settings(max_examples=60, deadline=None)
@given(run=runs, position=st.integers(0, 400), letter=st.sampled_from("Aa0_."))
def test_a_run_comes_back_as_it_was_sealed_or_not_at_all(
    store: wk.Store, run: dict[str, object], position: int, letter: str
) -> None:
    tokens = Tokens(store.database)
    mine = Claims("j", "app", "live", "key", "w", "ann", None, 0, 1)
    sealed = tokens.seal(mine, run)
    assert tokens.unseal(mine, sealed) == run
    others = [
        Claims("j", "app", "live", "key", "w", "bob", None, 0, 1),
        Claims("j", "app", "live", "key", "v", "ann", None, 0, 1),
        Claims("j", "app", "test", "key", "w", "ann", None, 0, 1),
    ]
    for other in others:
        with pytest.raises(BadToken):
            tokens.unseal(other, sealed)
    at = position % len(sealed)
    changed = sealed[:at] + letter + sealed[at + 1 :]
    if changed != sealed:
        with pytest.raises(BadToken):
            tokens.unseal(mine, changed)
