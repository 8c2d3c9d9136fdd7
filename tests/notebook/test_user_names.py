"""No message and no ``repr`` of a widget names a class its users never wrote; what ``edit`` returns is an editor."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

import worldkit as wk
from worldkit.widgets.report import ExplorationReport

BENCH = wk.samples.load("bench")
OTHER = BENCH.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
WIDGETS: dict[str, Callable[[Path], Any]] = {
    "editor": lambda folder: wk.edit(BENCH),
    "editor of a file": lambda folder: wk.edit(BENCH.save(folder / "bench.world.json")),
    "editor of a store": lambda folder: wk.edit(wk.Store(f"sqlite:///{folder / 'store.db'}").create(BENCH)),
    "player": lambda folder: wk.play(BENCH),
    "comparison": lambda folder: wk.compare(BENCH, OTHER),
    "merge": lambda folder: wk.compare(BENCH, OTHER, OTHER),
    "revision": lambda folder: wk.revise(BENCH, "make the lane colder", model="templates").comparison,
    "embed": lambda folder: wk.embed(BENCH),
    "embedded page": lambda folder: wk.embed(token="t"),
    "report": lambda folder: ExplorationReport(wk.explore(BENCH)),
}
USER_WIDGETS = {
    "Editor",
    "Player",
    "Comparison",
    "MergeView",
    "CampaignPlayer",
    "EmbeddedCell",
    "EmbeddedPage",
    "Workbench",
}
"""What users call the widgets; all other classes of the package are its own business."""


def own_class_names() -> set[str]:
    """Return the names of all classes of the widgets that are not what users call a widget."""
    package = importlib.import_module("worldkit.widgets")
    modules = [importlib.import_module(one.name) for one in pkgutil.iter_modules(package.__path__, "worldkit.widgets.")]
    return {
        name
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    } - USER_WIDGETS


def messages(widget: Any) -> list[str]:
    """Return what Python says of all that can be done wrong with a widget."""

    def message(action: Callable[[], Any]) -> str:
        try:
            action()
        except Exception as error:  # whatever Python, traitlets or worldkit raises
            return str(error)
        return ""

    kind = type(widget)
    texts = [repr(widget), message(lambda: widget.no_such_name)]
    for name in dir(kind):
        member = inspect.getattr_static(kind, name)
        if name.startswith("_"):
            continue
        if isinstance(member, property) and member.fset is None:
            texts.append(message(partial(setattr, widget, name, object())))
        elif isinstance(member, FunctionType) and member.__module__.startswith("worldkit."):
            texts.append(message(partial(getattr(widget, name), no_such_argument=1)))
    texts += [message(partial(setattr, widget, name, object())) for name in ("height", "theme")]
    return texts


@pytest.mark.parametrize("kind", WIDGETS)
def test_no_message_of_a_widget_names_a_class_that_users_do_not_know(kind: str, tmp_path: Path) -> None:
    texts = messages(WIDGETS[kind](tmp_path))
    assert len([text for text in texts if text]) > 5
    own_names = re.compile(rf"\b({'|'.join(own_class_names())})\b")
    assert [text for text in texts if own_names.search(text)] == []


def test_a_wrong_call_of_what_two_widgets_share_names_neither() -> None:
    widgets: list[Any] = [wk.embed(BENCH), wk.embed(token="t")]
    for widget in widgets:
        with pytest.raises(TypeError, match=r"^on\(\) got an unexpected keyword argument 'when'$"):
            widget.on("choice", when=1)


def test_what_is_got_from_a_widget_goes_through_no_code_of_ours() -> None:
    for make in (lambda: wk.edit(BENCH), lambda: wk.play(BENCH)):
        names = {"__getattribute__", "__getattr__", "__setattr__"}
        ours = [kind for kind in type(make()).__mro__ if kind.__module__.startswith("worldkit.")]
        assert [kind for kind in ours if names & vars(kind).keys()] == []


def test_what_a_user_adds_to_a_widget_keeps_its_names() -> None:
    class Applause:
        def clap(self) -> None: ...

    class Theatre(Applause, type(wk.play(BENCH))):  # type: ignore[misc]  # the class is what play returns
        def bow(self) -> None: ...

    assert Theatre.clap.__qualname__.endswith("Applause.clap")
    assert Theatre.bow.__qualname__.endswith("Theatre.bow")
    assert Theatre.__name__ == "Theatre"


def test_a_fault_inside_a_property_of_a_widget_says_what_it_is_and_happens_once() -> None:
    calls = []

    class Faulty(type(wk.edit(BENCH))):  # type: ignore[misc]  # the class is what edit returns
        @property
        def broken(self) -> Any:
            calls.append("broken")
            return None.nothing  # type: ignore[attr-defined]  # the fault

    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'nothing'"):
        _ = Faulty(BENCH).broken
    assert calls == ["broken"]
