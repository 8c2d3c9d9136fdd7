"""A secret key is in no repr, log, traceback, copy, pickle, error or saved notebook."""

from __future__ import annotations

import asyncio
import copy
import importlib
import inspect
import json
import logging
import os
import pickle
import pprint
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import h11
import nbformat
import pytest

import worldkit as wk
from tests.api.scripted import KEY, LIVE_KEY, PUBLISHABLE, Answer, Scripted, Slept, serving
from tests.kernels import run_notebook
from worldkit.cli import main
from worldkit.stores.api import secret
from worldkit.stores.api.secret import Secret, redacted
from worldkit.stores.api.secret import _from_keyring as from_keyring  # before any test takes it away

SECRET_PART = KEY.removeprefix("sk_test_")
"""What of the key is secret; its kind and mode may be shown."""


def holds_key(text: str | bytes) -> bool:
    return (SECRET_PART.encode() if isinstance(text, bytes) else SECRET_PART) in text


@pytest.fixture
def server() -> Iterator[Scripted]:
    with serving(Answer({"day": "d", "usage": {}, "caps": {}})) as server:
        yield server


def every_local(tb: TracebackType | None) -> Iterator[tuple[str, str, Any]]:
    while tb is not None:
        frame = tb.tb_frame
        for name, value in frame.f_locals.items():
            yield frame.f_code.co_filename, name, value
        tb = tb.tb_next


def whole(error: BaseException) -> str:
    """Return everything that tools print of an error: all frames, all locals, and of all it came from."""
    texts: list[str] = []
    requests: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or one in requests:
            continue
        requests.append(one)
        waiting += [one.__context__, one.__cause__]
        texts += [repr(one), str(one), repr(one.args), repr(vars(one)), pprint.pformat(vars(one))]
        texts += traceback.format_exception(one)
        texts += traceback.TracebackException.from_exception(one, capture_locals=True).format()
        # the test's own frames hold what the test holds
        ours = [v for file, _, v in every_local(one.__traceback__) if "tests" not in file]
        for value in ours:
            texts += [repr(value), pprint.pformat(value), repr(getattr(value, "__dict__", ""))]
    return "\n".join(texts)


# ---- where the key comes from, so that no frame of a test holds it --------------------------------


@pytest.fixture
def in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALAKAZAM_API_KEY", KEY)


@pytest.mark.usefixtures("in_environment")
def test_no_repr_of_a_client_or_of_anything_in_it_holds_the_key(server: Scripted) -> None:
    for client in (wk.Client(base_url=server.url), wk.AsyncClient(base_url=server.url)):
        if isinstance(client, wk.Client):
            client.usage()
        assert "sk_test_..." in repr(client)
        waiting: list[Any] = [client]
        requests: set[int] = set()
        while waiting and len(requests) < 5000:
            one = waiting.pop()
            if id(one) in requests or isinstance(one, type(os)):
                continue
            requests.add(id(one))
            texts = [repr(one), str(one), f"{one}", pprint.pformat(one)]
            assert not any(map(holds_key, texts)), type(one)
            attributes = getattr(one, "__dict__", {})
            waiting += [*attributes.values(), *(one.values() if isinstance(one, dict) else ())]
            waiting += list(one) if isinstance(one, (list, tuple)) else []
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.usefixtures("in_environment")
def test_copies_share_the_key_and_pickles_leave_it_behind(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    client = wk.Client(base_url=server.url, mode="test")
    assert copy.copy(client) is copy.deepcopy(client) is client
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert not holds_key(pickle.dumps([client, client._key, wk.AsyncClient(base_url=server.url)], protocol))
    again = pickle.loads(pickle.dumps(client))
    assert again.base_url == client.base_url and again.usage().day == "d"
    assert server.seen[-1].headers["authorization"] == f"Bearer {KEY}"
    lonely = pickle.loads(pickle.dumps(client))
    monkeypatch.delenv("ALAKAZAM_API_KEY")
    with pytest.raises(wk.AuthError, match="there is no API key"):
        lonely.usage()
    monkeypatch.setenv("ALAKAZAM_API_KEY", LIVE_KEY)
    with pytest.raises(wk.AuthError, match="this place says test"):
        lonely.usage()


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(KEY)
    texts = [repr(secret), str(secret), f"{secret}", f"{secret:>30}", repr([secret]), json.dumps(secret, default=str)]
    texts += [pprint.pformat(inspect.getmembers(secret)), pprint.pformat(inspect.getmembers(wk.Client(KEY)))]
    assert not any(map(holds_key, texts)) and secret.reveal() == KEY
    assert copy.deepcopy(secret) is secret and not pickle.loads(pickle.dumps(secret))
    with pytest.raises(AttributeError):
        secret._held = lambda: "other"
    assert redacted(f"a {KEY}, b r-{LIVE_KEY}.") == "a sk_..., b r-sk_..."


FAULTS: dict[str, Answer] = {
    "hang up": Answer(fault="hang up"),
    "reset": Answer(fault="reset"),
    "half": Answer({"day": "d"}, fault="half"),
    "not json": Answer(b"{"),
    "html": Answer(f"<title>{KEY}</title>".encode(), kind="text/html"),
    "refused": Answer({"detail": f"unknown key {KEY}", "errors": [KEY], "diagnostics": [{"message": KEY}]}, 422),
    "unknown key": Answer({"detail": f"Bearer {KEY} is unknown"}, 401, {"X-Request-Id": KEY}),
    "redirected": Answer({}, 302, {"Location": f"https://example.org/?k={KEY}"}),
    "unpackable": Answer(b"not gzip", headers={"Content-Encoding": "gzip"}),
    "bad header": Answer({}, headers={"X\x00": "y"}),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.usefixtures("in_environment")
def test_no_error_holds_the_key_in_any_frame_cause_or_pickle(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "worldkit"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    with serving(FAULTS[fault]) as server:
        for attempt in (
            lambda: wk.Client(base_url=server.url, sleep=Slept()).usage(),
            lambda: asyncio.run(wk.AsyncClient(base_url=server.url, sleep=Slept().later).usage()),
        ):
            with pytest.raises(wk.ApiError) as error:
                attempt()
            assert not holds_key(whole(error.value)) and not holds_key(pickle.dumps(error.value))
        assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert len(caplog.records) > 4 and not holds_key(caplog.text)
    assert not any(holds_key(repr(record.args)) for record in caplog.records)


@pytest.mark.usefixtures("in_environment")
def test_an_interrupt_in_the_middle_of_a_request_brings_no_frame_with_the_headers(
    server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_reading(*_: object) -> None:
        raise KeyboardInterrupt

    client = wk.Client(base_url=server.url)
    monkeypatch.setattr(h11.Connection, "next_event", stop_reading)
    with pytest.raises(KeyboardInterrupt) as error:
        client.fork("w", idempotency_key="mine")
    assert is_bare(error.value) and "ask again with idempotency_key='mine'" in error.value.__notes__[0]
    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.usage()
    assert is_bare(interrupt.value) and not hasattr(interrupt.value, "__notes__")


@pytest.mark.usefixtures("in_environment")
def test_a_task_cancelled_in_the_middle_of_a_request_brings_none_either() -> None:
    async def main(server: Scripted) -> BaseException:
        async with wk.AsyncClient(base_url=server.url) as api:
            task = asyncio.create_task(api.usage())
            while not server.seen:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as error:
                await task
            return error.value

    with serving(Answer({"day": "x" * 10_000}, fault="drip")) as server:
        assert is_bare(asyncio.run(main(server)))


def is_bare(error: BaseException) -> bool:
    """Say whether an error holds no key, and no frame of what lies below the client."""
    files = {file for file, _, _ in every_local(error.__traceback__)}
    return not holds_key(whole(error)) and not any(
        name in file for file in files for name in ("httpx", "httpcore", "h11")
    )


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ3b3JsZCI6MX0.0123456789abcdefABCDEF"
UNREACHABLE_MODEL = "chat:http://127.0.0.1:9/v1#m"
PREMISE = "A keeper lights a lamp."

CALLS_WITH_A_SECRET: dict[str, Callable[[str], Any]] = {
    "connect": lambda url: wk.Client(KEY, url, sleep=Slept()).connect(TOKEN),
    "refresh": lambda url: asyncio.run(wk.AsyncClient(KEY, url, sleep=Slept().later).refresh(TOKEN)),
    "track": lambda url: wk.Client(KEY, url, sleep=Slept()).track(TOKEN, "stream"),
    "end": lambda url: wk.Client(KEY, url, sleep=Slept()).end(TOKEN),
    "account": lambda url: wk.Client(KEY, url, account=TOKEN.encode()),  # type: ignore[arg-type]
    "verify": lambda url: wk.webhooks.verify(b"{}", "t=1,v1=00", TOKEN),
    "unknown model": lambda url: wk.generate(PREMISE, "nonsense:x", key=TOKEN),
    "plain http": lambda url: wk.generate(PREMISE, "chat:http://example.org/v1#m", key=TOKEN),
    "out of bounds": lambda url: wk.generate_with_report(PREMISE, UNREACHABLE_MODEL, states=1_000_000, key=TOKEN),
    "many": lambda url: wk.generate_many([PREMISE], "nonsense:x", key=TOKEN),
    "short text": lambda url: wk.from_text(PREMISE, model=UNREACHABLE_MODEL, key=TOKEN),
    "painter": lambda url: wk.painters.MiraPainter("ftp://x", key=TOKEN),
    "password": lambda url: wk.Store(f"postgresql://me:{TOKEN}@127.0.0.1:9/worlds"),
    "other database": lambda url: wk.Store(f"mysql://me:{TOKEN}@127.0.0.1:9/worlds"),
}


def shown(error: BaseException) -> str:
    """Return what tracebacks with the locals of each frame of worldkit and below show of an error."""
    texts = [repr(error), *traceback.format_exception(error)]
    errors: list[BaseException] = [error]
    for one in errors:
        texts += [repr(value) for file, _, value in every_local(one.__traceback__) if "tests" not in file]
        errors += [origin for origin in (one.__cause__, one.__context__) if origin and origin not in errors]
    return "\n".join(texts)


@pytest.mark.parametrize("name", CALLS_WITH_A_SECRET)
def test_no_traceback_with_locals_shows_a_secret_that_a_call_was_given(name: str) -> None:
    with serving(Answer(fault="hang up")) as server, pytest.raises(wk.WorldError) as error:
        CALLS_WITH_A_SECRET[name](server.url)
    assert TOKEN not in shown(error.value)


def refuse(*_: Any) -> None:
    wk.load({"scene": 1})


def test_an_error_of_a_function_that_the_caller_gave_shows_where_it_is() -> None:
    class Deciding:
        def __call__(self, done: int, total: int, what: str) -> None:
            raise wk.WorldError("enough")

    with serving(Answer({"jobId": "j", "status": "running", "progress": 0.5})) as server:
        with pytest.raises(wk.WorldError, match="enough") as progress_error:
            wk.Client(KEY, server.url, sleep=Slept()).generate(PREMISE, progress=Deciding())
        with pytest.raises(wk.WorldError, match="scene") as sleep_error:
            wk.Client(KEY, server.url, sleep=refuse).generate(PREMISE)
    for error, name in ((progress_error, "__call__"), (sleep_error, "refuse")):
        names = [frame.name for frame in traceback.extract_tb(error.value.__traceback__)]
        assert name in names and not holds_key(whole(error.value)) and TOKEN not in shown(error.value)
        between = names[names.index("guarded") + 1 if "guarded" in names else 0 : names.index(name)]
        assert len(between) <= 1, between


ANSWERS_WITH_A_SECRET: dict[str, tuple[Any, Callable[[wk.Client], Any]]] = {
    "session token": ({"token": TOKEN, "worldId": "w"}, lambda api: api.session_token("w")),
    "key": ({"key": TOKEN, "id": "k"}, lambda api: api.create_key("app")),
    "webhook": ({"secret": TOKEN, "id": "w"}, lambda api: api.create_webhook("app", "https://example.org")),
    "connection": ({"reactorJwt": TOKEN, "world": {"scene": 5}}, lambda api: api.connect("token")),
}


@pytest.mark.parametrize("name", ANSWERS_WITH_A_SECRET)
def test_no_traceback_with_locals_shows_a_new_secret_of_an_answer_that_cannot_be_read(name: str) -> None:
    answer, call = ANSWERS_WITH_A_SECRET[name]
    with serving(Answer(answer)) as server, pytest.raises(wk.WorldError) as error:
        call(wk.Client(KEY, server.url, account="the-account-of-tests"))
    assert TOKEN not in shown(error.value)


def test_rich_and_ipython_show_no_key_either(tmp_path: Path) -> None:
    """The key is given as an argument here; the line of whoever gives it is theirs and stands in a file of its own."""
    code = """
import io
from given import KEY
import worldkit as wk
def shown(error):
    from rich.console import Console
    from rich.traceback import Traceback
    out = io.StringIO()
    trace = Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True, locals_max_string=None)
    Console(file=out, width=300).print(trace)
    from IPython.core.ultratb import VerboseTB
    return out.getvalue() + "".join(VerboseTB().text(type(error), error, error.__traceback__))
def main():
    global KEY
    attempts = [
        lambda: wk.Client(KEY, "http://127.0.0.1:9", sleep=lambda s: None).usage(),
        lambda: wk.Client(KEY, mode="live"),
        lambda: wk.Client(KEY, "http://example.org"),
        lambda: wk.Client(KEY, timeout=-1),
        lambda: wk.AsyncClient(KEY, mode="live"),
    ]
    for attempt in attempts:
        try:
            attempt()
        except Exception as error:
            print(type(error).__name__, len(shown(error)) > 500, CORE in shown(error))
CORE = KEY[8:]
main()
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([os.path.dirname(wk.__path__[0]), "."])}
    (tmp_path / "given.py").write_text(f"KEY = {KEY!r}\n")
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in process.stdout.splitlines()]
    assert [line[0] for line in lines] == ["Unreachable", "AuthError", "WorldError", "WrongArgument", "AuthError"]
    assert all(line[1:] == ["True", "False"] for line in lines), process.stdout


# ---- a saved notebook ----------------------------------------------------------------------------

CELLS = [
    "import logging, worldkit as wk\nlogging.basicConfig(level=logging.DEBUG, force=True)",
    "api = wk.Client(base_url=URL); api",
    "stored = api.get('w1'); stored",
    "vars(api), api.requests, api.usage()",
    "import ipywidgets; ipywidgets.Text(value=repr(api), description=str(api))",
    "wk.edit(stored.world)",
    "%xmode Verbose\napi.delete('nowhere')",
    "api.rename('w1', 'x')",
    "api.generate('a premise')",
]


def test_a_saved_notebook_with_its_widgets_holds_no_key(tmp_path: Path) -> None:
    bench = wk.samples.load("bench").to_dict()

    def handle(requests: Any) -> Answer:
        match requests.method, requests.path:
            case "GET", "/v1/worlds/w1":
                return Answer({"world": bench, "rev": "0"})
            case "POST", "/v1/worlds":
                return Answer({"jobId": "j1", "status": "running"})
            case "GET", "/v1/jobs/j1":
                return Answer({"jobId": "j1", "status": "succeeded", "worldId": "w1", "phase": "done"})
            case "GET", _:
                return Answer({"day": "d", "usage": {}, "caps": {}})
            case "DELETE", _:
                return Answer({"detail": f"unknown key {KEY}"}, 401)
        return Answer(fault="hang up")

    with serving(handle) as server:
        book = nbformat.v4.new_notebook()
        book.cells = [nbformat.v4.new_code_cell(text.replace("URL", repr(server.url))) for text in CELLS]
        environment = {**os.environ, "ALAKAZAM_API_KEY": KEY}
        run_notebook(book, environment=environment, timeout=120, allow_errors=True, store_widget_state=True)
        saved = tmp_path / "saved.ipynb"
        nbformat.write(book, saved)
        authorizations = [requests.headers["authorization"] for requests in server.seen]
    text = saved.read_text(encoding="utf-8")
    assert len(authorizations) >= 6 and set(authorizations) == {f"Bearer {KEY}"}
    assert "application/vnd.jupyter.widget-state+json" in book.metadata.get("widgets", {})
    assert "sk_test_..." in text and "AuthError" in text and "Unreachable" in text
    assert not holds_key(text)


# ---- which key -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "mode", "message"),
    [
        (LIVE_KEY, "test", "says test, and the key is sk_live_..."),
        ("sk_abc", "test", "says test, and the key is sk_..."),
        (KEY, "live", "says live, and the key is sk_test_..."),
        ("hunter2", None, "is no API key"),
        ("sk_test_é", None, "is no API key"),
        ("sk_test_a b", None, "is no API key"),
    ],
)
def test_a_key_of_the_other_mode_or_none_at_all_is_refused_without_showing_it(
    key: str, mode: str | None, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(wk.AuthError, match=message) as error:
        wk.Client(key, mode=mode)
    assert key not in str(error.value)
    if mode is not None:
        monkeypatch.setenv("ALAKAZAM_MODE", mode)
        with pytest.raises(wk.AuthError, match=message):
            wk.AsyncClient(key)
    monkeypatch.setenv("ALAKAZAM_MODE", "prod")
    with pytest.raises(ValueError, match='ALAKAZAM_MODE: expected "test" or "live"'):
        wk.Client(KEY)


ACCOUNT = "schlüssel-of-the-account"


UNSENDABLE = {
    "umlaut": ACCOUNT,
    "spaces": "schl of account",
    "line": "schl\nof-the-account",
    "delete": "schl\x7f",
}


def holds_token(text: str) -> bool:
    return "schl" in text


@pytest.mark.parametrize("kind", UNSENDABLE)
def test_a_credential_that_no_header_carries_is_refused_without_showing_it(
    kind: str, server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", UNSENDABLE[kind])

    async def awaited() -> None:
        await wk.AsyncClient(KEY, server.url).apps()

    attempts: list[Any] = [wk.Client(KEY, server.url).apps, lambda: asyncio.run(awaited())]
    for attempt in attempts:
        with pytest.raises(wk.AuthError, match="this is no account token: expected ASCII") as error:
            attempt()
        assert not any(map(holds_token, (whole(error.value), repr(pickle.dumps(error.value)))))
    with pytest.raises(wk.AuthError, match="this is no session token") as refused:
        wk.Client(KEY, server.url).end(UNSENDABLE[kind])
    assert not holds_token(str(refused.value)) and server.seen == []


@pytest.mark.parametrize("key", ["test", "sk_test", "the-account-of-tests"])
def test_only_a_credential_that_is_no_word_is_taken_out_of_answers(key: str) -> None:
    new_key = {"id": "k1", "kind": "secret", "mode": "test", "prefix": "sk_test_", "key": "sk_test_0123456789test"}
    with serving(Answer({"keys": [{**new_key, "name": f"of {key}"}]})) as server:
        [listed] = wk.Client(KEY, server.url, account=key).keys("app")
        assert (listed.mode, listed.prefix, listed.key) == ("test", "sk_test_", new_key["key"])
        assert (listed.name == "of key_...") == (len(key) >= 16)
    with serving(Answer(new_key)) as server:
        assert wk.Client(KEY, server.url, account=key).create_key("app").key == new_key["key"]


@pytest.mark.parametrize("token", ["test", ACCOUNT, "the token of the account"])
def test_a_server_does_not_begin_with_an_admin_token_that_can_be_guessed_or_not_be_sent(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", token)
    monkeypatch.setattr("worldkit.server.app_factory.serve", lambda *_: pytest.fail("it begins"))
    assert main(["serve", "--db", str(tmp_path / "worlds.db"), "--port", "0"]) == 2
    message = capsys.readouterr().err
    assert "WORLDKIT_ADMIN_TOKEN is no token: expected at least 16 ASCII characters" in message and token not in message


def test_the_argument_wins_over_the_environment_and_that_over_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "_from_keyring", lambda: Secret(PUBLISHABLE))
    assert "pk_test_..." in repr(wk.Client())
    monkeypatch.setenv("ALAKAZAM_API_KEY", LIVE_KEY)
    assert wk.Client().mode == "live"
    assert wk.Client(KEY).mode == "test"


@pytest.mark.parametrize("body", ["return 'sk_test_0123456789'", "raise RuntimeError('locked')", "WAIT.wait()"])
def test_a_keyring_is_asked_where_there_is_one_and_never_waited_for(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keyring.py").write_text(
        "import threading\nWAIT = threading.Event()\n"
        f"def get_password(*where):\n    assert where == ('alakazam', 'api_key')\n    {body}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    monkeypatch.setattr(secret, "KEYRING_SECONDS", 0.3 if "WAIT" in body else 10.0)
    keyring = importlib.import_module("keyring")
    keyring_secret = from_keyring()
    keyring.WAIT.set()
    sys.modules.pop("keyring")
    assert repr(keyring_secret) == ("sk_test_..." if body.startswith("return") else "key_...")
    if not keyring_secret:
        with pytest.raises(wk.AuthError, match="there is no API key: pass key=, set ALAKAZAM_API_KEY"):
            wk.Client()


def test_a_log_line_is_written_for_every_request(server: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "worldkit.api")
    wk.Client(KEY, server.url).usage()
    assert [r.getMessage().split(" in ")[0] for r in caplog.records if r.name == "worldkit.api"] == [
        "GET /v1/usage -> 200"
    ]
