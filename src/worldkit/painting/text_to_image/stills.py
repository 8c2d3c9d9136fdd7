"""``Stills``: what ``worldkit.paint`` returns, the pictures by state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import NoSuchKey
from worldkit.core.json_values import Json, escape_unprintable, quote
from worldkit.core.quoting import format_count
from worldkit.core.restorable import Restorable
from worldkit.illustration.picture import Picture, picture_of
from worldkit.illustration.storyboard import MAX_SHOWN_PICTURES, page, sheet
from worldkit.painting.text_to_image.placement import StillPlacement
from worldkit.world import World

MAX_FULL_SIZE_PICTURES = 6
"""Up to so many pictures are shown at full size in a cell; more are shown as small copies."""


MAX_NAMED_STATES = 12
"""Up to so many states are named that are left."""


@checked_methods
class Stills(Mapping[str, Picture]):
    """The stills of states, by id. A notebook shows them as a sheet.

    Attributes:
        world: The world; with the stills in it where that was asked for.
        ops: The operations that put them into the world that was painted; empty where it was not. For one that was
            edited since, see ``ops_for``.
        new_states: The ids of the states that were painted in this call.
        unchanged_states: The ids of those that had a still of the same prompt, seed and model.
        failures: Why a state has no new still, by id.
        folder: Where the stills are.

    Example:
        >>> stills = wk.paint(world, "images:http://127.0.0.1:8766/v1#sdxl", states=["lane", "bench"])
        >>> stills
        Stills of 2 states: 2 new
        >>> stills["lane"].kind
        'stored'
    """

    def __init__(
        self,
        world: World,
        *,
        ops: list[Json],
        placement: StillPlacement,
        new_states: tuple[str, ...],
        unchanged_states: tuple[str, ...],
        failures: Mapping[str, str],
        folder: Path,
    ) -> None:
        self.world: World = world
        self.ops: list[Json] = ops
        self.folder: Path = folder
        self._placement = placement
        self.new_states: tuple[str, ...] = new_states
        self.unchanged_states: tuple[str, ...] = unchanged_states
        self.failures: dict[str, str] = dict(failures)
        states = {*new_states, *unchanged_states}
        self._states = [state for state in world.states if state in states]

    def __getitem__(self, state: str) -> Picture:
        if state not in self._states:
            raise NoSuchKey(state, self._states)
        return picture_of(self.world, state)

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def ops_for(self, world: World) -> list[Json]:
        """Return the operations that put the stills into a world that may have been edited since painting began.

        They change nothing but the pictures. A state that is gone or has another text by now gets none, and the
        entrance gets one only while play begins in the same state.

        Args:
            world: The world that the operations are applied to, such as ``editor.world``.

        Returns:
            The operations; none where no place was named in ``paint``.

        Example:
            >>> editor = wk.edit(world)
            >>> stills = wk.paint(world, "images:http://127.0.0.1:8766/v1#sdxl", set_as="cover")
            >>> editor = editor.apply([{"op": "update_state", "id": "lane", "patch": {"narration": "It snows."}}])
            >>> editor = editor.apply(stills.ops_for(editor.world))
            >>> editor.world.states["lane"].narration, editor.world.cover[:15]
            ('It snows.', 'data:image/jpeg')
        """
        return self._placement.ops(world)

    def save(self, path: str | Path) -> Path:
        """Write them as one page that stands alone, with all pictures in it.

        Args:
            path: Where to, such as ``"stills.html"``.

        Returns:
            The path written.

        Example:
            >>> wk.paint(world, "images:http://127.0.0.1:8766/v1#sdxl").save("stills.html").name
            'stills.html'
        """
        target = Path(path)
        write_atomically(target, self.to_html().encode(errors="replace"))
        return target

    def to_html(self) -> str:
        """Return the page that ``save`` writes."""
        return page(f"{self.world.name or 'World'}: stills", self._sheet(len(self), full=True))

    def __repr__(self) -> str:
        counts = [
            (len(self.new_states), "new"),
            (len(self.unchanged_states), "unchanged"),
            (len(self.failures), "failed"),
        ]
        text = ", ".join(f"{count} {word}" for count, word in counts if count) or "none"
        lines = [f"Stills of {format_count(len(self), 'state')}: {text}"]
        lines += [f"  {quote(state)}: {escape_unprintable(reason)}" for state, reason in [*self.failures.items()][:5]]
        if len(self.failures) > 5:
            lines.append(f"  and {len(self.failures) - 5} more in .failures")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": self._sheet(MAX_SHOWN_PICTURES, full=len(self) <= MAX_FULL_SIZE_PICTURES),
        }

    def _sheet(self, max_pictures: int, *, full: bool) -> str:
        shown_states = self._states[:max_pictures]
        pictures = [picture_of(self.world, state, detail="full" if full else "thumbnail") for state in shown_states]
        new_states = set(self.new_states)
        is_mixed = bool(new_states) and bool(self.unchanged_states)
        captions = (
            {} if not is_mixed else {state: "new" if state in new_states else "unchanged" for state in shown_states}
        )
        failures = "".join(
            f"<li><code>{escape(escape_unprintable(state))}</code>: {escape(escape_unprintable(reason))}</li>"
            for state, reason in self.failures.items()
        )
        problems = f"<p>Not painted:</p><ul>{failures}</ul>" if failures else ""
        return sheet(pictures, len(self) - len(pictures), captions) + problems


def rest_text(unpainted_states: list[str] | None) -> str:
    """Return how to paint the rest.

    Args:
        unpainted_states: The ids of the states that are left, of a call that paints again what is there; else None.
    """
    if unpainted_states is None:
        return "a second call paints the others"
    if not unpainted_states:
        return "none is left"
    names = ", ".join(quote(state) for state in unpainted_states[:MAX_NAMED_STATES])
    rest = len(unpainted_states) - MAX_NAMED_STATES
    suffix = f" and {rest} more" if rest > 0 else ""
    return f"still to paint are {names}{suffix}: pass them as states=, again with repaint=True"


class PaintInterrupted(Restorable, KeyboardInterrupt):
    """Painting was interrupted; every picture that was finished is stored, and a second call paints the others.

    With ``repaint=True`` a second call would begin from the first state; the message names the states that are left.

    Attributes:
        stills: What there is.
        unpainted_states: The ids of the states that are left, of a call with ``repaint=True``; else None.
    """

    def __init__(self, stills: Stills, unpainted_states: list[str] | None = None) -> None:
        self.stills = stills
        self.unpainted_states = unpainted_states
        super().__init__(self._text())

    def _render_traceback_(self, *_: object) -> list[str]:
        """Return what IPython shows in place of a traceback: nothing is wrong, and it can go on."""
        return [f"Stopped: {self._text()}."]

    def _text(self) -> str:
        count = len(self.stills.new_states)
        pictures = (
            "1 picture was painted and is stored" if count == 1 else f"{count} pictures were painted and are stored"
        )
        return f"{pictures}; {rest_text(self.unpainted_states)}"
