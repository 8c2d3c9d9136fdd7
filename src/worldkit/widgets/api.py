"""``edit``, ``play``, ``compare`` and reports, without the cost of importing the widgets before one is asked for."""

from __future__ import annotations

import errno
import sys
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, overload

from worldkit.core.argument_checks import checked, refusal
from worldkit.core.errors import MissingFile, WrongArgument
from worldkit.core.profile import ProfileName
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.campaigns import CampaignSession
    from worldkit.campaigns.document import Campaign
    from worldkit.exploration import Exploration
    from worldkit.generation.revision.revision import Revision
    from worldkit.painting.detection import Detector
    from worldkit.painting.painter import Painter
    from worldkit.playing.position import Position
    from worldkit.playing.session import Session
    from worldkit.playing.trace import Mode, Trace
    from worldkit.stores import StoredWorld
    from worldkit.stores.file import FileWorld, WorldFileStore
    from worldkit.widgets.campaign_player import CampaignPlayer
    from worldkit.widgets.comparison import Comparison
    from worldkit.widgets.editor import Editor
    from worldkit.widgets.editor_properties import PropertySource
    from worldkit.widgets.embedded_page import EmbeddedPage
    from worldkit.widgets.merge_view import MergeView
    from worldkit.widgets.player import Player
    from worldkit.widgets.report import ExplorationReport
    from worldkit.widgets.saving_editor import SavingEditor
    from worldkit.widgets.store_editor import StoreEditor
    from worldkit.widgets.workbench import Workbench


@overload
def edit(
    world: World | str | PathLike[str] | None = None,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    properties: PropertySource | None = None,
    height: int = 560,
    theme: str = "auto",
    read_only: bool = False,
) -> SavingEditor: ...


@overload
def edit(
    world: StoredWorld,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    properties: PropertySource | None = None,
    height: int = 560,
    theme: str = "auto",
    read_only: bool = False,
) -> StoreEditor: ...


@checked
def edit(
    world: World | StoredWorld | str | PathLike[str] | None = None,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    properties: PropertySource | None = None,
    height: int = 560,
    theme: str = "auto",
    read_only: bool = False,
) -> SavingEditor:
    """Open a world in the graph editor: name the result on a cell's last line to show it.

    Args:
        world: Where the world is. A file that ends in ``.json`` is opened, or made when it is not there, and each edit
            is saved there as it is made; so it is with a world from a store, such as ``store["bench"]``. A ``World``
            never changes: ``.world`` of the editor is the edited one, and ``.save_as(path)`` gives it a file. With
            nothing the editor offers ways to begin.
        layout: Where cards stand, by state id; those not named stand where they were kept, or are laid out.
        properties: What is demanded of every run, by name, or the file that keeps it and every change of it. By default
            the file beside the world's, such as ``mine.properties.toml``. They are checked while the world is edited.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.
        read_only: Let views look and not touch. Calls such as ``.apply`` of the editor change the world, and save it,
            all the same.

    Returns:
        The editor.

    Raises:
        WrongArgument: It is nothing of that.
        FileNotFoundError: The file is to be made in a folder that is not there, or by a read-only editor.
        InvalidWorld: The file holds no world.
        WorldError: The file is no file of a world, or cannot be read or made.
        PropertyError: A property cannot be read.

    Example:
        >>> editor = wk.edit(world)
        >>> editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}]).world.start
        'road'
        >>> print(editor.code())
        # Rename lane to road
        world = world.apply(
            [
                {'op': 'rename_state', 'from': 'lane', 'to': 'road'},
            ]
        )
    """
    from worldkit.widgets.saving_editor import SavingEditor

    _require_theme(theme)
    if _is_stored(world):
        from worldkit.widgets.store_editor import StoreEditor

        return StoreEditor(world, layout=layout, properties=properties, height=height, theme=theme, read_only=read_only)
    options: dict[str, Any] = {"layout": layout, "properties": properties}
    options |= {"height": height, "theme": theme, "read_only": read_only}
    if world is None:
        blank = World.from_dict({"schemaVersion": "1.0", "scene": {"states": {}, "events": []}})
        return SavingEditor(blank, source="begin", begins=True, **options)
    if isinstance(world, (str, PathLike)):
        from worldkit.widgets.store_sync import StoreSync

        stored_world, file = _file(world, make=not read_only)
        sync = StoreSync(stored_world, file)
        return SavingEditor(stored_world.world, sync=sync, source=("file", str(file.path)), **options)
    return SavingEditor(_world(world), **options)


def _file(path: str | PathLike[str], *, make: bool) -> tuple[FileWorld, WorldFileStore]:
    """Return the world in a file, and the file; where there is none it is made, or that is refused."""
    from worldkit.stores.file import WorldFileStore

    if isinstance(path, str) and path.lstrip()[:1] in ("{", "["):
        raise WrongArgument("world", "a path", "JSON text; read it with worldkit.load(text) and edit what that returns")
    file = WorldFileStore(path)
    try:
        return file.read(), file
    except FileNotFoundError:
        if not make:
            reason = "does not exist, and a read-only editor makes no file"
            raise MissingFile(errno.ENOENT, reason, str(path)) from None
    name = file.path.name.split(".")[0].replace("_", " ").replace("-", " ").strip()
    try:
        return file.create(World.new(name[:1].upper() + name[1:])), file
    except FileExistsError:  # somebody else has just made it
        return file.read(), file


@overload
def play(
    world: StoredWorld,
    worlds: None = None,
    *,
    painter: Literal["hosted"],
    height: int = 560,
    theme: str = "auto",
) -> EmbeddedPage: ...


@overload
def play(
    world: World | StoredWorld | Session | Editor,
    worlds: None = None,
    *,
    start: str | None = None,
    at: Position | Mapping[str, Any] | str | None = None,
    trace: Trace | Mapping[str, Any] | str | None = None,
    mode: Mode | None = None,
    past_endings: bool = False,
    seed: int = 0,
    painter: Painter | str | None = None,
    detector: Detector | None = None,
    model: str | None = None,
    key: str | None = None,
    consoles: bool = False,
    gate: ProfileName = "hosted",
    height: int = 560,
    theme: str = "auto",
) -> Player: ...


@overload
def play(
    world: Campaign | CampaignSession,
    worlds: Mapping[str, World] | None = None,
    *,
    past_endings: bool = False,
    seed: int = 0,
    gate: ProfileName = "hosted",
    height: int = 560,
    theme: str = "auto",
) -> CampaignPlayer: ...


@checked
def play(
    world: World | StoredWorld | Session | Editor | Campaign | CampaignSession,
    worlds: Mapping[str, World] | None = None,
    *,
    start: str | None = None,
    at: Position | Mapping[str, Any] | str | None = None,
    trace: Trace | Mapping[str, Any] | str | None = None,
    mode: Mode | None = None,
    past_endings: bool = False,
    seed: int = 0,
    painter: Painter | str | None = None,
    detector: Detector | None = None,
    model: str | None = None,
    key: str | None = None,
    consoles: bool = False,
    gate: ProfileName = "hosted",
    height: int = 560,
    theme: str = "auto",
) -> Player | EmbeddedPage:
    """Open a world in the player: name the result on a cell's last line to show it.

    Args:
        world: The world. Errors in its structure block play until the player insists. Or a session, to go on playing
            it. Or an editor, to play beside it: its map shows where the player is, and play goes on from the same
            position while the world is edited, or begins once there is a scene. Or a campaign, or a session of one: its
            acts one after the other.
        worlds: Of a campaign, its worlds by id; left out when it holds them itself.
        start: Begin in this state instead of the entrance, with nothing held.
        at: Begin in this saved position instead: a position, its JSON values, or its JSON text.
        trace: Open at the end of this run, replayed step by step, so that it can be undone: a trace, its JSON values,
            or its JSON text.
        mode: ``"instant"``, or ``"real-time"``: events play at their length while the clock runs. By default
            instant, or as the trace or the session was played.
        past_endings: Let play go on where it is over.
        seed: Kept in the trace.
        painter: Draws the world while it is played: the address of a world model (``"ws://..."``,
            ``"mira:ws://..."``, ``"reactor:http://..."``, docs/painters.md), or any painter. It begins when the player
            is first shown. Its frames are looked at for the evidence that events wait for. When it fails, play goes on
            without a picture. Or ``"hosted"``, for a world of a client, such as ``api.get(id)``: its server plays and
            draws it, in a frame; see ``worldkit.embed``.
        detector: Recognises in the painter's frames what events wait for, and anchors (docs/evidence.md#a-detector):
            called in a thread with a frame and labels, returns a ``painters.Detection`` for each that it finds.
        model: The language model that writes the result of an action the player types (docs/acting.md), such as
            ``"chat:<base url>#<model>"``; see ``propose_action``.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        consoles: Let that model speak for the consoles of the world too. It is told what a console may say now, and
            nothing that is withheld. Without it, or when it fails, the console's records answer.
        gate: What blocks play: ``"hosted"`` for errors in the structure, ``"studio"`` for every error by the Studio's
            rules, which are about prose as well.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.

    Returns:
        The player; ``.session`` is the session under it. With ``painter="hosted"`` the page of the server:
        ``.on("choice", f)`` hears what happens.

    Raises:
        WrongArgument: It is no World and no Session, or more than one of ``start``, ``at`` and ``trace`` is given, or
            one of them with a session; or ``past_endings`` with a session or a trace, which say that themselves.
        WrongArgument: There is no such mode.
        InvalidWorld: It has no states, and is no editor's.
        WorldError: There is no such state.
        TraceError: The run does not hold in this world.
        WrongArgument: ``painter="hosted"``, and the world is at no server.

    Example:
        >>> player = wk.play(world)
        >>> player.session.state
        'lane'
    """
    _require_theme(theme)
    if detector is not None and painter is None:
        raise WrongArgument("painter", "a painter whose frames the detector looks at", "none; name one with painter=")
    if consoles and model is None:
        raise WrongArgument("model", "a model that speaks for the consoles", "none; name one with model=")
    if painter == "hosted":
        others = (worlds, start, at, trace, mode, detector, model, key)
        if any(value is not None for value in others) or consoles or past_endings:
            raise WrongArgument("world", "a world alone: the server plays it, from its entrance", "more arguments")
        return _play_hosted(world, height, theme)
    _check_beginning(start, at, trace)
    if _is_campaign(world):
        if any(value is not None for value in (start, at, trace, mode, painter, model, key)) or consoles:
            alone = "a campaign alone; begin elsewhere with CampaignSession(campaign, worlds, at=...)"
            raise WrongArgument("world", alone, "more arguments")
        return _play_campaign(world, worlds, seed, past_endings, gate, height, theme)
    if worlds is not None:
        raise WrongArgument("worlds", "none: they belong to a campaign, and a world is played by itself", "some")
    from worldkit.painting.registry import painter_of
    from worldkit.ruleset.play_gate import play_blockers
    from worldkit.widgets.linked_player import LinkedPlayer, before_the_first_scene
    from worldkit.widgets.player import Player

    editor = _editor(world)
    edited_world = None if editor is None else editor.world
    if edited_world is not None and not edited_world.states and start is None and at is None and trace is None:
        edited_world = before_the_first_scene(edited_world)
    session = _session(edited_world or world, seed, past_endings, start, at, trace)
    if mode is not None and mode != session.mode:
        session.switch(mode)
    player = Player(
        session,
        blocked=play_blockers(session.world, gate),
        painter=None if painter is None else painter_of(painter),
        detector=detector,
        model=model,
        key=key,
        consoles=consoles,
        height=height,
        theme=theme,
    )
    if editor is not None:
        LinkedPlayer(editor, player, gate)
    return player


def _check_beginning(start: str | None, at: object, trace: object) -> None:
    """Refuse more than one place to begin."""
    if start is not None and at is not None:
        raise WrongArgument("start", "start or at", "both; at holds a state already")
    if trace is not None and (start is not None or at is not None):
        raise WrongArgument("trace", "a trace, or where to begin", "both; a trace begins where it did")


def _session(world: Any, seed: int, past_endings: bool, start: str | None, at: Any, trace: Any) -> Session:
    """Return the session to play: the one that was passed, a replayed trace, or a new run."""
    from worldkit.playing import Position, Session, replay

    if isinstance(world, Session):
        if trace is not None or start is not None or at is not None or past_endings:
            raise WrongArgument("world", "a session alone: where it stands is where play goes on", "more arguments")
        return world
    if trace is not None:
        if past_endings:
            raise WrongArgument("past_endings", "no other than the trace's, which says it itself", "true")
        return replay(_world(world), trace)
    at = at if start is None else Position(start)
    return Session(_world(world), seed=seed, at=at, past_endings=past_endings)


@checked
def workbench(
    world: World | StoredWorld | Editor | str | PathLike[str] | None = None,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    gate: ProfileName = "hosted",
    height: int = 560,
    theme: str = "auto",
) -> Workbench:
    """Open a world in one cell with tabs to edit, play, check and compare it, and to generate one.

    Args:
        world: Where the world is, as for ``edit``; or an editor, which is then the first tab.
        layout: Where cards stand, as for ``edit``; not for an editor, which has places already.
        gate: What blocks play, as for ``play``.
        height: Height of a tab's content in pixels.
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.

    Returns:
        The workbench, a container of ipywidgets.

    Raises:
        WrongArgument: It is nothing of that, or an editor is given a layout.
        WorldError: The file is no file of a world, or cannot be read or made.

    Example:
        >>> bench = wk.workbench(world)
        >>> bench
        Workbench of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', tab 'map'
    """
    from worldkit.widgets.saving_editor import SavingEditor
    from worldkit.widgets.workbench import Workbench

    _require_theme(theme)

    options: dict[str, Any] = {"height": height, "theme": theme}
    if not isinstance(world, SavingEditor):
        return Workbench(edit(world, layout=layout, **options), gate=gate, **options)
    if layout is not None:
        raise refusal("layout", "none with an editor, whose cards are placed by editor.move(...)", layout)
    return Workbench(world, gate=gate, **options)


@overload
def compare(
    a: World,
    b: World,
    theirs: None = None,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    height: int = 560,
    theme: str = "auto",
) -> Comparison: ...


@overload
def compare(
    a: World,
    b: World,
    theirs: World,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    height: int = 560,
    theme: str = "auto",
) -> MergeView: ...


@checked
def compare(
    a: World,
    b: World,
    theirs: World | None = None,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    height: int = 560,
    theme: str = "auto",
) -> Comparison:
    """Show what differs between two worlds, or merge two made of one: name the result on a cell's last line to show it.

    With two worlds, what differs is drawn on one map and listed to be stepped through. With three, the first is the
    base of the other two, which are merged: the map shows what that makes of the base, and a side can be picked for
    each conflict.

    Args:
        a: The world before; the base of a merge.
        b: The world after; one side of a merge, ours.
        theirs: The other side of a merge.
        layout: Where cards stand, by state id in either world, such as an editor's ``.layout``; those not named
            are laid out, what only the second world has beside what it leads from.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.

    Returns:
        The comparison; ``.diff`` is the difference it shows, and of a merge ``.merged`` the world it makes.

    Raises:
        WrongArgument: One of them is no World.

    Example:
        >>> changed = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
        >>> wk.compare(world, changed).diff
        1 difference, 1 operation
        ~ state lane
            base
              − A farm lane climbs between dry-stone walls furred with frost. At the top of the rise ...
              + A lane.
    """
    from worldkit.widgets.comparison import Comparison

    _require_theme(theme)
    if theirs is not None:
        from worldkit.widgets.merge_view import MergeView

        return MergeView(_world(a), _world(b), _world(theirs), layout=layout, height=height, theme=theme)
    return Comparison(_world(a), _world(b), layout=layout, height=height, theme=theme)


def report(exploration: Exploration, *, height: int = 640, theme: str = "auto") -> ExplorationReport:
    """Open an exploration as a report to click through: what is wrong, where, and a player to see it happen.

    Naming an exploration on a cell's last line does the same; this is for another height or theme.

    Args:
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.

    Returns:
        The report.
    """
    from worldkit.widgets.report import ExplorationReport

    return ExplorationReport(exploration, height=height, theme=theme)


def compare_revision(revision: Revision) -> Any:
    """Return what a revision changes as ``compare`` shows it, with its instruction and a way to accept it."""
    from worldkit.widgets.revision_view import RevisionView

    return RevisionView(revision)


def mimebundle(exploration: Exploration) -> dict[str, Any] | tuple[dict[str, Any], dict[str, Any]]:
    """Return an exploration's output in a cell: the widget where there is a kernel to answer it, and the page."""
    from worldkit.reporting.exploration_page import fragment

    if "ipykernel" in sys.modules:
        try:
            return report(exploration)._repr_mimebundle_()
        except ImportError:  # the front end is not built: the page says the same, standing still
            pass
    return {"text/plain": repr(exploration), "text/html": fragment(exploration)}


def _is_campaign(value: object) -> TypeGuard[Campaign | CampaignSession]:
    """Say whether it is a campaign or a session of one; there is none before its module was imported."""
    if "worldkit.campaigns" not in sys.modules:
        return False
    from worldkit.campaigns import CampaignSession
    from worldkit.campaigns.document import Campaign

    return isinstance(value, (Campaign, CampaignSession))


def _play_campaign(
    campaign: Campaign | CampaignSession,
    worlds: Mapping[str, World] | None,
    seed: int,
    past_endings: bool,
    gate: ProfileName,
    height: int,
    theme: str,
) -> CampaignPlayer:
    from worldkit.campaigns import CampaignSession
    from worldkit.campaigns.act_lint import act_blockers
    from worldkit.campaigns.session import rules_of
    from worldkit.core.diagnostics import Diagnostics
    from worldkit.widgets.campaign_player import CampaignPlayer

    if isinstance(campaign, CampaignSession):
        if worlds is not None:
            raise WrongArgument("worlds", "none: a session has its worlds", "some")
        if past_endings:
            raise WrongArgument("past_endings", "no other than the session's, which says it itself", "true")
        session = campaign
    else:
        session = CampaignSession(campaign, worlds, seed, past_endings=past_endings)
    rules = rules_of(session)
    scope = rules.scope
    problems = [*session.campaign.lint(scope.worlds).errors]
    problems += [error for act in rules.worlds for error in act_blockers(scope, act, gate)]
    return CampaignPlayer(session, blocked=Diagnostics(problems), height=height, theme=theme)


def _play_hosted(world: object, height: int, theme: str) -> EmbeddedPage:
    from worldkit.widgets.embed_api import embed

    if not _is_stored(world) or not hasattr(world.store, "session_token"):
        raise refusal("world", 'with painter="hosted" a world at a server, such as wk.Client().get(id)', world)
    return embed(world, height=height, theme=None if theme == "auto" else theme)


def _editor(value: object) -> Editor | None:
    """Return what was given if it is an editor; there is none before its module was imported."""
    if "worldkit.widgets.editor" not in sys.modules:
        return None
    from worldkit.widgets.editor import Editor

    return value if isinstance(value, Editor) else None


def _is_stored(value: object) -> TypeGuard[StoredWorld]:
    """Say whether it is a world from a store; there is none before the store's room was entered."""
    if "worldkit.stores" not in sys.modules:
        return False
    from worldkit.stores import StoredWorld

    return isinstance(value, StoredWorld)


def _require_theme(theme: object) -> None:
    if theme not in ("auto", "light", "dark"):
        raise refusal("theme", '"auto", "light" or "dark"', theme)


def _world(world: object) -> World:
    if _is_stored(world):
        return world.world
    if not isinstance(world, World):
        raise refusal("world", "a World", world)
    return world
