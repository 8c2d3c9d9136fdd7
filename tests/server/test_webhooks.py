"""Webhooks: registering them, what is sent and when, signatures, tries, restarts, and where they may not lead."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.server.running import Running, Scripted, quick, running, wait_for
from worldkit.server import outgoing_requests, webhook_delivery
from worldkit.server.outgoing_addresses import BadAddress, CheckedAddress, addresses, is_public, parse
from worldkit.server.outgoing_requests import post
from worldkit.server.settings import Settings
from worldkit.server.webhook_delivery import Deliverer
from worldkit.server.webhook_store import Delivery

TOKEN = "the-user-session-of-the-tests"
RETRY_SECONDS = (0.05, 0.05)


class Receiver:
    """A receiver of webhooks on this machine: keeps what comes, and answers as it is told."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook?a=b"

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.requests]


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver(context)
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as here:
        yield here


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, scripted: Scripted) -> Iterator[Running]:
    place = tmp_path_factory.mktemp("webhooks") / "w.db"
    options = {"admin_token": TOKEN, "webhooks_private": True, "webhook_retry_s": RETRY_SECONDS}
    with running(quick(place, generator=scripted, **options)) as here:
        yield here


@pytest.fixture
def user(server: Running) -> httpx.Client:
    return server.client(TOKEN)


def register(user: httpx.Client, app: str, url: str, **body: object) -> dict[str, Any]:
    answer = user.post(f"/v1/apps/{app}/webhooks", json={"url": url, **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_webhook_is_registered_listed_without_its_secret_and_deleted(server: Running, user: httpx.Client) -> None:
    app, other = server.app().app, server.app().app
    hook = register(user, app, "https://game.example/hook")
    assert str(uuid.UUID(hook["id"])) == hook["id"] and hook["secret"].startswith("whsec_") and hook["enabled"] is True
    assert hook["events"] == ["world.generation.succeeded", "world.generation.failed"]
    every = register(user, app, "https://game.example/all", events=["*", "session.ended", "*"])
    assert every["events"] == ["*", "session.ended"] and every["secret"] != hook["secret"]
    listing = user.get(f"/v1/apps/{app}/webhooks")
    assert [one["id"] for one in listing.json()["webhooks"]] == [hook["id"], every["id"]]
    assert hook["secret"] not in listing.text and "secret" not in listing.json()["webhooks"][0]
    assert user.delete(f"/v1/apps/{other}/webhooks/{hook['id']}").status_code == 404
    assert user.delete(f"/v1/apps/{app}/webhooks/{hook['id']}").json() == {"ok": True, "deleted": hook["id"]}
    assert user.post(f"/v1/apps/{app}/webhooks/{every['id']}/delete").json() == {"ok": True, "deleted": every["id"]}
    assert user.post(f"/v1/apps/{app}/webhooks/{every['id']}/delete").status_code == 404
    assert user.get(f"/v1/apps/{app}/webhooks").json() == {"webhooks": []}
    assert user.get("/v1/apps/nothing/webhooks").status_code == 404


def test_a_webhook_is_shown_with_the_address_that_is_posted_to(
    server: Running, user: httpx.Client, receiver: Receiver
) -> None:
    keys = server.app()
    home = f"http://127.0.0.1:{receiver.port}"
    hook = register(user, keys.app, f"{home}/{{a}}/../<b>^%7b?c={{d}}&e=<f>")
    assert hook["url"] == f"{home}/%3Cb%3E^%7b?c={{d}}&e=%3Cf%3E"
    assert user.get(f"/v1/apps/{keys.app}/webhooks").json()["webhooks"][0]["url"] == hook["url"]
    server.client(keys.secret).post("/v1/worlds", json={"premise": "a lane", "async": True})
    assert wait_for("the delivery", lambda: [home + path for path, _, _ in receiver.requests] or None) == [hook["url"]]


def test_what_is_no_webhook_is_refused(server: Running, user: httpx.Client) -> None:
    keys = server.app()
    at = f"/v1/apps/{keys.app}/webhooks"
    for body in (
        {"url": None},
        {"url": "http://game.example/hook"},
        {"url": "ftp://game.example/"},
        {"url": "https://"},
        {"url": "game.example"},
        {"url": "https://ann:pw@game.example/"},
        {"url": "https://game.example:99999/"},
        {"url": "https://game.example/a b"},
        {"url": "https://game.example/\r\nX: y"},
        {"url": "https://game.example\\@evil.example/"},
        {"url": "https://гра.example/"},
        {"url": "https://game.example/" + "x" * 2000},
        {"url": "https://game.example/", "events": []},
        {"url": "https://game.example/", "events": ["world.deleted"]},
        {"url": "https://game.example/", "events": "*"},
    ):
        assert user.post(at, json=body).status_code == 422, body
    assert user.post(at, json={}).status_code == 400  # a required field is missing
    assert user.get(at).json() == {"webhooks": []}
    for credential in (keys.secret, keys.publishable_key, None):
        assert server.client(credential).post(at, json={"url": "https://game.example/"}).status_code == 401
    for number in range(20):
        register(user, keys.app, f"https://game.example/{number}")
    full = user.post(at, json={"url": "https://game.example/more"})
    assert full.status_code == 422 and "at most 20" in full.json()["detail"]


def test_a_generated_world_is_told_once_signed_and_only_when_it_was_generated_in_the_background(
    server: Running, user: httpx.Client, receiver: Receiver
) -> None:
    keys = server.app()
    secret = register(user, keys.app, receiver.url)["secret"]
    other = server.app()
    register(user, other.app, receiver.url)
    client = server.client(keys.secret)
    assert client.post("/v1/worlds", json={"premise": "waited for"}).status_code == 200
    job = client.post("/v1/worlds", json={"premise": "a lane", "async": True}).json()["jobId"]
    wait_for("the delivery", lambda: receiver.requests or None)
    world = client.get(f"/v1/jobs/{job}").json()["worldId"]
    ((path, headers, body),) = receiver.requests
    event = json.loads(body)
    assert path == "/hook?a=b" and headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert event.keys() == {"id", "type", "created_at", "data"} and event["id"].startswith("evt_")
    assert event["type"] == "world.generation.succeeded" and event["data"] == {"worldId": world, "jobId": job}
    assert wk.webhooks.verify(body, headers["alakazam-signature"], secret)
    with pytest.raises(wk.WrongSignature):
        wk.webhooks.verify(body, headers["alakazam-signature"], secret + "x")


def test_a_failed_generation_is_told_to_those_who_want_it(
    server: Running, user: httpx.Client, receiver: Receiver, scripted: Scripted
) -> None:
    keys = server.app()
    register(user, keys.app, receiver.url, events=["world.generation.failed"])
    register(user, keys.app, receiver.url.replace("/hook", "/other"), events=["world.generation.succeeded"])
    register(user, keys.app, receiver.url.replace("/hook", "/every"), events=["*"])
    scripted.error = wk.TaskRefused("no words came" + " at all" * 10_000)
    job = server.client(keys.secret).post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
    wait_for("the deliveries", lambda: len(receiver.requests) == 2 or None)
    assert {path.split("?")[0] for path, _, _ in receiver.requests} == {"/hook", "/every"}
    first, second = receiver.events()
    assert first == second and first["type"] == "world.generation.failed"
    assert first["data"]["jobId"] == job and "no words came" in first["data"]["error"]
    assert len(first["data"]["error"]) <= 4_000


def test_what_did_not_arrive_is_tried_again_with_the_same_id_and_then_given_up(
    server: Running, user: httpx.Client, receiver: Receiver
) -> None:
    keys = server.app()
    register(user, keys.app, receiver.url)
    client = server.client(keys.secret)
    receiver.statuses = [500, 302, 200]
    receiver.headers = {"Location": receiver.url.replace("/hook", "/elsewhere")}
    client.post("/v1/worlds", json={"premise": "x", "async": True})
    wait_for("three tries", lambda: len(receiver.requests) == 3 or None)
    assert len({event["id"] for event in receiver.events()}) == 1
    assert {path for path, _, _ in receiver.requests} == {"/hook?a=b"}  # the redirect was not followed
    receiver.statuses = [404] * 9
    client.post("/v1/worlds", json={"premise": "y", "async": True})
    wait_for("three more", lambda: len(receiver.requests) == 6 or None)
    wait_for("nothing to be left", lambda: server.services.webhooks.claim() is None or None)
    receiver.statuses = []
    client.post("/v1/worlds", json={"premise": "z", "async": True})
    wait_for("the next event", lambda: len(receiver.requests) == 7 or None)


def test_a_webhook_that_is_deleted_gets_nothing_more(server: Running, user: httpx.Client, receiver: Receiver) -> None:
    keys = server.app()
    gone_hook = register(user, keys.app, receiver.url.replace("/hook", "/gone"))
    register(user, keys.app, receiver.url)
    user.delete(f"/v1/apps/{keys.app}/webhooks/{gone_hook['id']}")
    server.client(keys.secret).post("/v1/worlds", json={"premise": "x", "async": True})
    wait_for("the delivery", lambda: receiver.requests or None)
    assert [path for path, _, _ in receiver.requests] == ["/hook?a=b"]


def test_a_delivery_survives_that_the_server_stops(tmp_path: Path, receiver: Receiver) -> None:
    options = {"generator": Scripted(), "admin_token": TOKEN, "webhooks_private": True, "webhook_retry_s": (0.3,) * 50}
    receiver.statuses = [503]
    with running(quick(tmp_path / "w.db", **options)) as first:
        keys = first.app()
        register(first.client(TOKEN), keys.app, receiver.url)
        first.client(keys.secret).post("/v1/worlds", json={"premise": "x", "async": True})
        wait_for("the first try", lambda: receiver.requests or None)
    receiver.statuses = []
    with running(quick(tmp_path / "w.db", **options)):
        wait_for("the second try", lambda: len(receiver.requests) == 2 or None)
    assert receiver.events()[0] == receiver.events()[1]


def test_receivers_of_an_app_that_take_their_time_keep_no_other_waiting(
    server: Running, user: httpx.Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_delivery, "post", partial(post, seconds=300))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow, quick_app = server.app(), server.app()
        for number in range(webhook_delivery.MAX_DELIVERIES):
            register(user, slow.app, f"http://127.0.0.1:{silent.getsockname()[1]}/{number}")
        register(user, quick_app.app, receiver.url)
        for number in range(4):
            server.client(slow.secret).post("/v1/worlds", json={"premise": f"{number}", "async": True})
        server.client(quick_app.secret).post("/v1/worlds", json={"premise": "x", "async": True})
        wait_for("the quick one", lambda: receiver.requests or None)


class Backlog:
    """Deliveries that are due, oldest first; each is of a webhook of its own, and its id begins with its app's."""

    def __init__(self, ids: list[str]) -> None:
        self.waiting = ids

    def claim(self, busy: Collection[str], busy_apps: Collection[str]) -> Delivery | None:
        id = next((id for id in self.waiting if id not in busy and id[0] not in busy_apps), None)
        if id is None:
            return None
        self.waiting.remove(id)
        return Delivery(id, id, id[0], f"http://127.0.0.1:9/{id}", "whsec_x", "evt_x", "{}", 1)

    def settle(self, delivery: Delivery) -> None:
        """Forget it."""


@contextmanager
def delivering(backlog: Backlog) -> Iterator[None]:
    deliverer = Deliverer(cast(Any, backlog), Settings(webhooks_private=True, poll_s=0.01))
    deliverer.start()
    try:
        yield
    finally:
        deliverer.stop()


def test_an_app_with_nothing_on_its_way_goes_before_the_backlogs_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[str] = []
    done = threading.Event()

    def slow(target: CheckedAddress, *_: object) -> int:
        paths.append(target.path)
        done.wait()
        return 200

    monkeypatch.setattr(webhook_delivery, "post", slow)
    try:
        with delivering(Backlog([f"{app}{number}" for app in "ab" for number in range(9)] + ["c0"])):
            wait_for("the third app's", lambda: "/c0" in paths or None)
    finally:
        done.set()


def test_a_delivery_for_which_no_thread_can_be_started_keeps_none_after_it_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths: list[str] = []

    def quick_post(target: CheckedAddress, *_: object) -> int:
        paths.append(target.path)
        return 200

    monkeypatch.setattr(webhook_delivery, "post", quick_post)
    start = threading.Thread.start

    def start_others(thread: threading.Thread) -> None:
        if "a0" in [getattr(argument, "id", None) for argument in vars(thread).get("_args", ())]:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_others)
    with delivering(Backlog(["a0", "a1"])):
        wait_for("the second", lambda: "/a1" in paths or None)


def test_a_delivery_that_fails_by_a_defect_is_given_up_in_the_end_too(
    server: Running, user: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[str] = []

    def broken(target: CheckedAddress, *_: object) -> int:
        paths.append(target.path)
        raise LookupError

    monkeypatch.setattr(webhook_delivery, "post", broken)
    keys = server.app()
    register(user, keys.app, "http://127.0.0.1:9/defect")
    server.client(keys.secret).post("/v1/worlds", json={"premise": "x", "async": True})
    wait_for("all tries", lambda: paths.count("/defect") == 1 + len(RETRY_SECONDS) or None)
    wait_for("nothing to be left", lambda: server.services.webhooks.claim() is None or None)


# ---- where they may lead --------------------------------------------------------------------------

PRIVATE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "nonsense",
)


def test_only_addresses_of_the_public_internet_are_public() -> None:
    assert not [number for number in PRIVATE if is_public(number)]
    assert all(is_public(number) for number in ("1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"))


@given(st.ip_addresses())
def test_an_address_inside_another_one_is_as_public_as_itself(address: Any) -> None:
    if address.version == 4:
        assert is_public(f"::ffff:{address}") == is_public(str(address))
    elif is_public(str(address)):
        assert address.is_global and not address.is_private


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "017700000001", "0", "[::1]", "[::ffff:10.0.0.1]"),
        *("10.1.2.3", "169.254.169.254", "localhost", "LOCALHOST", "game.localhost"),
    ],
)
def test_an_address_of_this_machine_or_a_private_network_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(BadAddress, match=r"private network|this server itself"):
        parse(f"https://{host}/hook")
    assert parse(f"https://{host}/hook", private=True).path == "/hook"


def test_http_is_for_this_machine_alone_and_only_where_it_is_allowed() -> None:
    for url, private in (("http://127.0.0.1/", False), ("http://10.0.0.1/", True), ("http://game.example/", True)):
        with pytest.raises(BadAddress):
            parse(url, private=private)
    assert parse("http://localhost:3000", private=True) == CheckedAddress(
        "http", "localhost", 3000, "/", "localhost:3000"
    )


def test_a_name_with_a_private_address_is_refused_even_beside_a_public_one() -> None:
    target = parse("https://game.example/hook")
    for numbers in (["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["2606:4700:4700::1111", "::1"]):
        with pytest.raises(BadAddress, match="private network"):
            addresses(target, lambda host, port, numbers=numbers: numbers)
    assert addresses(target, lambda host, port: ["1.1.1.1"]) == ["1.1.1.1"]

    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(BadAddress, match="not known"):
        addresses(target, unknown)


def test_a_name_is_resolved_once_for_each_delivery_and_nothing_is_sent_to_a_private_address(receiver: Receiver) -> None:
    hosts: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        hosts.append(host)
        return ["127.0.0.1"] if len(hosts) > 1 else ["10.255.255.1"]

    deliverer = Deliverer(None, Settings(), rebinding)  # type: ignore[arg-type]
    url = f"https://game.example:{receiver.port}/hook"
    failure = deliverer._send(Delivery("d", "w", "a", url, "whsec_x", "evt_1", "{}", 1))
    assert failure is not None and "private network" in failure and hosts == ["game.example"]
    assert receiver.requests == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of game.example, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=game.example"]
    command += ["-addext", "subjectAltName=DNS:game.example"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def test_https_goes_to_the_checked_address_with_the_name_and_its_certificate(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    monkeypatch.setattr(outgoing_requests, "tls_context", lambda: trusting)
    with receiving(context) as secure:
        target = parse(f"https://game.example:{secure.port}/hook")
        assert post(target, ["127.0.0.1"], b"{}", {}) == 204
        assert names == ["game.example"] and secure.requests[0][1]["host"] == f"game.example:{secure.port}"
        with pytest.raises(ssl.SSLCertVerificationError):
            post(parse(f"https://other.example:{secure.port}/"), ["127.0.0.1"], b"{}", {})
        monkeypatch.undo()
        with pytest.raises(ssl.SSLCertVerificationError):
            post(target, ["127.0.0.1"], b"{}", {})
        assert len(secure.requests) == 1


def test_who_cannot_be_reached_is_told_as_the_system_tells_it() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        target = parse(f"http://127.0.0.1:{unused.getsockname()[1]}/", private=True)
        with pytest.raises(ConnectionRefusedError):
            post(target, ["127.0.0.1"], b"{}", {})


def test_a_receiver_that_drips_its_answer_is_left_after_the_time_limit() -> None:
    stop = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"y" * 10_000:
                if stop.wait(0.02):
                    return
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        target = parse(f"http://127.0.0.1:{listener.getsockname()[1]}/", private=True)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            post(target, ["127.0.0.1"], b"{}", {}, seconds=0.6)
        assert time.monotonic() - began < 100, "it drips for 200 s"
        stop.set()
        thread.join()
