"""``store``: check a store's file, and recover a damaged one."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.options import add_task, json_option
from worldkit.cli.server_commands import DATABASE_VARIABLE
from worldkit.cli.terminal import EXIT_FINDINGS, print_error, print_json, print_lines, print_text
from worldkit.core.errors import StoreError, WorldError
from worldkit.core.paths import expand_home, link_target

if TYPE_CHECKING:
    from worldkit.stores import Store


def store_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit store``."""
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    check_task = add_task(tasks, "check", check, "check a store and list what cannot be read")
    recover_task = add_task(tasks, "recover", recover, "recover a damaged store; the original stays beside it")
    recover_task.add_argument("--accept", action="store_true", help="accept the loss, so that the store can be served")
    for task_parser in (check_task, recover_task):
        task_parser.add_argument("file", nargs="?", help="the store's file ($WORLDKIT_DB, else worlds.db)")
        json_option(task_parser)


def check(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit store check``: 0 for a sound store, 1 for damage or a recovery that is not settled."""
    problem, damage, label = None, None, ""
    try:
        with _open_store(arguments) as store:
            label, damage = store.database.place, store.damage
            store.check_servable()
    except StoreError as error:
        problem = str(error)
    if arguments.json:
        unreadable = [str(item) for item in damage.unreadable] if damage else []
        print_json({"ok": problem is None, "problem": problem, "unreadable": unreadable})
    elif damage is not None:
        print_text(str(damage))
    if problem is None:
        print_lines(*([] if arguments.json else [f"{label} is sound"]))
        return 0
    print_error(problem)
    return EXIT_FINDINGS


def recover(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit store recover``: 0 when nothing is lost or open, 1 when something is, and not accepted."""
    from worldkit.stores.local.recovery import accept, unresolved

    with _open_store(arguments, recover=True) as store:
        recovery, path = store.recovery, store.database.path
    assert path is not None
    accepted_originals = accept(path) if arguments.accept else []
    open_originals = unresolved(path)
    if arguments.json:
        report = recovery.to_dict() if recovery is not None else None
        print_json(
            {"recovery": report, "accepted": [*map(str, accepted_originals)], "open": [*map(str, open_originals)]}
        )
        return EXIT_FINDINGS if open_originals else 0
    print_text(str(recovery) if recovery is not None else f"{path} is sound; there was nothing to recover")
    for original in accepted_originals:
        print_lines(f"accepted: {original}")
    for original in open_originals:
        print_error(
            f"{original} is what was damaged; when you have seen what is lost: worldkit store recover --accept {path}"
        )
    return EXIT_FINDINGS if open_originals else 0


def _open_store(arguments: argparse.Namespace, recover: bool = False) -> Store:
    """Open the store that is meant, which must be there.

    Raises:
        WorldError: There is no such file, or it is a PostgreSQL database.
    """
    import warnings

    from worldkit.stores import Store

    place = str(arguments.file or os.environ.get(DATABASE_VARIABLE) or "worlds.db")
    if "://" in place:
        raise WorldError("a PostgreSQL database is checked and restored with PostgreSQL's own tools")
    path = link_target(expand_home(place))
    # opening the store finishes a recovery that was interrupted between its two renames
    if not path.exists() and not Path(f"{path}.recovered").exists():
        raise WorldError(f"{place}: there is no such file")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what a recovery lost is printed
        return Store(place, recover=recover)
