"""Reading is linear in what is read, whatever it is; and what is said of it is of bounded size."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.strategies import any_json
from worldkit import Event, Trace, WorldError
from worldkit.core import json_values, quoting
from worldkit.core.model import DocumentModel
from worldkit.core.problems import validate
from worldkit.core.story_formats import story_format
from worldkit.playing.trace_schema import TraceRow

SCENE = '"scene": {"states": {"a": {"base": "b"}}, "events": []}'


def _world(more: str) -> str:
    return f'{{{SCENE}, "x": {more}}}'


SHAPES: dict[str, Callable[[int], str]] = {
    "a long key": lambda n: _world(f'{{"{"k" * n}": [{"1," * n}1], "prose": "said:\\":"}}'),
    "a long key over keys": lambda n: _world(json.dumps({"k" * n: dict.fromkeys(map(str, range(n // 8))), "p": '":'})),
    "colons in prose": lambda n: _world(json.dumps(['":' * 4] * (n // 8))),
    "colons apart": lambda n: _world("{" + ",".join(f'"{i}"{" " * 20}: 1' for i in range(n // 16)) + "}"),
    "quotation marks and spaces": lambda n: _world(json.dumps(('"' + " " * 50) * (n // 30))),
    "one run of spaces": lambda n: _world('"a"' + " " * (4 * n)),
    "many keys": lambda n: _world("{" + ",".join(f'"{i}": 1' for i in range(n // 4)) + "}"),
    "a key over and over": lambda n: _world("{" + ",".join('"k": 1' for _ in range(n // 4)) + "}"),
    "deep": lambda n: _world("[" + ",".join("[" * 150 + "]" * 150 for _ in range(n // 150)) + "]"),
    "too deep": lambda n: _world("[" * n + "]" * n),
    "digits": lambda n: _world("[" + ",".join("9" * 4000 for _ in range(n // 1000)) + "]"),
    "a fraction": lambda n: _world("0." + "1" * n),
    "too many digits": lambda n: _world("9" * n),
    "an unfinished text": lambda n: _world('"' + "x" * n),
    "lines": lambda n: "\n" * n + "{",
}
"""Texts of about ``n`` characters that were made to be slow to read."""


STORIES: dict[str, Callable[[int], str]] = {
    "empty lines": lambda n: "x" + "\n" * n,
    "lines of spaces": lambda n: "x" + " \n" * n,
    "choices without words": lambda n: "x" + "\n*  " * n,
    "colons": lambda n: "x\n" + ":" * n,
    "a line of signs": lambda n: "x\n" + "=" * n,
    "elements": lambda n: "<" + "<x:" * n,
    "a long element": lambda n: "<" + "x" * n,
    "states of no machine": lambda n: '{"a' + '"states" ' * n,
    "a key and spaces": lambda n: '{"id": "states"' + " " * n,
}
"""Texts of about ``n`` characters that might be stories of other programs."""


def _read(text: str) -> None:
    message = ""
    try:
        wk.load(text)
    except WorldError as error:
        message = str(error)
    assert len(message) < 10_000


def _fields(n: int) -> Any:
    return {"scene": {"states": {"k" * n: {"base": 1, "variants": [{"label": 1}] * (n // 20)}}, "events": []}}


VALUES: dict[str, Callable[[int], Any]] = {
    "wrong parts under a long id": _fields,
    "wrong states": lambda n: {"scene": {"states": {str(i): {"base": i} for i in range(n // 20)}, "events": []}},
    "wrong events": lambda n: {"scene": {"states": {}, "events": [{"name": 1}] * (n // 20)}},
    "wrong items of a list": lambda n: {"scene": {"states": {}, "events": [{"name": "a", "from": [1] * n}]}},
    "wrong cutscenes": lambda n: {"scene": {"states": {}, "events": []}, "cutscenes": [1] * n},
    "something that is no JSON, at the end of a long key": lambda n: {"k" * n: [*([1] * n), object()]},
    "something that is no JSON, deep down": lambda n: {"a": [[[["x" * n] * 3, {"k" * n: {1}}]]] * (n // 100)},
}
"""Values that are refused, about ``n`` large."""


def _refuse(value: Any) -> None:
    with pytest.raises(wk.InvalidWorld) as caught:
        wk.load(value)
    total_length = sum(len(str(problem)) for problem in caught.value.problems)
    assert len(caught.value.problems) <= 1_001 and total_length < 400_000 and len(str(caught.value)) < 10_000


def _growth(make: Callable[[int], Any], use: Callable[[Any], object], size: int) -> float:
    def prepare(n: int) -> Callable[[], None]:
        value = make(n)
        return lambda: use(value)

    return growth(prepare, size)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_twice_as_long_takes_about_twice_as_long_to_read(shape: str) -> None:
    assert _growth(SHAPES[shape], _read, 25_000) <= MAX_GROWTH


@pytest.mark.parametrize("shape", STORIES)
def test_of_a_text_twice_as_long_it_takes_about_twice_as_long_to_tell_whose_story_it_is(shape: str) -> None:
    assert _growth(STORIES[shape], lambda text: [story_format(text) for _ in range(20)], 5_000) <= MAX_GROWTH


@pytest.mark.parametrize("shape", VALUES)
def test_a_value_twice_as_large_takes_about_twice_as_long_to_refuse(shape: str) -> None:
    assert _growth(VALUES[shape], _refuse, 4_000) <= MAX_GROWTH


def test_a_trace_twice_as_long_takes_about_twice_as_long_to_refuse() -> None:
    def make(n: int) -> Any:
        start = {"state": "a"}
        return {"format": "smworld-trace", "version": 1, "start": start, "steps": [1] * n, "seen": [{}] * n}

    def use(value: Any) -> None:
        with pytest.raises(wk.TraceError) as caught:
            Trace.from_dict(value)
        assert len(str(caught.value)) < 10_000

    assert _growth(make, use, 25_000) <= MAX_GROWTH


@pytest.mark.parametrize(
    ("model", "value"),
    [
        (Event, {"name": 1, "kind": "override", "from": [1] * 50_000, "phases": [{}] * 50_000}),
        (DocumentModel, {"scene": {"states": {}, "events": []}, "cutscenes": [1] * 50_000, "missions": [{}] * 50_000}),
        (
            TraceRow,
            {"format": "smworld-trace", "version": 1, "start": {}, "steps": [1] * 50_000, "seen": [{}] * 50_000},
        ),
    ],
)
def test_of_a_list_of_many_wrong_items_only_the_first_is_told(model: type[BaseModel], value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        validate(model, value)
    assert caught.value.error_count() < 20


def test_no_more_than_the_first_problem_of_an_argument_is_kept() -> None:
    with pytest.raises(wk.WrongArgument, match=r"Event\.requires\[0\]: expected a string; got 0") as caught:
        Event(name="a", kind="terminal", **{"from": ["a"]}, requires=[0] * 50_000)
    assert caught.value.__context__ is None


def test_no_place_is_put_into_words_unless_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "_find_first_fault", lambda value: pytest.fail("looked for what is wrong"))
    monkeypatch.setattr(quoting, "_join_path", lambda *_: pytest.fail("a place was put into words"))
    for shape in ("a long key", "colons in prose", "colons apart", "many keys", "deep"):
        wk.load(SHAPES[shape](2_000))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"scene": {"states": {"a b": {"base": {1}}}}}, 'scene.states["a b"].base: a set is not a JSON value'),
        ({"x": [0, {"y": float("nan")}]}, "x[1].y: nan is not a JSON number"),
        ({"x": ["\ud800"]}, "x[0]: has a lone surrogate"),
        ({"x": {"\ud800": 1}}, 'x: the key "\\ud800" has a lone surrogate'),
        ({"x": {1: 2}}, "x: keys are strings, got 1"),
        ({"x": 10**4300}, "x: a number has too many digits"),
        ({"x": (1,)}, "x: a tuple is not a JSON value"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(value: Any, message: str) -> None:
    with pytest.raises(wk.InvalidWorld) as caught:
        wk.load(value)
    assert message in str(caught.value)
    str(caught.value).encode()


def test_long_keys_and_values_are_shortened_in_messages() -> None:
    with pytest.raises(wk.InvalidWorld) as caught:
        wk.load({"k" * 100_000: {"l" * 100_000: [{"m" * 100_000: object()}]}})
    assert len(str(caught.value)) < 500


def test_a_value_that_holds_itself_is_refused() -> None:
    holder: list[Any] = []
    holder += [holder, holder]
    with pytest.raises(wk.InvalidWorld, match="levels deep"):
        wk.load({"x": holder})


@pytest.mark.parametrize("depth", [199, 200, 201, 202])
def test_a_dict_and_its_text_are_refused_from_the_same_depth_on(depth: int) -> None:
    value: Any = 1
    for _ in range(depth - 1):
        value = [value]
    document = {"scene": {"states": {}, "events": []}, "x": value}

    def is_read(source: Any) -> bool:
        try:
            return bool(wk.load(source))
        except wk.InvalidWorld as error:
            return "levels deep" not in str(error)

    assert is_read(document) == is_read(json.dumps(document)) == (depth <= 200)


@given(st.recursive(any_json | st.binary() | st.floats() | st.text(st.characters()), st.lists, max_leaves=4))
def test_a_quick_look_and_a_careful_one_agree_on_what_is_json(value: Any) -> None:
    def is_wrong() -> bool:
        try:
            json_values._find_first_fault(value)
        except AssertionError:
            return False
        return True

    assert json_values._is_json(value) != is_wrong()


def test_every_problem_of_a_large_document_is_listed_up_to_a_thousand() -> None:
    events = [{"name": "a", "kind": "transition", "from": "a"} if i % 9 else {"name": i} for i in range(900)]
    states = {str(i): {"base": "b"} for i in range(3000)}
    with pytest.raises(wk.InvalidWorld) as caught:
        wk.load({"name": 1, "scene": {"states": states, "events": events}})
    assert len(caught.value.problems) == 1 + 100 * 3
    with pytest.raises(wk.InvalidWorld) as caught:
        wk.load({"name": 1, "scene": {"states": states, "events": [{"name": 1}] * 900}})
    *_, last = caught.value.problems
    assert len(caught.value.problems) == 1_001 and "first 1,000" in last.message
