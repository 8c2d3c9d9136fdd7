"""``worldkit paint``: stills beside a world's file, what it prints, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.painting.images_server import ImagesServer, error, serving
from worldkit.cli import main

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    return str(wk.samples.load("bench").save(tmp_path / "mine.world.json"))


@pytest.fixture
def server() -> Iterator[ImagesServer]:
    with serving() as here:
        yield here


def options(server: ImagesServer) -> list[str]:
    return ["--model", f"images:{server.url}#sdxl", "--size", "64x36"]


def test_each_state_gets_a_still_and_a_second_call_paints_nothing(file: str, server: ImagesServer, capsys: Any) -> None:
    assert main(["paint", file, *options(server)]) == 0
    assert capsys.readouterr().out.startswith("Stills of 3 states: 3 new\nin ")
    assert wk.load(file).picture("lane").kind == "stored"
    assert main(["paint", file, *options(server), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == ["lane", "bench", "two_mittens"]


def test_the_world_is_written_only_where_it_is_told(file: str, server: ImagesServer, tmp_path: Path) -> None:
    before = Path(file).read_bytes()
    assert main(["paint", file, *options(server), "--set-as", "cover"]) == 2
    assert server.orders == []
    assert main(["paint", file, *options(server), "--set-as", "cover", "-o", str(tmp_path / "new.json")]) == 0
    assert Path(file).read_bytes() == before
    assert wk.load(tmp_path / "new.json").cover
    painted, orders = (tmp_path / "new.json").read_bytes(), len(server.orders)
    again = ["paint", file, *options(server), "--repaint", "--embed", "-o", str(tmp_path / "new.json")]
    assert main(again) == 2
    assert (tmp_path / "new.json").read_bytes() == painted and len(server.orders) == orders
    assert main([*again, "--force"]) == 0
    assert "data:image/jpeg" in (tmp_path / "new.json").read_text()
    assert main(["paint", file, *options(server), "--embed", "--in-place"]) == 0
    assert "data:image/jpeg" in Path(file).read_text()


def test_a_picture_that_does_not_come_out_is_named_and_exits_with_1(file: str, capsys: Any) -> None:
    with serving(lambda _, number: error(400, "the safety system") if number == 1 else None) as server:
        assert main(["paint", file, *options(server), "--state", "lane"]) == 1
    assert "the safety system" in capsys.readouterr().out


def test_a_key_that_is_refused_exits_with_2_and_is_not_printed(
    file: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDKIT_IMAGES_KEY", KEY)
    with serving(lambda order, _: error(401, f"bad key {order.key}")) as server:
        assert main(["paint", file, *options(server)]) == 2
        assert server.orders[0].key == f"Bearer {KEY}"
    output = capsys.readouterr()
    assert "it does not accept the key that it was sent" in output.err and KEY not in output.out + output.err


def test_a_page_with_all_stills_is_written(file: str, server: ImagesServer, tmp_path: Path) -> None:
    assert main(["paint", file, *options(server), "--html", str(tmp_path / "stills.html")]) == 0
    assert (tmp_path / "stills.html").read_text().count("<img ") == 3


def test_a_page_goes_to_standard_output_alone(
    file: str, server: ImagesServer, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["paint", file, *options(server), "--html", "-"]) == 0
    out = capsys.readouterr().out
    assert out.count("<img ") == 3 and out.startswith("<!") and "Stills of 3 states" not in out
    assert not Path("-").exists()


@pytest.mark.parametrize("destination", [["-o", "new.json"], ["-o", "-"], ["--in-place"]])
def test_a_destination_for_a_world_that_does_not_change_is_refused(
    file: str, server: ImagesServer, destination: list[str], capsys: Any
) -> None:
    assert main(["paint", file, *options(server), *destination]) == 2
    assert server.orders == [] and "--set-as or --embed" in capsys.readouterr().err


def test_a_file_whose_name_begins_as_json_does_is_painted(
    file: str, server: ImagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(file).rename("[draft].world.json")
    assert main(["paint", "[draft].world.json", *options(server), "--state", "lane"]) == 0
    assert wk.load(Path("[draft].world.json")).picture("lane").kind == "stored"
