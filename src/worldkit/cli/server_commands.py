"""``serve`` and ``apps``: run your own /v1 server, and manage the apps that may call it."""

from __future__ import annotations

import argparse
import os
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING

from worldkit.cli.options import (
    add_task,
    database_option,
    json_option,
    number_or_zero,
    port_number,
    whole_number,
    whole_number_or_zero,
)
from worldkit.cli.terminal import print_error, print_json, print_lines
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.server.apps import Apps, NewKeys

LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
DATABASE_VARIABLE = "WORLDKIT_DB"
ADMIN_VARIABLE = "WORLDKIT_ADMIN_TOKEN"


def serve_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit serve``."""
    database_option(parser)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=8765, help="the port; 0 for a free one (8765)")
    parser.add_argument(
        "--generator",
        default="templates",
        help="templates, tiny, local, local:..., torch:..., vllm:..., chat:... or none",
    )
    parser.add_argument("--workers", type=whole_number, default=1, help="number of server processes (1)")
    parser.add_argument(
        "--jobs", type=whole_number_or_zero, default=1, help="concurrent jobs in each process; 0 for none (1)"
    )
    parser.add_argument(
        "--rate", type=number_or_zero, default=50, help="requests per second and key; 0 for no limit (50)"
    )
    parser.add_argument("--origin", action="append", default=[], help="an origin whose pages may call /v1; repeatable")
    parser.add_argument(
        "--webhooks-private", action="store_true", help="allow webhooks to private networks, for testing"
    )
    parser.add_argument("--public-url", help="the public address of a proxy in front of the server")
    for unit, cap, meaning in (
        ("generation", 1_000, "generated worlds"),
        ("session", 10_000, "minted session tokens"),
        ("edit", 1_000, "executed instructions"),
        ("session_seconds", 10_000_000, "seconds of connected players"),
    ):
        option = f"--cap-{unit.replace('_', '-')}"
        parser.add_argument(option, type=int, default=cap, metavar="N", help=f"{meaning} per app and day ({cap:,})")
    default_bytes = 1_000_000_000
    parser.add_argument(
        "--cap-bytes", type=int, default=default_bytes, metavar="N", help=f"stored bytes per app ({default_bytes:,})"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further host name that the server answers to",
    )
    parser.add_argument(
        "--limit",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "N"),
        help="one of the limits of docs/server.md, such as: --limit connections 2000",
    )


def serve(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit serve``."""
    from worldkit.server.app_factory import serve as run
    from worldkit.server.generator import named
    from worldkit.server.settings import CAPS, Settings, limits
    from worldkit.stores.api.secret import Secret, check_admin_token

    admin_token = Secret(os.environ.get(ADMIN_VARIABLE))
    check_admin_token(admin_token)
    settings = Settings(
        database=database(arguments),
        generator=named(arguments.generator),
        caps={kind: getattr(arguments, f"cap_{kind}") for kind in CAPS},
        rate=arguments.rate,
        workers=arguments.jobs,
        origins=tuple(arguments.origin),
        public_url=arguments.public_url,
        webhooks_private=arguments.webhooks_private,
        admin_token=admin_token.reveal() or None,
        hosts=(*arguments.allow_host, *([] if _is_address(arguments.host) else [arguments.host])),
        **{"burst": max(1, int(4 * arguments.rate)), **limits(arguments.limit)},
    )

    def ready(address: str) -> None:
        print_lines(f"worldkit serves /v1 at {address}; stop it with Ctrl-C")
        print_lines('make a key with: worldkit apps create "my app"' + ("" if arguments.db is None else " --db ..."))
        if arguments.host not in LOOPBACK_HOSTS:
            print_error("keys and tokens go over this address unencrypted; put a proxy that speaks TLS in front of it")
        sys.stdout.flush()

    run(settings, arguments.host, arguments.port, arguments.workers, ready)
    return 0


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def create(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apps create``."""
    from worldkit.server.settings import SCOPES, caps

    scopes = arguments.scopes or SCOPES
    return _print_keys(_apps(arguments).create(arguments.name, arguments.mode, scopes, caps(arguments.cap)), arguments)


def rotate(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apps rotate``."""
    return _print_keys(_apps(arguments).rotate(arguments.app, arguments.mode, arguments.scopes), arguments)


def limit(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apps cap``."""
    caps = _apps(arguments).limit(arguments.app, {arguments.kind: arguments.most})
    if arguments.json:
        print_json({"app": arguments.app, "caps": caps})
    else:
        print_lines(*(f"{kind}  {cap:,}" for kind, cap in caps.items()))
    return 0


def revoke(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apps revoke``."""
    count = _apps(arguments).revoke(arguments.app, arguments.mode)
    print_lines(f"{format_count(count, 'key')} revoked")
    return 0


def list_apps(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apps list``."""
    apps = _apps(arguments).list()
    if arguments.json:
        print_json(apps)
        return 0
    for app in apps:
        print_lines(f"{app['id']}  {app['name']}")
        for key in app["keys"]:
            state = "revoked" if key["revoked_at"] else " ".join(key["scopes"])
            print_lines(f"  {key['kind']}_{key['mode']}_...{key['last4'] or ''}  {key['id']}  {state}")
    if not apps:
        print_lines('no apps; make one with: worldkit apps create "my app"')
    return 0


def database(arguments: argparse.Namespace) -> str:
    """Return the database that is meant: the one given, the environment's, or a file here."""
    return str(arguments.db or os.environ.get(DATABASE_VARIABLE) or "worlds.db")


def _apps(arguments: argparse.Namespace) -> Apps:
    from worldkit.server import need
    from worldkit.stores import Store

    need()
    from worldkit.server.apps import Apps
    from worldkit.server.tables import SCHEMA

    store_database = Store(database(arguments)).database
    store_database.bring_up_to_date(SCHEMA)
    return Apps(store_database)


def _print_keys(keys: NewKeys, arguments: argparse.Namespace) -> int:
    if arguments.json:
        print_json({"app": keys.app, "publishable": keys.publishable_key, "secret": keys.secret})
        return 0
    print_lines(f"app          {keys.app}", f"publishable  {keys.publishable_key}", f"secret       {keys.secret}")
    print_error("the secret key is shown this once and kept nowhere; put it where only your server reads it")
    return 0


def apps_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit apps``."""
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    task = add_task(tasks, "create", create, "create an app and print its keys, once")
    task.add_argument("name", help="the app's name")
    task.add_argument(
        "--cap",
        nargs=2,
        action="append",
        default=[],
        metavar=("UNIT", "N"),
        help="a cap for this app",
    )
    rotate_task = add_task(tasks, "rotate", rotate, "revoke an app's keys of a mode and print new ones, once")
    revoke_task = add_task(tasks, "revoke", revoke, "revoke an app's keys, and with them the tokens they minted")
    cap_task = add_task(tasks, "cap", limit, "set a cap for an app, for a usage unit or for bytes")
    listing = add_task(tasks, "list", list_apps, "list the apps and their keys, without secrets")
    for task_parser in (rotate_task, revoke_task, cap_task):
        task_parser.add_argument("app", help="the app's id")
    cap_task.add_argument("kind", help="generation, session, edit or session_seconds (per day), or bytes (stored)")
    cap_task.add_argument("most", type=int, help="the cap; 0 allows none")
    revoke_task.add_argument("--mode", choices=("test", "live"), help="only keys of this mode")
    for task_parser in (task, rotate_task):
        task_parser.add_argument("--mode", choices=("test", "live"), default="test", help="the keys' mode (test)")
        task_parser.add_argument(
            "--scopes", nargs="+", help="what the secret key may do (everything; when rotated, as before)"
        )
    for task_parser in (task, rotate_task, revoke_task, cap_task, listing):
        database_option(task_parser)
    for task_parser in (task, rotate_task, cap_task, listing):
        json_option(task_parser)
