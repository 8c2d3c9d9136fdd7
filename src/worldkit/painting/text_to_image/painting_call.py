"""``paint``: a still for each state of a world."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, get_args, runtime_checkable

from worldkit.core.argument_checks import checked, refusal
from worldkit.core.argument_ranges import expect_amount, expect_count
from worldkit.core.errors import MissingExtra, WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.progress import Progress, default_progress
from worldkit.illustration.picture import no_such_state
from worldkit.painting.looks import MAX_PIXELS
from worldkit.painting.text_to_image.model_name import parse_model
from worldkit.painting.text_to_image.painting_run import PaintingRun
from worldkit.painting.text_to_image.placement import Place, StillPlacement, check_places
from worldkit.painting.text_to_image.still_model import FEATURE
from worldkit.painting.text_to_image.stills import PaintInterrupted, Stills
from worldkit.stills.record import MAX_SIDE
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.stores import StoredWorld

MIN_SIDE = 16


@runtime_checkable
class EndsEarly(Protocol):
    """A progress display that is told when a run ends before it is done."""

    def failed(self) -> None:
        """Receive that it ended."""
        ...


@checked
def paint(
    world: World | StoredWorld,
    model: str,
    *,
    states: Iterable[str] | None = None,
    seed: int = 0,
    size: tuple[int, int] | None = None,
    strength: float = 0.8,
    steps: int | None = None,
    guidance: float | None = None,
    key: str | None = None,
    repaint: bool = False,
    embed: bool = False,
    set_as: str | Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Stills:
    """Paint a still for each state with a text-to-image model, and store them beside the world.

    The prompt is the one that a world model gets: base, camera and movement of the state, then the world's subject and
    style tail. What a model cannot read is cut so that the last two stay. Painting goes along the moves from the
    entrance, and each picture begins from the one before it where the model can do that.

    Each picture is stored as soon as it is finished: beside the world's file (``mine.stills``), or of a world without a
    file in the folder of this computer's user. A second call paints only what is missing, or has another prompt,
    seed, model, size or strength. ``world.picture(state)``, the player and the trail then show the stills.

    Args:
        world: The world.
        model: ``"diffusers:<id or folder>"``: a pipeline of diffusers on this machine; with a GPU a picture takes
            seconds, without one minutes. Or ``"images:<base url>#<model>"``: an endpoint that speaks OpenAI's protocol
            for images.
        states: The ids of the states; by default all.
        seed: The seed of every picture. An endpoint may ignore it.
        size: Pixels across and down, such as ``(1024, 576)``; at most 4096 each, and 8,294,400 in all. By default what
            suits the model.
        strength: How far a picture may go from the one before it, above 0 up to 1. With 1 each is painted from its
            prompt alone.
        steps: Steps for one picture, of a diffusers model; by default what its pipeline does.
        guidance: How closely a diffusers model keeps to the prompt; by default what its pipeline does.
        key: The key of an endpoint. Better in ``$WORLDKIT_IMAGES_KEY``; for ``api.openai.com`` also in
            ``$OPENAI_API_KEY``. It is stored nowhere.
        repaint: Paint also what has a still already.
        embed: Put each still into the document as well, as ``image`` of its state. The document grows by the pictures.
        set_as: Put stills into the document as ``"cover"``, ``"entrance"`` (the first frame) or ``"seedFrame"`` (of the
            cutscenes that lead to painted states); one of them or several.
        progress: Called with the number of pictures that are done, of all, and what is going on. It may raise
            KeyboardInterrupt to stop.

    Returns:
        The stills. ``.world`` is the world with those in it that were asked for, ``.ops`` the operations that put them
        there, and ``.ops_for(world)`` those for a world that was edited since; the world that was passed stays as it
        is.

    Raises:
        PaintInterrupted: It was stopped; what was finished is stored.
        MissingExtra: diffusers, torch or Pillow is missing.
        FileError: The folder of the stills cannot be written; what was finished by then is stored.
        WrongArgument: The size, the strength, a place, or a number is none.
        WorldError: There is no such state or model; or the model cannot be loaded or reached. What was finished by
            then is stored.

    Example:
        >>> stills = wk.paint(world, "images:http://127.0.0.1:8766/v1#sdxl")
        >>> stills
        Stills of 3 states: 3 new
        >>> wk.paint(world, "images:http://127.0.0.1:8766/v1#sdxl")
        Stills of 3 states: 3 unchanged
        >>> world.picture("lane").kind
        'stored'
    """
    document = world if isinstance(world, World) else world.world
    places = _places(set_as)
    _check_numbers(size, strength, steps, guidance)
    state_ids = _states(document, states)
    check_places(document, state_ids, places)
    name = parse_model(model, key=key, steps=steps, guidance=guidance)
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise MissingExtra(FEATURE, "paint", "pillow") from None
    extra = {option: value for option, value in (("steps", steps), ("guidance", guidance)) if value is not None}
    run = PaintingRun(document, name, state_ids, seed, size, strength, extra, repaint)
    reporter = progress or default_progress("paint", form="painting")
    try:
        run.finish(reporter)
    except BaseException as error:
        if isinstance(reporter, EndsEarly):
            reporter.failed()
        if isinstance(error, KeyboardInterrupt):
            unpainted_states = run.unpainted_states if repaint else None
            raise PaintInterrupted(_result(run, document, [], embed=False), unpainted_states) from None
        raise
    return _result(run, document, places, embed=embed)


def _result(run: PaintingRun, document: World, places: list[Place], *, embed: bool) -> Stills:
    stills = run.stills() if places or embed else {}
    placement = StillPlacement(document, run.states, stills, places, embed)
    ops = placement.ops(document)
    return Stills(
        document.apply(ops) if ops else document,
        ops=ops,
        placement=placement,
        new_states=tuple(run.new_states),
        unchanged_states=tuple(run.unchanged_states),
        failures=run.failures,
        folder=run.folder.path,
    )


def _states(document: World, states: Iterable[str] | None) -> list[str]:
    ids: list[str] = []
    for state in document.states if states is None else states:
        if not isinstance(state, str):
            raise refusal("states", "ids of states", state)
        if state not in document.states:
            raise no_such_state(state, document)
        ids.append(state)
    return list(dict.fromkeys(ids))


def _places(set_as: str | Iterable[str] | None) -> list[Place]:
    places = [set_as] if isinstance(set_as, str) else list(set_as or ())
    for place in places:
        if not isinstance(place, str) or place not in get_args(Place):
            raise WrongArgument("set_as", '"cover", "entrance" or "seedFrame"', quote(place))
    return places  # type: ignore[return-value]


def _check_numbers(size: tuple[int, int] | None, strength: float, steps: int | None, guidance: float | None) -> None:
    if size is not None and (
        len(size) != 2 or not all(isinstance(side, int) and MIN_SIDE <= side <= MAX_SIDE for side in size)
    ):
        raise WrongArgument("size", f"a width and a height of {MIN_SIDE} to {MAX_SIDE} pixels", quote(size))
    if size is not None and size[0] * size[1] > MAX_PIXELS:
        raise WrongArgument("size", f"at most {MAX_PIXELS:,} pixels in all, such as 3840 x 2160", quote(size))
    expect_amount(strength, "strength", maximum=1, above=True)
    expect_count(steps, "steps", or_none=True)
    expect_amount(guidance, "guidance", or_none=True)
