"""Every public call refuses arguments of the wrong type in words, with an error of worldkit's own."""

from __future__ import annotations

import asyncio
import inspect
import linecache
import pickle
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_origin

import pytest
import traitlets
from pydantic import ValidationError

import worldkit as wk
from worldkit.core.argument_checks import checked
from worldkit.core.argument_types import LAZY_CLASSES, kinds_of
from worldkit.core.errors import WorldError, WrongArgument

SOURCE = str(Path(wk.__file__).parent)


class Thing:
    """Nothing that worldkit knows."""


WRONG: dict[str, Any] = {
    "None": None,
    "a number": 3,
    "a huge number": 10**400,
    "NaN": float("nan"),
    "a text": "x",
    "half a surrogate pair": "\ud800",
    "bytes": b"x",
    "a list": [],
    "a nested list": [[[3]]],
    "a list of objects": [{"op": []}],
    "a dict": {},
    "a dict of odd keys": {3: object()},
    "an object": object(),
    "a class": Thing,
    "true": True,
}
QUIET = {"close", "compact", "transaction"}
"""Not called: they take nothing, or end what is tried."""
RAISED_ON_PURPOSE = (ValueError, TypeError, LookupError, OSError)


def is_on_purpose(error: Exception) -> bool:
    """Say whether an error was raised by a ``raise`` of worldkit's, and not by something that went wrong inside."""
    if isinstance(error, (WorldError, ValidationError, traitlets.TraitError)) or "Thing()" in str(error):
        return True  # a model's and a widget's own word; or a callback was called, and it is the caller's
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, TypeError) and len(frames) <= 2 and " argument" in str(error):
        return True  # Python's own word on how many arguments there are
    last = frames[-1]
    raised = linecache.getline(last.filename, last.lineno or 0).strip().startswith("raise ")
    return last.filename.startswith(SOURCE) and raised and isinstance(error, RAISED_ON_PURPOSE)


def calls(function: Callable[..., Any], good: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return wrong ways to call a function: each argument wrong in each way, the others as they should be."""
    parameters = inspect.signature(function).parameters.values()
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    required = {p.name: good.get(p.name, "x") for p in named if p.default is p.empty or p.name == "model"}
    for parameter in named:
        for name, value in WRONG.items():
            yield f"{parameter.name}: {name}", {**required, parameter.name: value}


def leaks(what: str, function: Callable[..., Any], good: dict[str, Any]) -> Iterator[str]:
    """Yield the wrong calls of a function that fail inside worldkit instead of being refused."""
    for name, arguments in calls(function, good):
        try:
            made = function(**arguments)
            if inspect.iscoroutine(made):
                asyncio.run(made)
        except Exception as error:
            if not is_on_purpose(error):
                last = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
                yield f"{what}({name}) -> {type(error).__name__}: {str(error)[:80]!r} at {where}"


def world() -> wk.World:
    return wk.samples.load("bench")


def campaign() -> wk.Campaign:
    acts = [{"actId": "a", "worldId": "w", "title": "A", "canonical": True}]
    return wk.Campaign.from_dict({"start": "a", "acts": acts, "edges": []})


def good(tmp: Path) -> dict[str, Any]:
    """Return an argument of each name, of the right type."""
    sample = world()
    return {
        "world": sample,
        "a": sample,
        "b": sample,
        "base": sample,
        "ours": sample,
        "theirs": sample,
        "worlds": [sample],
        "campaign": campaign(),
        "trace": wk.Session(sample).trace,
        "run": wk.Session(sample).trace,
        "path": tmp / "made.run.json",
        "folder": tmp,
        "source": sample,
        "ops": [],
        "model": "templates",
        "premise": "A lamp.",
        "premises": ["A lamp."],
        "data": {},
        "state": "yard",
    }


FUNCTIONS = [name for name in wk.__all__ if inspect.isfunction(getattr(wk, name))]
CLASSES = [
    name
    for name in wk.__all__
    if inspect.isclass(getattr(wk, name)) and not issubclass(getattr(wk, name), BaseException)
]
MADE = {"generate", "generate_many", "generate_with_report", "from_text", "revise", "rewrite"}
"""Calls whose other arguments are said here."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_refuses_wrong_types_in_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = good(tmp_path)
    if name in MADE:
        given |= {"text": "A lamp in a yard.", "instruction": "Rename the yard."}
    if name in ("explore_campaign", "replay_campaign"):
        given["worlds"] = {"w": world()}
    assert list(leaks(name, getattr(wk, name), given)) == []


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_refuses_wrong_types_in_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kind = getattr(wk, name)
    assert list(leaks(name, kind, good(tmp_path))) == []
    for method, member in inspect.getmembers(kind, inspect.ismethod):
        if not method.startswith(("_", "model_")) and member.__func__.__module__.startswith("worldkit"):
            assert list(leaks(f"{name}.{method}", member, good(tmp_path))) == []


@pytest.mark.parametrize("name", ["WorldEnv", "WorldVectorEnv", "suite"])
def test_environments_refuse_wrong_types_in_words(name: str, tmp_path: Path) -> None:
    assert list(leaks(name, getattr(wk.envs, name), {**good(tmp_path), "n": 1})) == []


def made(tmp: Path) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield what public calls return, and arguments of the right type for its methods."""
    sample = world()
    event = sample.events[0].name
    state = next(iter(sample.states))
    more = {"event": event, "state": state, "id": "bench", "at": state, "label": "x", "to": 0, "topic": "land"}
    yield "World", sample, more
    session = wk.Session(sample)
    yield "Session", session, {**more, "listener": print, "at": session.position, "path": tmp / "s.json"}
    yield "Trace", session.trace, {}
    yield "Position", session.position, {}
    found = wk.explore(sample)
    yield "Exploration", found, {**more, "path": tmp / "report.html"}
    yield "Playtest", wk.playtest(sample, 20), {**more, "path": tmp / "play.png"}
    envs = wk.envs.WorldEnv(sample)
    yield "WorldEnv", envs, {"action": 0, "name": event, "reply": "1", "num_envs": 2}
    yield "WorldVectorEnv", envs.vector(2), {"actions": [0, 0], "action_mask": envs.vector(2).reset()[1]["action_mask"]}
    yield "Diff", wk.diff(sample, sample), {}
    edited = [
        sample.apply([{"op": "set_field", "state": state, "field": "base", "value": value}]) for value in ("A.", "B.")
    ]
    merged = wk.merge(sample, *edited)
    yield "Merge", merged, {"path": merged.conflicts[0].path, "choice": "ours", "side": "ours"}
    yield "MergeConflict", merged.conflicts[0], {}
    yield "Diagnostics", sample.lint(), {}
    store = wk.Store(tmp / "worlds.db")
    kept = store.create(sample)
    yield "Store", store, {**more, "world": sample, "ref": kept, "id": kept.id, "path": tmp / "out.json"}
    yield "StoredWorld", kept, {**more}
    # nobody answers there, and there is nothing to wait for
    client = wk.Client("sk_test_x", base_url="http://127.0.0.1:9", sleep=lambda _: None)
    yield "Client", client, {**more, "world": sample}


def test_methods_of_what_is_returned_refuse_wrong_types_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found: list[str] = []
    for name, thing, given in made(tmp_path):
        for method, member in inspect.getmembers(type(thing), inspect.isfunction):
            if method.startswith(("_", "model_")) or method in QUIET or not member.__module__.startswith("worldkit"):
                continue
            found += leaks(f"{name}.{method}", getattr(thing, method), {**good(tmp_path), **given})
    assert found == []


# ---- what the guard says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: wk.explore("w.json"),
            'world: expected a World; got str "w.json"; read one with worldkit.load("w.json")',
        ),
        (lambda: wk.Session(None), "world: expected a World; got None; read one with worldkit.load(path)"),
        (lambda: wk.explore_many("nope"), "worlds: expected a list of which each is a World; got str"),
        (lambda: wk.explore_many([3]), "worlds: expected a list of which each is a World; got list [3]"),
        (lambda: wk.generate("A lamp.", "templates", object()), "seed: expected a whole number; got a object"),
        (lambda: wk.generate("A lamp.", "templates", True), "seed: expected a whole number; got bool true"),
        (lambda: wk.Client("sk_test_x", base_url={}), "base_url: expected a string or None; got dict {}"),
        (lambda: wk.Session(world(), seed=float("nan")), "seed: expected a whole number; got float NaN"),
        (lambda: wk.replay(world(), 3), "trace: expected a Trace, an object (a dict) or a string; got int 3"),
        (lambda: wk.Client(b"sk_live_secret"), "key: expected a string or None; got a bytes"),
        (lambda: wk.generate_many("A lamp.", "templates"), 'premises: expected a list; got str "A lamp."; put it in'),
        (lambda: wk.Session(world()).grant("key", 3), "flags: expected a string; got int 3"),
        (lambda: wk.load_runs("\ud800"), "lone surrogate"),
    ],
)
def test_the_refusal_says_which_argument_what_was_found_and_what_was_expected(
    call: Callable[[], Any], said: str
) -> None:
    with pytest.raises(WrongArgument) as caught:
        call()
    assert isinstance(caught.value, TypeError) and isinstance(caught.value, WorldError)
    assert said in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_checked_function_is_called_with_what_it_was_given() -> None:
    @checked
    def some(a: int, *rest: str, b: float = 2, c: Iterator[str] | None = None, **more: Any) -> Any:
        return a, rest, b, c, more

    names = iter(["x"])
    assert some(1, "r", b=3, c=names, d=object) == (1, ("r",), 3, names, {"d": object})
    assert list(names) == ["x"], "what can be read once only is left alone"
    assert inspect.signature(some).parameters["b"].default == 2
    for wrong in ({"a": "1"}, {"a": 1, "b": "2"}, {"a": 1, "c": "letters"}, {"a": 1, "c": 3}):
        with pytest.raises(WrongArgument):
            some(**wrong)


def test_what_was_given_is_in_no_frame_of_an_error() -> None:
    @checked
    def fail(key: str, *, more: int = 0) -> None:
        del key
        raise ValueError("no")

    for call in (lambda: fail("sk_live_1", more=1), lambda: fail(b"sk_live_1"), lambda: fail(key=b"sk_live_1")):  # type: ignore[arg-type]
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            call()
        trace = caught.value.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.startswith(SOURCE):
                assert "sk_live_1" not in repr(trace.tb_frame.f_locals)
            trace = trace.tb_next
    with pytest.raises(WrongArgument) as refused:
        fail(b"sk_live_1")  # type: ignore[arg-type]
    assert "sk_live_1" not in str(refused.value)


def test_a_coroutine_stays_one() -> None:
    @checked
    async def double(a: int) -> int:
        return 2 * a

    assert inspect.iscoroutinefunction(double) and asyncio.run(double(2)) == 4
    with pytest.raises(WrongArgument):
        asyncio.run(double("2"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LAZY_CLASSES)
def test_a_class_that_annotations_name_is_where_it_is_said_to_be(name: str) -> None:
    found = getattr(import_module(LAZY_CLASSES[name]), name)
    kinds = kinds_of(f"{name} | None", {})
    assert inspect.isclass(found) and kinds is not None and len(kinds) == 2


def test_what_does_as_a_list_or_a_number_is_taken_for_one() -> None:
    import numpy as np

    @checked
    def some(whole: int, number: float, several: Sequence[int], any_order: Iterable[int]) -> int:
        return len(several)

    assert some(np.int64(1), np.float32(0.5), np.arange(3), {1, 2}) == 3
    assert some(1, Fraction(1, 2), range(3), iter(())) == 3
    with pytest.raises(WrongArgument, match="several"):
        some(1, 1, {1, 2}, [])  # type: ignore[arg-type]


def _takes_one_of_some_words(function: Callable[..., Any], annotation: Any) -> bool:
    """Return whether an annotation lists words, itself or by a name of its module."""
    if "Literal[" in str(annotation):
        return True
    names = re.findall(r"\w+", str(annotation))
    module = vars(import_module(inspect.unwrap(function).__module__))
    return any(get_origin(module.get(name)) is Literal for name in names)


def _accepted_words(what: str, function: Callable[..., Any], good: dict[str, Any]) -> Iterator[str]:
    """Yield the arguments for which a call takes a word that its annotation does not list."""
    parameters = inspect.signature(function).parameters.values()
    required = {p.name: good.get(p.name, "x") for p in parameters if p.default is p.empty and p.kind != p.VAR_KEYWORD}
    for parameter in parameters:
        if _takes_one_of_some_words(function, parameter.annotation):
            try:
                function(**{**required, parameter.name: "no such word"})
            except Exception as error:
                if is_on_purpose(error):
                    continue
                raise
            yield f"{what}({parameter.name})"


def test_a_word_that_is_not_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    accepted: list[str] = []
    for name in FUNCTIONS:
        accepted += _accepted_words(name, getattr(wk, name), good(tmp_path))
    for name in ("WorldEnv", "WorldVectorEnv", "suite"):
        accepted += _accepted_words(name, getattr(wk.envs, name), {**good(tmp_path), "n": 1})
    for name, thing, more in made(tmp_path):
        for method, member in inspect.getmembers(type(thing), inspect.isfunction):
            if not method.startswith(("_", "model_")) and member.__module__.startswith("worldkit"):
                accepted += _accepted_words(f"{name}.{method}", getattr(thing, method), {**good(tmp_path), **more})
    assert accepted == []
