"""JUnit, SARIF and the table: the shapes other programs expect, with every finding in them."""

from __future__ import annotations

import json
import re
import sys
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as xml

import pytest

from tests.play.report.worlds import hostile, spoiled, undecided, wide
from worldkit import MissingExtra, WorldError, explore, load, samples
from worldkit.core.diagnostics import make_diagnostic
from worldkit.reporting.dataframe import COLUMNS, rows, to_frame
from worldkit.reporting.junit import to_junit
from worldkit.reporting.lint_sarif import Located, sarif
from worldkit.reporting.sarif import to_sarif

# the shape that Ant's junitreport writes and Jenkins' xunit plugin checks: children and attributes of each element
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out", "system-err"},
    "properties": {"property"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
}
REQUIRED_ATTRIBUTES = {
    "testsuite": {"name", "tests", "failures", "errors", "time"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "property": {"name", "value"},
}


@pytest.mark.parametrize(
    "make", [lambda: explore(spoiled()), lambda: explore(hostile()), lambda: explore(wide()), undecided]
)
def test_junit_has_the_usual_shape(make: Any) -> None:
    root = xml.fromstring(to_junit(make()))
    assert root.tag == "testsuites"
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        assert REQUIRED_ATTRIBUTES.get(element.tag, set()) <= set(element.attrib)
    cases = list(root.iter("testcase"))
    for holder in (root, root[0]):
        assert holder.get("tests") == str(len(cases))
        assert holder.get("failures") == str(len(list(root.iter("failure"))))
        assert holder.get("errors") == str(len(list(root.iter("error"))))
    assert len({case.get("name") for case in cases}) == len(cases)


def test_junit_fails_what_is_wrong_with_the_way_there_and_passes_the_rest() -> None:
    root = xml.fromstring(explore(spoiled()).to_junit())
    failures = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    failure = failures["no run can get stuck"]
    assert failure is not None and failure.text is not None
    assert "(no way back from here) enter the tower" in failure.text and "To do: " in failure.text
    assert failures["every state can be reached"] is None
    assert failures["the win ending 'TWO CUPS' in 'two_cups' can be reached"] is not None
    assert failures["the win ending 'THE CORRIE TURNS' in 'steamer_turns' can be reached"] is None


def test_junit_of_a_sound_world_passes() -> None:
    root = xml.fromstring(to_junit(explore(samples.load("lighthouse"))))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_what_was_not_decided_is_an_error_not_a_pass() -> None:
    exploration = undecided()
    root = xml.fromstring(to_junit(exploration))
    wrong = {case.get("name") for case in root.iter("testcase") if case.find("error") is not None}
    assert {"no run can get stuck", "every event can happen"} <= wrong
    assert len(wrong) >= 2 + 8 - len(exploration.endings)


def test_junit_fails_from_the_severity_asked_for() -> None:
    exploration = explore(wide())
    assert any(finding.severity == "warning" for finding in exploration.findings)
    assert to_junit(exploration, fail_on="error").count("<failure") == 0 < to_junit(exploration).count("<failure")
    with pytest.raises(WorldError, match="fail_on"):
        to_junit(exploration, fail_on="fatal")  # type: ignore[arg-type]


@pytest.mark.parametrize("uri", [None, "worlds/lighthouse.world.json"])
@pytest.mark.parametrize(
    "make", [lambda: explore(spoiled()), lambda: explore(hostile()), lambda: explore(wide()), undecided]
)
def test_sarif_has_what_the_standard_requires(make: Any, uri: str | None) -> None:
    exploration = make()
    log = json.loads(json.dumps(exploration.to_sarif(uri=uri), allow_nan=False))
    assert (log["version"], set(log)) == ("2.1.0", {"$schema", "version", "runs"})
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] and len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["defaultConfiguration"]["level"] in ("error", "warning", "note") for rule in rules)
    assert [call["executionSuccessful"] for call in run["invocations"]] == [True]
    assert len(run["results"]) == len(exploration.findings)
    for result, finding in zip(run["results"], exploration.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.kind
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        [place] = result["locations"]
        assert place["logicalLocations"][0]["fullyQualifiedName"]
        assert ("physicalLocation" in place) is (uri is not None)
        if uri is not None:
            assert place["physicalLocation"]["artifactLocation"] == {"uri": uri}
            assert run["artifacts"][0]["location"]["uri"] == uri
        for flow in result.get("codeFlows", ()):
            assert [step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]]
    prints = [
        result["partialFingerprints"]["worldkit/v1"] for result in run["results"] if result["ruleId"] != "undecided"
    ]
    assert len(set(prints)) == len(prints)


def test_a_path_with_spaces_becomes_a_reference() -> None:
    [run] = to_sarif(explore(samples.load("bench")), uri="my worlds/é.world.json")["runs"]
    assert run["artifacts"][0]["location"]["uri"] == "my%20worlds/%C3%A9.world.json"


def test_no_name_of_a_world_is_a_link_in_sarif() -> None:
    name = "[click](https://evil.example)"
    states = {"a": {"base": "A."}, name: {"base": "B."}, "c": {"base": "C.", "ending": {"kind": "win", "title": name}}}
    events = [
        {"name": name, "kind": "transition", "from": ["a"], "to": name},
        {"name": "out", "kind": "transition", "from": ["a"], "to": "c"},
    ]
    world = load({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}})
    located = [Located("w.json", make_diagnostic("x", "error", name, "state", "a"))]
    rule: Any = SimpleNamespace(id="x", title="X", explanation="X.", severity="error", severity_in=lambda _: "error")
    logs = [to_sarif(explore(world)), sarif(located, [rule], unreadable={"v.json": name})]
    messages = re.findall(r'"text": "((?:[^"\\]|\\.)*)"', json.dumps(logs))
    assert sum("[click] (https://evil.example)" in text for text in messages) >= 4
    assert not any("](" in text for text in messages)


def test_sarif_tells_the_route_step_by_step_and_where_there_is_no_way_back() -> None:
    exploration = explore(spoiled())
    result = to_sarif(exploration)["runs"][0]["results"][0]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    route = exploration.findings[0].route
    assert route is not None and len(steps) == len(route) + 1
    [turn] = [step for step in steps if step.get("importance") == "essential"]
    assert turn["location"]["message"]["text"].startswith("From here on no ending can be reached: enter the tower")


def test_a_fingerprint_outlives_new_words() -> None:
    world = spoiled()
    document = world.to_dict()
    document["name"] = "Another name"
    for event in document["scene"]["events"]:
        event["detail"] = f"{event['name']}, put differently"
    prints = [
        [result["partialFingerprints"] for result in to_sarif(explore(one))["runs"][0]["results"]]
        for one in (world, type(world).from_dict(document))
    ]
    assert prints[0] == prints[1]


def test_the_table_has_a_row_for_every_finding() -> None:
    pytest.importorskip("pandas")
    exploration = explore(wide())
    frame = to_frame(exploration)
    assert list(frame.columns) == list(COLUMNS)
    for column in ("kind", "message", "states"):
        assert list(frame[column]) == [row[column] for row in rows(exploration)]
    assert len(rows(exploration)) == len(exploration.findings) and all(
        set(row) == set(COLUMNS) for row in rows(exploration)
    )


def test_without_pandas_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match="pandas"):
        explore(samples.load("bench")).to_frame()
