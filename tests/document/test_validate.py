"""``wk.validate`` and ``worldkit validate``: the JSON Schema as the judge, in words."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.cli import main
from worldkit.core.schema import load_schema
from worldkit.core.schema_problems import document_problems

Json = dict[str, Any]

GOOD: Json = {"schemaVersion": "1.0", "scene": {"states": {"lane": {"base": "A lane."}}, "events": []}}


def with_fields(**fields: Any) -> Json:
    return {**copy.deepcopy(GOOD), **fields}


def event(**fields: Any) -> Json:
    body = {"name": "go", "kind": "transition", "from": ["lane"], **fields}
    return with_fields(scene={**copy.deepcopy(GOOD["scene"]), "events": [body]})


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (with_fields(entrance=None), "entrance: expected an object, got null"),
        (with_fields(scene={"states": {"a b": {}}, "events": []}), 'scene.states["a b"].base: required, and missing'),
        (with_fields(narrate="yes"), 'narrate: expected true or false, got "yes"'),
        (with_fields(cover=3), "cover: expected a string or null, got 3"),
        (event(kind="portal"), "kind: expected one of 'transition', 'override' or 'terminal', got \"portal\""),
        (event(camera=3), "camera: expected a string or an object with static and dynamic, got 3"),
        (event(camera={"static": "x"}), "camera.dynamic: required, and missing"),
        (event(phases=[]), "phases: expected at least one item, got []"),
        (event(landWhen={}), "landWhen: expected at least one field, got {}"),
        (event(waypoint={"label": "x", "distanceM": 0}), "distanceM: expected a number above 0, got 0"),
        (event(anchor={"label": "x", "minProximity": 1.5}), "minProximity: expected a number of at most 1, got 1.5"),
        (with_fields(schemaVersion="2.0"), 'schemaVersion: expected "<major>.<minor>" such as "1.0", got "2.0"'),
        ([], "expected a world, an object with a scene, got []"),
        ("{", "not JSON at line 1 column 2"),
        ('{"scene": 1, "scene": 1}', "twice in one object"),
    ],
)
def test_a_problem_is_told_with_its_path_in_words(document: Any, problem: str) -> None:
    if isinstance(document, list):
        document = json.dumps(document)
    (found_problem,) = wk.validate(document)
    assert problem in str(found_problem)


def test_every_problem_is_told_not_only_the_first() -> None:
    document = event(kind=3, to=4, camera=5)
    document["scene"]["states"]["lane"] = {}
    assert [problem.path for problem in wk.validate(document)] == [
        "scene.states.lane.base",
        *(f"scene.events[0].{field}" for field in ("kind", "to", "camera")),
    ]


def test_a_problem_in_an_envelope_or_an_export_has_its_path_there() -> None:
    bad = with_fields(name=1)
    assert [str(one) for one in wk.validate({"world": bad})] == ["world.name: expected a string, got 1"]
    export = {"format": "alakazam-studio/worlds", "version": 1, "worlds": [{"world": GOOD}, {"world": bad}]}
    assert [one.path for one in wk.validate(export)] == ["worlds[1].world.name"]


def test_what_loads_is_valid_and_a_world_can_be_given_itself() -> None:
    for name in ("lighthouse", "broken", "archive"):
        assert wk.validate(wk.samples.load(name)) == []


def test_a_later_schema_given_by_path_is_the_judge(tmp_path: Path) -> None:
    later = copy.deepcopy(load_schema())
    later["$defs"]["Event"]["properties"]["kind"]["enum"].append("portal")
    later["required"] = ["scene", "era"]
    path = tmp_path / "smworld-1.1.json"
    path.write_text(json.dumps(later), "utf-8")
    assert wk.validate(event(kind="portal"), schema=path) == [wk.Problem("era", "required, and missing")]
    assert wk.validate({**event(kind="portal"), "era": 1}, schema=later) == []


@pytest.mark.parametrize(
    "schema",
    [{"type": 3, "properties": {}}, {"$ref": "https://example.org/none.json"}, {"scene": 1}, {"properties": 1}],
    ids=str,
)
def test_what_is_no_schema_is_refused(schema: Json) -> None:
    with pytest.raises(wk.WrongArgument, match="schema: expected a"):
        wk.validate(GOOD, schema=schema)


def test_a_value_of_a_closed_list_is_no_problem_in_a_later_minor_version() -> None:
    assert document_problems({**event(kind="portal"), "schemaVersion": "1.4"}) == []
    assert [one.path for one in document_problems({**event(kind=3), "schemaVersion": "1.4"})] == [
        "scene.events[0].kind"
    ]


def test_many_problems_are_counted_not_all_listed() -> None:
    problems = wk.validate(with_fields(scene={"states": {}, "events": [1] * 5_000}))
    assert len(problems) == 1_001
    assert str(problems[-1]) == "only the first 1,000 problems are listed"


def test_the_import_does_not_pay_for_the_validator() -> None:
    code = "import sys, worldkit as wk; wk.World, wk.validate; assert 'jsonschema_rs' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# ---- the command ----------------------------------------------------------------------------------


def save_json(path: Path, value: Any) -> str:
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return str(path)


def test_the_command_names_file_and_path_and_says_by_its_code_whether_all_is_valid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = save_json(tmp_path / "a.world.json", GOOD), save_json(tmp_path / "b.world.json", with_fields(name=1))
    assert main(["validate", good]) == 0
    assert capsys.readouterr().out == "1 file: all valid\n"
    assert main(["validate", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{bad}: name: expected a string, got 1\n2 files: 1 invalid\n"
    assert main(["validate", bad, "--json"]) == 1
    problem = {"path": "name", "message": "expected a string, got 1"}
    assert json.loads(capsys.readouterr().out) == [{"file": bad, "problems": [problem]}]
    assert main(["validate", str(tmp_path / "none.json")]) == 2
    capsys.readouterr()
    assert main(["validate", str(tmp_path / "none.json"), bad, "--json"]) == 2
    first, second = json.loads(capsys.readouterr().out)
    assert (first["file"], len(first["problems"]) > 0) == (bad, True)
    assert second["file"].endswith("none.json") and "no such file" in second["error"]


def test_the_command_notes_a_foreign_tag_and_later_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = save_json(tmp_path / "later.json", {**event(kind="portal"), "schemaVersion": "1.4"})
    foreign = save_json(tmp_path / "foreign.json", with_fields(schemaVersion="offline/1"))
    assert main(["validate", later, foreign]) == 0
    out = capsys.readouterr().out
    assert "[later-word]" in out
    assert "[foreign-version]" in out
    envelope = save_json(tmp_path / "envelope.json", {"schemaVersion": "offline/1", "world": {"scene": GOOD["scene"]}})
    assert main(["validate", envelope]) == 0
    assert "[foreign-version]" in capsys.readouterr().out


def test_the_command_takes_another_schema(tmp_path: Path) -> None:
    schema = save_json(tmp_path / "s.json", {**load_schema(), "required": ["scene", "era"]})
    path = save_json(tmp_path / "a.json", GOOD)
    assert (main(["validate", path]), main(["validate", path, "--schema", schema])) == (0, 1)
