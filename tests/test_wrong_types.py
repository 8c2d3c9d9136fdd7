"""Every public call refuses wrong arguments in words, with an error of worldkit's own."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_origin

import pytest

import worldkit as wk
from tests.public_calls import (
    CLASSES,
    FUNCTIONS,
    SOURCE,
    arguments_of,
    good,
    instances,
    methods,
    world,
)
from tests.wrong_arguments import is_refused_in_words, leaks
from worldkit import WorldError, WrongArgument
from worldkit.core.argument_checks import checked, is_checked
from worldkit.core.argument_types import LAZY_CLASSES, kinds_of


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_refuses_wrong_arguments(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(leaks(name, FUNCTIONS[name], arguments_of(tmp_path, name))) == []


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_refuses_wrong_arguments(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(leaks(name, CLASSES[name], good(tmp_path))) == []
    for method, member in methods(CLASSES[name]):
        assert list(leaks(f"{name}.{method}", member, good(tmp_path))) == []


def test_methods_of_what_is_returned_refuse_wrong_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    leaking_calls: list[str] = []
    for name, (thing, arguments) in instances(tmp_path).items():
        for method, member in methods(thing):
            leaking_calls += leaks(f"{name}.{method}", member, {**good(tmp_path), **arguments})
    assert leaking_calls == []


SELF_CHECKED_FUNCTIONS = {
    *("load", "load_all", "validate", "from_frames", "from_networkx"),
    *("json_patch.make", "json_patch.apply", "merge_patch.apply"),
}
"""Functions that take many kinds of things, and say themselves what they expect."""


def _unguarded() -> Iterator[str]:
    for name, function in FUNCTIONS.items():
        if inspect.signature(function).parameters and not is_checked(function) and name not in SELF_CHECKED_FUNCTIONS:
            yield name
    for name, kind in CLASSES.items():
        for method, member in inspect.getmembers_static(kind):
            function = getattr(member, "__func__", member)
            if method.startswith(("_", "model_")) or not inspect.isfunction(function):
                continue
            takes = [part for part in inspect.signature(function).parameters if part not in ("self", "cls")]
            if takes and function.__module__.startswith("worldkit") and not is_checked(function):
                yield f"{name}.{method}"


def test_every_public_call_that_takes_something_checks_what_it_is_given() -> None:
    assert list(_unguarded()) == []


SAMPLES = Path(SOURCE) / "data" / "samples"

# ---- what the guard says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: wk.explore("w.json"),
            'world: expected a World; got str "w.json"; read one with worldkit.load("w.json")',
        ),
        (lambda: wk.Session(None), "world: expected a World; got None; read one with worldkit.load(path)"),
        (
            lambda: wk.compare(wk.merge(world(), world(), world()), world()),
            "a: expected a World; got a Merge; give its .world",
        ),
        (lambda: wk.explore(wk.play(world())), "world: expected a World; got a Player; give its .session.world"),
        (lambda: wk.explore(wk.edit(world())), "world: expected a World; got an Editor; give its .world"),
        (lambda: wk.explore(wk.explore(world()).routes), "world: expected a World; got a Mapping; read one with"),
        (lambda: wk.explore_many("nope"), "worlds: expected a list of which each is a World; got str"),
        (lambda: wk.explore_many(wk.generate_many(["A cat."], "templates")), "; give the .world of each"),
        (lambda: wk.explore_many([3]), "worlds: expected a list of which each is a World; got int 3 as item 1"),
        (lambda: wk.quality([world()] * 1000 + [None]), "got None as item 1001"),
        (lambda: wk.quality(iter([world(), 3])), "a World, or a list of which each is a World; got int 3 as item 2"),
        (lambda: wk.quality(wk.scan(SAMPLES)), "got a ScanRow as item 1; give the .world of each"),
        (lambda: wk.explore(wk.scan(SAMPLES)), "world: expected a World; got a Scan; give the .world of each"),
        (lambda: wk.explore_many(wk.scan(SAMPLES)), "got a ScanRow as item 1; give the .world of each"),
        (lambda: wk.playtest_many(iter([3])), "got int 3 as item 1"),
        (lambda: wk.envs.suite(wk.scan(SAMPLES)), "got a ScanRow as item 1; give the .world of each"),
        (
            lambda: wk.quality([world()], iter([""])),
            "premise: expected a string, a list or None; got a list_iterator; make a",
        ),
        (lambda: wk.generate("A lamp.", "templates", object()), "seed: expected a whole number; got an object"),
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


def test_numbers_of_numpy_come_to_a_function_as_plain_numbers() -> None:
    import numpy as np

    @checked
    def types(whole: int, number: float, *more: int, text: str | int = "", anything: Any = None) -> list[type]:
        return [type(value) for value in (whole, number, *more, text, anything)]

    one, half = np.int64(1), np.float32(0.5)
    assert types(one, half, one, one, text=one, anything=one) == [int, float, int, int, int, np.int64]
    assert types(number=Fraction(1, 2), whole=one) == [int, float, str, type(None)]


def test_a_text_that_may_be_secret_and_is_none_is_refused_without_any_of_it() -> None:
    for place, reason in (("folder\0/worlds.db", "a zero byte"), ("folder\ud800/worlds.db", "a lone surrogate")):
        with pytest.raises(wk.WrongArgument, match=f"place: .*; got one that h.* {reason}") as error:
            wk.Store(place)
        assert "folder" not in str(error.value)


def test_what_a_model_is_to_blame_for_comes_with_its_cause_and_without_frames() -> None:
    def fail() -> None:
        try:
            raise MemoryError("the card is full")
        except MemoryError as error:
            raise wk.ModelError("the model ran out of memory") from error

    @checked
    def answer() -> None:
        fail()

    @checked
    async def answer_later() -> None:
        fail()

    for call in (answer, lambda: asyncio.run(answer_later())):
        with pytest.raises(wk.ModelError) as error:
            call()
        assert repr(error.value.__cause__) == "MemoryError('the card is full')"
        assert "fail" not in [entry.name for entry in error.traceback]


@pytest.mark.parametrize(
    "call",
    [
        lambda: wk.Client(key="sk_test", base_url="no address"),
        lambda: wk.Client(key="sk_test", base_url="http://127.0.0.1:9").get("w"),
        lambda: wk.Store("postgresql://127.0.0.1:9/worlds").list(),
    ],
    ids=["argument", "client", "store"],
)
def test_an_error_that_the_caller_is_handling_keeps_its_frames(call: Callable[[], object]) -> None:
    def fail() -> None:
        raise ValueError("the caller's own")

    def fail_and_call() -> None:
        try:
            fail()
        except ValueError:
            with pytest.raises(wk.WorldError):
                call()
            raise

    with pytest.raises(ValueError, match="own") as error:
        fail_and_call()
    assert "fail" in [entry.name for entry in error.traceback]


def _takes_one_of_some_words(function: Callable[..., Any], annotation: Any) -> bool:
    """Return whether an annotation lists words, itself or by a name of its module."""
    if "Literal[" in str(annotation):
        return True
    names = re.findall(r"\w+", str(annotation))
    module = vars(import_module(inspect.unwrap(function).__module__))
    return any(get_origin(module.get(name)) is Literal for name in names)


def _accepted_values(
    what: str,
    function: Callable[..., Any],
    good: dict[str, Any],
    value: Any,
    is_tried: Callable[[Callable[..., Any], inspect.Parameter], bool],
) -> Iterator[str]:
    """Yield the arguments, of those that are tried, for which a call takes a value that it should refuse."""
    parameters = inspect.signature(function).parameters.values()
    required = {p.name: good.get(p.name, "x") for p in parameters if p.default is p.empty and p.kind != p.VAR_KEYWORD}
    for parameter in parameters:
        if is_tried(function, parameter):
            try:
                answer = function(**{**required, parameter.name: value})
                if inspect.iscoroutine(answer):
                    asyncio.run(answer)
            except Exception as error:
                if is_refused_in_words(error) and not isinstance(error, wk.Unreachable):
                    continue
                if not isinstance(error, wk.Unreachable):
                    raise
            yield f"{what}({parameter.name})"


USER_CLASSES = (
    *(wk.AsyncClient, wk.Budget, wk.Client, wk.Session),
    *(wk.envs.WorldEnv, wk.envs.WorldVectorEnv, wk.painters.MiraPainter, wk.painters.Recorder),
)
"""Classes of which users make the objects."""


def _accepted_anywhere(tmp_path: Path, value: Any, is_tried: Callable[[Callable[..., Any], Any], bool]) -> list[str]:
    """Return the arguments of all public functions and methods that are tried and for which a value is taken."""
    accepted: list[str] = []
    for name, function in FUNCTIONS.items():
        accepted += _accepted_values(name, function, arguments_of(tmp_path, name), value, is_tried)
    for name, (thing, more) in instances(tmp_path).items():
        for method, member in methods(thing):
            accepted += _accepted_values(f"{name}.{method}", member, {**good(tmp_path), **more}, value, is_tried)
    for kind in USER_CLASSES:
        more = {"session": wk.Session(world()), "url": "mira:ws://127.0.0.1:9"}
        accepted += _accepted_values(kind.__name__, kind, {**good(tmp_path), **more}, value, is_tried)
    return accepted


def test_a_word_that_is_not_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def is_tried(function: Callable[..., Any], parameter: inspect.Parameter) -> bool:
        return _takes_one_of_some_words(function, parameter.annotation)

    assert _accepted_anywhere(tmp_path, "no such word", is_tried) == []


SIGNED_PARAMETERS = ("seed", "run", "index", "to", "at", "now", "luminance", "motion", "illegal_reward")
"""Numbers that may be negative: seeds, places counted from the end, times, measurements and rewards."""


def test_a_negative_count_limit_or_time_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def is_tried(function: Callable[..., Any], parameter: inspect.Parameter) -> bool:
        is_number = re.fullmatch(r"(int|float)( \| None)?", str(parameter.annotation)) is not None
        return is_number and parameter.name not in SIGNED_PARAMETERS

    assert _accepted_anywhere(tmp_path, -1, is_tried) == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: wk.Budget(nodes=0), "nodes: expected a whole number of at least 1, or None; got int 0"),
        (lambda: wk.Budget(nodes=1.5), "nodes: expected a whole number of at least 1, or None; got float 1.5"),  # type: ignore[arg-type]
        (lambda: wk.Budget(seconds=0), "seconds: expected a number above 0; got int 0"),
        (lambda: wk.Budget(memory=True), "memory: expected a whole number of bytes of at least 1; got bool true"),
        (lambda: wk.explore(world(), nodes=0), "nodes: expected a whole number of at least 1, or None; got int 0"),
        (lambda: wk.explore(world(), memory_mb=0), "memory_mb: expected a number above 0, or None; got int 0"),
        (lambda: wk.load("{}", max_bytes=0), "max_bytes: expected a whole number of at least 1; got int 0"),
        (lambda: wk.suggest_properties(world(), 0), "limit: expected a whole number of at least 1; got int 0"),
        (lambda: wk.fit_policy([]), "traces: expected a Trace, or a list of at least one; got list []"),
        (lambda: wk.fit_policy([], smoothing=0), "smoothing: expected a number above 0, at most 1e+300; got int 0"),
        (lambda: wk.playtest(world(), 0), "runs: expected a whole number from 1 to 2,147,483,647, or None; got int 0"),
        (lambda: wk.within("win", 1_000_000), "steps: expected a whole number from 0 to 999,999; got int 1000000"),
        (lambda: wk.Session(world()).prompt(limit=0), "limit: expected a whole number of at least 1; got int 0"),
        (lambda: wk.play(world(), height=0), "height: expected an int of at least 1; got 0"),
    ],
)
def test_a_number_out_of_range_is_refused_with_its_range(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(WrongArgument) as caught:
        call()
    assert said in str(caught.value)
