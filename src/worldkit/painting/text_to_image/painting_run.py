"""One call of ``paint``: which states lack a still, one after the other, stored as soon as it is painted."""

from __future__ import annotations

import base64
import json
from collections import deque
from dataclasses import dataclass, field, replace

from worldkit.core.document import Document
from worldkit.core.json_values import Json
from worldkit.core.progress import DONE, Progress
from worldkit.core.state_prompt import state_prompt
from worldkit.illustration.picture import own_picture
from worldkit.painting.text_to_image.model_name import ModelName
from worldkit.painting.text_to_image.safe_picture import jpeg_of, safe_picture
from worldkit.painting.text_to_image.still_model import ModelUnavailable, StillModel, StillRefused, StillRequest
from worldkit.painting.text_to_image.stills import rest_text
from worldkit.stills.folder import StillsFolder, file_name
from worldkit.stills.lookup import folder_for, folders_of, still_of
from worldkit.stills.record import StillRecord

Stored = tuple[StillRecord, StillsFolder]
"""A record, and the folder that holds its files."""


@dataclass(slots=True)
class PaintingRun:
    """What is to be painted, and how far it is.

    Attributes:
        document: The world.
        model: The model's name.
        states: The ids of the states that shall have a still.
        seed: The seed of every picture; one for all keeps their style together.
        size: Pixels across and down; None for what suits the model.
        strength: How far a picture may go from the one before it; 1 to paint each from its prompt alone.
        options: What else the model was told, for the record.
        repaint: Whether to paint also what has a still.
        new_states: The ids of the states that were painted.
        unchanged_states: The ids of those whose still is as it was.
        failures: Why a state has no new still, by id.
        folder: Where the stills are.
        unpainted_states: The ids of the states that are still to be painted.
    """

    document: Document
    model: ModelName
    states: list[str]
    seed: int
    size: tuple[int, int] | None
    strength: float
    options: Json = field(default_factory=dict)
    repaint: bool = False
    new_states: list[str] = field(default_factory=list)
    unchanged_states: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    folder: StillsFolder = field(init=False)
    unpainted_states: list[str] = field(default_factory=list)
    _places: dict[str, Stored] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = folder_for(self.document)
        self.unpainted_states = list(self.states)
        self.options = {
            "model": self.model.safe_name,
            "seed": self.seed,
            "size": list(self.size) if self.size else None,
            "strength": self.strength,
            **self.options,
        }

    def stills(self) -> dict[str, bytes]:
        """Return the JPEGs of the states that were asked for, by id."""
        return {state: data for state in self.states if (data := self._read(state)) is not None}

    def finish(self, progress: Progress) -> None:
        """Paint what is missing.

        Args:
            progress: Called before each picture and at each of its steps. What it raises ends the run.

        Raises:
            ModelUnavailable: The model cannot be loaded, or takes no orders.
        """
        missing = self._take_stored()
        self.unpainted_states = [state for state, _ in missing]
        if not missing:
            progress(1, 1, DONE)
            return
        total = len(missing)
        progress(0, total, "load the model")
        model = self.model.load()
        try:
            for number, (state, source) in enumerate(missing):
                self._paint(model, state, source, progress, number, total)
                self.unpainted_states.remove(state)
        except ModelUnavailable as error:
            if not self.new_states:
                raise
            count = f"{len(self.new_states)} of {total} pictures are stored"
            rest = rest_text(self.unpainted_states if self.repaint else None)
            raise ModelUnavailable(f"{error}; {count}, and {rest}") from None
        finally:
            model.close()
        progress(total, total, DONE)

    def _paint(
        self, model: StillModel, state: str, source: str | None, progress: Progress, done_count: int, total: int
    ) -> None:
        def on_step(step: int, steps: int) -> None:
            progress(done_count, total, f"{state}, step {step} of {steps}")

        progress(done_count, total, state)
        start = self._source(state, source) if self.strength < 1 else None
        request = StillRequest(self.document, state, self.seed, self.size, start, self.strength)
        try:
            output = model.paint(request, on_step)
            picture = safe_picture(output)
        except StillRefused as refusal:
            self.failures[state] = str(refusal)
            return
        record = StillRecord(
            state,
            state_prompt(self.document, state).joined(),
            file_name(picture.data),
            file_name(picture.thumbnail),
            picture.width,
            picture.height,
            source if output.used_source else None,
            self.options,
        )
        self.folder.add(record, {record.file: picture.data, record.thumbnail: picture.thumbnail})
        self._places[state] = (record, self.folder)
        self.new_states.append(state)

    def _read(self, state: str) -> bytes | None:
        place = self._places.get(state)
        return None if place is None else place[1].read(place[0].file)

    def _source(self, state: str, source: str | None) -> bytes | None:
        """Return the picture to begin from: that of the state before, or at the entrance the world's own."""
        if source is not None:
            still = still_of(self.document, source)
            return self._read(source) or (None if still is None else still.data())
        own = own_picture(self.document, state)
        if own is None or own[0] != "entrance":
            return None
        try:
            return jpeg_of(base64.b64decode(own[1].partition(",")[2]))
        except (StillRefused, ValueError):
            return None

    def _take_stored(self) -> list[tuple[str, str | None]]:
        """Take the stills that are there already, and return which states lack one, with the state each begins from."""
        order = painting_order(self.document)
        places = self._stored_pictures()
        prompts = {state: state_prompt(self.document, state).joined() for state in order}
        places_by_prompt = {  # of states that were renamed: those that are still there have pictures of their own
            (prompt, key): place
            for (state, prompt, key), place in places.items()
            if prompt.strip() and prompts.get(state) != prompt
        }
        chosen_states = set(self.states)
        missing: list[tuple[str, str | None]] = []
        for state, source in order.items():
            prompt = prompts[state]
            if not prompt.strip():
                if state in chosen_states:
                    self.failures[state] = "it has no text to paint from"
                continue
            key = _key(self.options)
            place = places.get((state, prompt, key)) or _renamed(places_by_prompt.get((prompt, key)), state)
            data = place[1].read(place[0].file) if place else None
            if place is not None and data is not None and not (self.repaint and state in chosen_states):
                self._places[state] = place
                if state in chosen_states:
                    self._choose(*place, data)
                    self.unchanged_states.append(state)
            elif state in chosen_states:
                missing.append((state, source))
        return missing

    def _stored_pictures(self) -> dict[tuple[str, str, str], Stored]:
        return {
            (record.state, record.prompt, _key(record.options)): (record, folder)
            for folder in reversed(folders_of(self.document))  # the first of them counts most
            for record in folder.index().records
        }

    def _choose(self, record: StillRecord, folder: StillsFolder, data: bytes) -> None:
        """Make a still the one that is shown, where one of another model or seed was painted since."""
        newest = self.folder.index().by_text.get((record.state, record.prompt))
        if newest == record:
            return
        thumbnail = folder.read(record.thumbnail)
        files = {record.file: data} if thumbnail is None else {record.file: data, record.thumbnail: thumbnail}
        self.folder.add(record, files)


def _renamed(place: Stored | None, state: str) -> Stored | None:
    """Return a still of the same text as that of a state, which may have had another id then."""
    return None if place is None else (replace(place[0], state=state), place[1])


def _key(options: object) -> str:
    return json.dumps(dict(options) if isinstance(options, dict) else {}, sort_keys=True)


def painting_order(document: Document) -> dict[str, str | None]:
    """Return every state with the one that it is first reached from, in the order of their distance from the entrance.

    States that no move leads to come last, and each of them begins a part of its own.

    Args:
        document: The world.
    """
    targets: dict[str, list[str]] = {}
    for event in document.events:
        target = document.landing(event.to) if event.kind == "transition" else None
        if target is not None and target in document.states:
            for state in event.from_:
                targets.setdefault(state, []).append(target)
    order: dict[str, str | None] = {}
    start = document.start
    starts = [start] if start is not None and start in document.states else []
    for first in (*starts, *document.states):
        if first in order:
            continue
        order[first] = None
        queue = deque([first])
        while queue:
            state = queue.popleft()
            for target in targets.get(state, ()):
                if target not in order:
                    order[target] = state
                    queue.append(target)
    return order
