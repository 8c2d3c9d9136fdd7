"""``store``: a store's file checked, and recovered when it is damaged."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.server_commands import DATABASE
from worldkit.cli.terminal import complain, say, say_json, say_text
from worldkit.core.errors import StoreError, WorldError

if TYPE_CHECKING:
    from worldkit.stores import Store

FOUND = 1


def check(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit store check``: 0 for a sound store, 1 for damage or a recovery that is not settled."""
    problem, damage, place = None, None, ""
    try:
        with _opened(arguments) as store:
            place, damage = store.database.place, store.damage
            store.check_servable()
    except StoreError as error:
        problem = str(error)
    if arguments.json:
        lost = [str(one) for one in damage.unreadable] if damage else []
        say_json({"ok": problem is None, "problem": problem, "unreadable": lost})
    elif damage is not None:
        say_text(repr(damage))
    if problem is None:
        say(*([] if arguments.json else [f"{place} is sound"]))
        return 0
    complain(problem)
    return FOUND


def recover(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit store recover``: 0 when nothing is lost or open, 1 when something is, and not accepted."""
    from worldkit.stores.local.recovery import accept, unresolved

    with _opened(arguments, recover=True) as store:
        recovery, path = store.recovery, store.database.path
    assert path is not None
    accepted = accept(path) if arguments.accept else []
    open_ = unresolved(path)
    if arguments.json:
        report = recovery.to_dict() if recovery is not None else None
        say_json({"recovery": report, "accepted": [*map(str, accepted)], "open": [*map(str, open_)]})
        return FOUND if open_ else 0
    say_text(repr(recovery) if recovery is not None else f"{path} is sound; there was nothing to recover")
    for one in accepted:
        say(f"accepted: {one}")
    for one in open_:
        complain(f"{one} is what was damaged; when you have seen what is lost: worldkit store recover --accept {path}")
    return FOUND if open_ else 0


def _opened(arguments: argparse.Namespace, recover: bool = False) -> Store:
    """Open the store that is meant, which must be there.

    Raises:
        WorldError: There is no such file, or it is a PostgreSQL database.
    """
    import warnings

    from worldkit.stores import Store

    place = str(arguments.file or os.environ.get(DATABASE) or "worlds.db")
    if "://" in place:
        raise WorldError("a PostgreSQL database is checked and restored with PostgreSQL's own tools")
    if not Path(place).expanduser().exists() and not Path(f"{place}.recovered").exists():
        raise WorldError(f"{place}: there is no such file")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what a recovery lost is printed
        return Store(place, recover=recover)
