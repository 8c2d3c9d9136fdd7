"""A detector recognises what events wait for, beside play; what it does wrong never reaches play."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

import worldkit as wk
from tests.painting.test_feed import ScriptedPainter, wait_until
from worldkit.painters import Detection, Frame
from worldkit.painting.detection import Detections
from worldkit.painting.looks import size_of
from worldkit.widgets.recognition import awaited_labels

FRAME = Frame(b"\xff\xd8\xff", "image/jpeg")
STATES = {"lane": {"base": "A lane."}, "yard": {"base": "A yard.", "arriveLabel": "well"}}
GATE = {"label": "bench", "aliases": ["seat"], "minExtent": 0.2, "timeoutMs": 10**9}
EVENTS: list[dict[str, Any]] = [
    {"name": "sit", "kind": "override", "from": ["lane"], "landWhen": GATE},
    {"name": "go", "kind": "transition", "from": ["lane"], "to": "yard"},
    {"name": "back", "kind": "transition", "from": ["yard"], "to": "lane"},
]


def world() -> wk.World:
    return wk.load({"name": "Lane", "entrance": {"state": "lane"}, "scene": {"states": STATES, "events": EVENTS}})


def look_at(detector: Any, labels: Sequence[str] = ("bench",)) -> dict[str, float]:
    has_ended = threading.Event()

    def detector_with_end(frame: Frame, names: Sequence[str]) -> Iterable[Detection]:
        try:
            yield from detector(frame, names)
        finally:
            has_ended.set()

    detections = Detections(detector_with_end)
    detections.look(FRAME, labels)
    assert has_ended.wait(60)
    wait_until(lambda: not detections._is_busy)
    return detections.extents


def test_without_pillow_a_frame_has_the_size_that_it_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert size_of(FRAME) is None
    assert size_of(Frame(b"1234", "image/x-rgba", 1, 1)) == (1, 1)


def test_the_largest_of_each_label_counts_by_its_short_side() -> None:
    boxes = [Detection("bench", 0, 0, 0.1, 0.9), Detection("bench", 0.2, 0.5, 0.6, 0.9), Detection("cat", 0, 0, 1, 1)]
    assert look_at(lambda *_: boxes) == {"bench": 0.4}


@pytest.mark.parametrize(
    "detection",
    [
        Detection("bench", 0, 0, 1, 1, score=0.1),
        Detection("bench", 0, 0, float("nan"), 1),
        Detection("door", 0, 0, 1, 1),
        None,
        {"label": "bench"},
        Detection("bench", 0, 0, "wide", 1),  # type: ignore[arg-type]
    ],
)
def test_what_is_unsure_or_malformed_is_not_seen(detection: Any) -> None:
    assert look_at(lambda *_: [detection]) == {}


def test_a_detector_that_fails_sees_nothing() -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("no memory")

    assert look_at(fail) == {}


def test_one_frame_is_looked_at_at_a_time_and_a_late_answer_is_forgotten() -> None:
    go = threading.Event()
    calls: list[int] = []

    def slow(*_: Any) -> list[Detection]:
        calls.append(1)
        go.wait(60)
        return [Detection("bench", 0, 0, 1, 1)]

    detections = Detections(slow)
    for _ in range(5):
        detections.look(FRAME, ["bench"])
    detections.forget()
    go.set()
    wait_until(lambda: not detections._is_busy)
    assert len(calls) == 1 and detections.extents == {}


def test_it_is_asked_for_what_events_here_wait_for() -> None:
    assert awaited_labels(world(), "lane") == ["bench", "seat", "well"]
    assert awaited_labels(world(), "yard") == []


def test_an_event_lands_on_what_the_detector_recognises() -> None:
    label_sets: list[tuple[str, ...]] = []

    def detector(frame: Frame, labels: Sequence[str]) -> list[Detection]:
        label_sets.append(tuple(labels))
        return [Detection("seat", 0.2, 0.5, 0.6, 0.9)]

    player = wk.play(world(), painter=ScriptedPainter(frames=3), detector=detector, mode="real-time")
    player._repr_mimebundle_()
    wait_until(lambda: player.view["painter"]["status"] == "open")
    player.session.fire("sit")

    def has_landed() -> bool:
        player.session.wait(700)
        return player.session.playing is None

    wait_until(has_landed)
    assert player.session.trace.steps[0].evidence == "observed"
    assert set(label_sets) == {("bench", "seat", "well")}
    player.close()


def test_a_detector_needs_a_painter() -> None:
    with pytest.raises(TypeError, match="expected a painter whose frames the detector looks at"):
        wk.play(world(), detector=lambda *_: [])
