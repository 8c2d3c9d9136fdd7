"""``worldkit serve`` and ``worldkit apps``, as programs and from the inside."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import worldkit as wk
from tests.server.running import answers_health, bench, process, wait_for
from tests.server.wire import connect, everything
from worldkit.cli import main
from worldkit.server import Settings
from worldkit.server.app_factory import listening_socket
from worldkit.server.settings import LIMITS, limits

Json = dict[str, object]


def keys(capsys: pytest.CaptureFixture[str], *arguments: str) -> Json:
    assert main(["apps", *arguments, "--json"]) == 0
    output: Json = json.loads(capsys.readouterr().out)
    return output


def test_apps_are_made_listed_rotated_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = ["--db", str(tmp_path / "w.db")]
    app = keys(capsys, "create", "my app", "--mode", "live", "--scopes", "worlds:read", "--cap", "edit", "3", *db)
    assert str(app["secret"]).startswith("sk_live_") and str(app["publishable"]).startswith("pk_live_")
    assert main(["apps", "list", *db]) == 0
    listing = capsys.readouterr().out
    assert "my app" in listing and str(app["secret"])[-43:] not in listing and "worlds:read" in listing
    again = keys(capsys, "rotate", str(app["app"]), "--mode", "live", *db)
    assert again["secret"] != app["secret"]
    assert main(["apps", "revoke", str(app["app"]), *db]) == 0
    assert capsys.readouterr().out == "2 keys revoked\n"
    assert main(["apps", "revoke", "app_none", *db]) == 2
    assert main(["apps", "create", "x", "--scopes", "all", *db]) == 2
    assert "there is no scope" in capsys.readouterr().err


def test_an_app_is_given_caps_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = ["--db", str(tmp_path / "w.db")]
    app = str(keys(capsys, "create", "my app", "--cap", "bytes", "5000", *db)["app"])
    assert keys(capsys, "cap", app, "edit", "3", *db) == {"app": app, "caps": {"bytes": 5000, "edit": 3}}
    assert main(["apps", "cap", app, "bytes", "7000000", *db]) == 0
    assert "bytes  7,000,000" in capsys.readouterr().out
    assert main(["apps", "cap", app, "edit", "0", *db]) == 0
    assert "edit  0" in capsys.readouterr().out
    assert main(["apps", "cap", app, "edit", "-1", *db]) == 2
    assert main(["apps", "cap", app, "worlds", "1", *db]) == 2
    assert "there are generation, session, edit, session_seconds, bytes" in capsys.readouterr().err
    assert main(["apps", "cap", "app_none", "bytes", "1", *db]) == 2
    capsys.readouterr()
    for cap in ("many", "-1", "1.5", str(2**63)):
        assert main(["apps", "create", "my app", "--cap", "bytes", cap, *db]) == 2
        assert capsys.readouterr().err.startswith("worldkit: a cap of bytes is a whole number")


def test_limits_are_set_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert limits([("connections", "5"), ("head_s", "0.5")]) == {"connections": 5, "head_s": 0.5}
    for wrong in (
        ["colour", "5"],
        ["connections", "many"],
        ["connections", "0"],
        ["head_s", "0"],
        ["head_s", "nan"],
        ["idle_s", "inf"],
    ):
        assert main(["serve", "--db", str(tmp_path / "w.db"), "--limit", *wrong]) == 2
        assert wrong[0] in capsys.readouterr().err
    with process(str(tmp_path / "w.db"), "--limit", "head_s", "0.3", "--allow-host", "game.example") as (url, _):
        # a busy machine may take longer than the limit to send a request that it has connected for
        wait_for("an answer", lambda: answers_health(url, headers={"Host": "game.example"}))
        with connect(url) as half:
            assert everything(half).startswith(b"HTTP/1.1 408 ")


def test_the_guide_has_every_limit_as_it_is() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "server.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([0-9][0-9,.]*) \|", guide, re.M))
    defaults = Settings()
    assert {name: float(number.replace(",", "")) for name, number in rows.items()} == {
        name: getattr(defaults, name) for name in LIMITS if name != "keep_answers_days"
    }


def test_the_keys_are_shown_once_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apps", "create", "x", "--db", str(tmp_path / "w.db")]) == 0
    output = capsys.readouterr()
    assert "secret       sk_test_" in output.out and "this once" in output.err


def test_two_processes_serve_until_they_are_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = str(tmp_path / "w.db")
    app = keys(capsys, "create", "x", "--db", db)
    with process(db, "--workers", "2") as (url, server):
        headers = {"Authorization": f"Bearer {app['secret']}"}
        assert httpx.post(f"{url}/v1/worlds", json={"world": bench()}, headers=headers, timeout=30).status_code == 200
        server.send_signal(signal.SIGTERM)
        assert wait_for("the end", lambda: server.poll() is not None or None) and server.returncode == 0


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("worldkit.server.find_spec", lambda name: None)
    for command in (["serve"], ["apps", "list"]):
        assert main(command) == 2
        assert "pip install 'smworldkit[server]'" in capsys.readouterr().err


def test_what_cannot_be_served_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--generator", "gpt"]) == 2
    assert capsys.readouterr().err.startswith("worldkit: there is no generator 'gpt'")
    command = [sys.executable, "-m", "worldkit.cli", "serve", "--db", str(tmp_path / "none" / "w.db")]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith("worldkit: ") and process.stderr.count("\n") == 1, process.stderr


@pytest.mark.parametrize(
    "command",
    [
        "serve --rate inf",
        "serve --rate nan",
        "serve --rate -1",
        "serve --rate 1e308",
        "serve --port 70000",
        "serve --port -1",
        "serve --jobs -1",
        "frames serve --port 70000",
        "explore w.world.json --memory-mb 1e305",
    ],
)
def test_a_number_that_is_none_for_its_option_is_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(command.split())
    *_, option, number = command.split()
    error = capsys.readouterr().err
    assert refusal.value.code == 2 and f"argument {option}: expected" in error and number in error


@pytest.mark.parametrize("rate", [float("inf"), float("nan"), -1.0])
def test_a_rate_that_is_no_number_of_requests_is_refused(rate: float) -> None:
    with pytest.raises(wk.WorldError, match="rate is a finite number of at least 0"):
        Settings(rate=rate)


def test_a_port_that_there_is_not_is_said() -> None:
    with pytest.raises(wk.WorldError, match=r"127\.0\.0\.1:70000 cannot be listened at"):
        listening_socket("127.0.0.1", 70_000)


def test_an_address_that_is_taken_is_said() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(wk.WorldError, match="choose another --port"):
            listening_socket("127.0.0.1", listener.getsockname()[1])


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("127.0.0.1", -1), (".game", 0), ("", -1)])
def test_an_address_that_is_none_is_said(host: str, port: int) -> None:
    with pytest.raises(wk.WorldError, match=r"cannot be listened at: .*; choose another --port"):
        listening_socket(host, port)
