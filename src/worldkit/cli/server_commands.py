"""``serve`` and ``apps``: run your own /v1 server, and manage the apps that may call it."""

from __future__ import annotations

import argparse
import os
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING

from worldkit.cli.terminal import print_error, print_json, print_lines

if TYPE_CHECKING:
    from worldkit.server.apps import Apps, NewKeys

LOOPBACK = ("127.0.0.1", "::1", "localhost")
DATABASE = "WORLDKIT_DB"
ADMIN_TOKEN = "WORLDKIT_ADMIN_TOKEN"


def serve(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit serve``."""
    from worldkit.server.app_factory import serve as run
    from worldkit.server.generator import named
    from worldkit.server.settings import CAPS, Settings, limits

    settings = Settings(
        database=database(arguments),
        generator=named(arguments.generator),
        caps={kind: getattr(arguments, f"cap_{kind}") for kind in CAPS},
        rate=arguments.rate,
        workers=arguments.jobs,
        origins=tuple(arguments.origin),
        public_url=arguments.public_url,
        webhooks_private=arguments.webhooks_private,
        admin_token=os.environ.get(ADMIN_TOKEN) or None,
        hosts=(*arguments.allow_host, *([] if _is_address(arguments.host) else [arguments.host])),
        **{"burst": max(1, int(4 * arguments.rate)), **limits(arguments.limit)},
    )

    def ready(address: str) -> None:
        print_lines(f"worldkit serves /v1 at {address}; stop it with Ctrl-C")
        print_lines('make a key with: worldkit apps create "my app"' + ("" if arguments.db is None else " --db ..."))
        if arguments.host not in LOOPBACK:
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
    from worldkit.server.settings import SCOPES

    caps = {kind: int(cap) for kind, cap in arguments.cap}
    return _print_keys(
        _apps(arguments).create(arguments.name, arguments.mode, arguments.scopes or SCOPES, caps), arguments
    )


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
    print_lines(f"{count} key{'s' * (count != 1)} revoked")
    return 0


def list_apps(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apps list``."""
    apps = _apps(arguments).list()
    if arguments.json:
        print_json(
            [{"id": app.id, "name": app.name, "created_at": app.created_at, "keys": list(app.keys)} for app in apps]
        )
        return 0
    for app in apps:
        print_lines(f"{app.id}  {app.name}")
        for key in app.keys:
            state = "revoked" if key["revoked_at"] else " ".join(key["scopes"])
            print_lines(f"  {key['kind']}_{key['mode']}_...{key['last4'] or ''}  {key['id']}  {state}")
    if not apps:
        print_lines('no apps; make one with: worldkit apps create "my app"')
    return 0


def database(arguments: argparse.Namespace) -> str:
    """Return the database that is meant: the one given, the environment's, or a file here."""
    return str(arguments.db or os.environ.get(DATABASE) or "worlds.db")


def _apps(arguments: argparse.Namespace) -> Apps:
    from worldkit.server import need
    from worldkit.stores import Store

    need()
    from worldkit.server.apps import Apps
    from worldkit.server.migrate import prepare

    store_database = Store(database(arguments)).database
    prepare(store_database)
    return Apps(store_database)


def _print_keys(keys: NewKeys, arguments: argparse.Namespace) -> int:
    if arguments.json:
        print_json({"app": keys.app, "publishable": keys.publishable, "secret": keys.secret})
        return 0
    print_lines(f"app          {keys.app}", f"publishable  {keys.publishable}", f"secret       {keys.secret}")
    print_error("the secret key is shown this once and kept nowhere; put it where only your server reads it")
    return 0
