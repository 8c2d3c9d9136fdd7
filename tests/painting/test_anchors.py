"""Anchors in what a detector recognised, the side to which an autopilot turns, and both in a player."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PIL import Image

import worldkit as wk
from tests.painting.test_feed import ScriptedPainter, wait_until
from worldkit import Anchor, KeepCentered
from worldkit.painters import Detection, Frame
from worldkit.painting.anchors import find_anchor
from worldkit.painting.centering import Centering
from worldkit.painting.looks import size_of

MIDDLE = (0.4, 0.4, 0.6, 0.8)


def locate(anchor: Anchor, *detections: Detection, size: tuple[int, int] | None = (640, 360)) -> Any:
    return find_anchor("climb", anchor, detections, size)


@pytest.mark.parametrize(
    ("box", "least", "is_close", "is_centered"),
    [
        (MIDDLE, None, True, True),
        (MIDDLE, 0.3, False, True),
        ((0.45, 0.4, 0.54, 0.9), None, False, True),
        ((0.45, 0.4, 0.55, 0.9), None, True, True),
        ((0.0, 0.4, 0.3, 0.8), None, True, False),
        ((0.8, 0.4, 1.0, 0.8), None, True, False),
        ((-0.5, 0.4, 0.05, 0.8), None, False, False),
    ],
)
def test_an_anchor_is_close_from_its_proximity_on_and_central_in_the_middle_third(
    box: tuple[float, float, float, float], least: float | None, is_close: bool, is_centered: bool
) -> None:
    one = locate(
        Anchor.model_validate({"label": "steps"} | ({} if least is None else {"minProximity": least})),
        Detection("steps", *box),
    )
    assert (one.is_close, one.is_centered) == (is_close, is_centered)
    assert all(0 <= side <= 1 for side in one.box)


def test_the_label_counts_before_its_aliases_and_the_largest_of_each() -> None:
    anchor = Anchor(label="Stone  Steps", aliases=("stairs", "ladder"))
    boxes = [Detection("ladder", 0, 0, 1, 1), Detection("stairs", 0, 0, 0.2, 0.2), Detection("stairs", 0, 0, 0.5, 0.5)]
    assert locate(anchor, *boxes).box == (0, 0, 0.5, 0.5)
    assert locate(anchor, *boxes, Detection("stone steps", *MIDDLE)).box == MIDDLE
    assert locate(anchor, Detection("door", *MIDDLE)) is None
    assert locate(anchor, Detection("ladder", 0.5, 0.5, 0.5, 0.9)) is None, "a line is no box"


def test_the_shape_is_that_of_pixels_and_is_not_asked_for_where_the_size_is_not_known() -> None:
    upright = Anchor.model_validate({"label": "door", "expectedAspect": {"min": 0.3, "max": 0.6}})
    door, beam = Detection("door", 0.4, 0.2, 0.55, 0.8), Detection("door", 0.1, 0.5, 0.9, 0.6)
    assert locate(upright, door, beam).box == (0.4, 0.2, 0.55, 0.8)
    assert locate(upright, beam) is None
    assert locate(upright, beam, size=None) is not None


def test_the_size_of_a_frame_is_what_it_declares() -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 36)).save(file, "JPEG")
    assert size_of(Frame(file.getvalue(), "image/jpeg")) == (64, 36)
    assert size_of(Frame(b"", "image/x-rgba", 8, 4)) == (8, 4)
    assert size_of(Frame(b"\xff\xd8\xff", "image/jpeg")) is None


class Clock:
    """A clock that stands: a test double for time."""

    now = 10.0

    def __call__(self) -> float:
        return self.now


def test_it_turns_towards_what_is_off_the_middle_every_three_seconds_and_lets_go() -> None:
    turns: list[str] = []
    clock = Clock()
    centering = Centering(turns.append, clock)
    lamp = KeepCentered(label="lamp", aliases=("light",))
    centering.see(lamp, [Detection("light", 0.69, 0.4, 0.71, 0.6)])
    wait_until(lambda: turns == ["right", ""])
    centering.see(lamp, [Detection("lamp", 0, 0, 0.1, 0.1)])
    assert turns == ["right", ""], "it looks again after three seconds"
    for box in [(0.4, 0, 0.6, 1), (0.3, 0, 0.4, 1)]:
        clock.now += 3
        centering.see(lamp, [Detection("lamp", *box)])
    assert turns == ["right", ""], "it is in the middle"
    clock.now += 3
    centering.see(lamp, [Detection("lamp", 0, 0, 0.1, 0.1)])
    assert turns[2] == "left"
    centering.release()
    centering.release()
    wait_until(lambda: turns[2:] == ["left", ""])


def test_a_turn_that_another_thread_releases_while_it_begins_ends() -> None:
    turns: list[str] = []
    has_ended = threading.Event()

    def turn(control: str) -> None:
        if control:
            threading.Thread(target=centering.release).start()
            has_ended.wait(0.3)  # a release that does not wait for the turn to begin has ended it by now
        turns.append(control)
        if not control:
            has_ended.set()

    centering = Centering(turn)
    centering.see(KeepCentered(label="lamp"), [Detection("lamp", 0, 0, 0.1, 0.1)])
    wait_until(lambda: turns == ["left", ""])


# ---- in a player -------------------------------------------------------------------------------

STATES: dict[str, Any] = {
    "yard": {"base": "A yard.", "autopilot": {"keepCentered": {"label": "lamp"}}},
    "stair": {"base": "A stair."},
}
EVENTS: list[dict[str, Any]] = [
    {"name": "climb", "kind": "transition", "from": ["yard"], "to": "stair", "anchor": {"label": "steps"}},
    {
        "name": "open",
        "kind": "override",
        "from": ["yard"],
        "requires": ["key"],
        "lockedHint": "It is locked.",
        "anchor": {"label": "door", "aliases": ["gate"]},
    },
    {"name": "hide", "kind": "override", "from": ["yard"], "hidden": True, "anchor": {"label": "barrel"}},
    {"name": "wait", "kind": "override", "from": ["yard"]},
]
RAW = {"name": "Yard", "entrance": {"state": "yard"}, "scene": {"states": STATES, "events": EVENTS}}


class Watched:
    """A player with a painter and a detector that does what a test says."""

    def __init__(self, detect: Callable[[Sequence[str]], list[Detection]]) -> None:
        self.asked: set[str] = set()
        self.painter = ScriptedPainter(frames=1_000_000)
        self.told: list[Any] = []

        def detector(frame: Frame, labels: Sequence[str]) -> list[Detection]:
            self.asked |= {*labels}
            return detect(labels)

        self.player = wk.play(wk.load(RAW), painter=self.painter, detector=detector)
        live = self.player._live_picture
        assert live is not None

        def send(message: dict[str, Any], buffers: list[bytes]) -> None:
            if message["type"] == "frame":
                live.acknowledge(message["number"])
            else:
                self.told.append(message)

        live._send = send
        self.player._repr_mimebundle_()
        wait_until(lambda: self.player.view["painter"]["status"] == "open")


def test_what_is_offered_here_is_looked_for_and_its_place_is_told() -> None:
    stage = Watched(lambda _: [Detection("steps", *MIDDLE), Detection("gate", 0, 0.5, 0.05, 0.9)])
    player = stage.player
    wait_until(lambda: bool(stage.told))
    assert stage.told[0] == {
        "type": "anchors",
        "found": [
            {"event": "climb", "box": [0.4, 0.4, 0.6, 0.8], "isClose": True, "isCentered": True},
            {"event": "open", "box": [0.0, 0.5, 0.05, 0.9], "isClose": False, "isCentered": False},
        ],
    }
    assert stage.asked == {"steps", "door", "gate", "lamp"}, "a hidden event has no button, in the picture neither"
    assert player.view["painter"]["anchors"] == [
        {"event": "climb", "thing": "steps"},
        {"event": "open", "thing": "door"},
    ]
    player.session.fire("climb")
    wait_until(lambda: stage.told[-1]["found"] == [])
    assert player.view["painter"]["anchors"] == []
    player.close()


def test_the_autopilot_turns_towards_the_thing_and_the_players_own_turn_counts_more() -> None:
    stage = Watched(lambda _: [Detection("lamp", 0.0, 0.4, 0.1, 0.6)])
    painter, player = stage.painter, stage.player
    wait_until(lambda: frozenset({"left"}) in painter.told)
    wait_until(lambda: painter.told[-1] == frozenset())
    player._receive(None, {"type": "hold", "id": "1", "view": "v", "controls": ["right"]})
    wait_until(lambda: painter.told[-1] == frozenset({"right"}))
    live = player._live_picture
    assert live is not None
    live._turn_to("left")
    wait_until(lambda: painter.told[-2:] == [frozenset({"right"})] * 2)
    player.close()


def test_without_a_detector_nothing_is_looked_for() -> None:
    player = wk.play(wk.load(RAW), painter=ScriptedPainter(frames=0))
    assert player.view["painter"]["anchors"] == []
    player.close()
