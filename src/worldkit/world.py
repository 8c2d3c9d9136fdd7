"""``World``: a document with methods to lint, edit, fork, draw and save it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldkit.core import files, json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.display import renderer
from worldkit.core.document import Document, at_revision, file_of, from_json, in_file, json_of, store_of
from worldkit.core.errors import Conflict
from worldkit.core.json_values import MAX_BYTES
from worldkit.core.profile import ProfileName, profile_named

if TYPE_CHECKING:
    import networkx

    from worldkit.core.prose import Reader
    from worldkit.editing.replace import TextMatch
    from worldkit.exploration import Budget
    from worldkit.illustration.picture import Picture
    from worldkit.illustration.sketch import Detail
    from worldkit.illustration.storyboard import Storyboard
    from worldkit.interop.script import ScriptEdits
    from worldkit.interop.stories.twee_export import Exported
    from worldkit.ops import Op
    from worldkit.properties import Properties
    from worldkit.ruleset.gate import Verdict

Source = files.Source
"""What a world is loaded from: a path, JSON text or its bytes, a dict, or a world."""


@checked_methods
class World(Document):
    """A programmable world: a graph of states and events (docs/spec/smworld.md).

    Make one with ``World.new``, ``worldkit.load`` or ``World.from_dict``. A world is immutable: every edit
    returns a new one that shares the unchanged parts.

    Example:
        >>> world = wk.World.new("The Key")
        >>> world.apply([{"op": "add_state", "id": "attic", "base": "Dust and old chairs."}]).states["attic"].base
        'Dust and old chairs.'
        >>> list(world.states)
        ['start']
    """

    @classmethod
    def new(cls, name: str) -> World:
        """Return a new world with one empty state, ``start``, in which play begins.

        It can be edited, played and explored at once. Add an event that leads on and a state with an ending next;
        until then ``lint`` says what is missing.

        Args:
            name: Its name.

        Raises:
            WrongArgument: The name is no string, or has a lone surrogate.

        Example:
            >>> wk.World.new("The Key")
            World 'The Key': 1 state, 0 events, entrance 'start'
        """
        scene = {"states": {"start": {"base": ""}}, "events": []}
        return cls.from_dict({"schemaVersion": "1.0", "name": name, "entrance": {"state": "start"}, "scene": scene})

    def save(self, path: str | Path) -> Path:
        """Write the document to a file, atomically: the file holds the old or the new world, never half.

        Args:
            path: Where to; ``*.world.json`` by convention.

        Returns:
            The path written.

        Example:
            >>> world.save("mine.world.json").name
            'mine.world.json'
            >>> wk.load("mine.world.json") == world
            True
        """
        return files.save(self, path)

    # ---- linting and editing ---------------------------------------------------------------

    def lint(self, profile: ProfileName = "hosted", *, deep: bool = False, budget: Budget | None = None) -> Diagnostics:
        """Return what the rules find in this world (docs/spec/rules.md).

        Args:
            profile: Whose rules look at it: ``"hosted"``, where prose is a matter of advice, or the stricter
                ``"studio"``.
            deep: Whether to explore the world exhaustively as well: soft-locks, endings and events that no run reaches.
            budget: The budget of the exploration; see ``worldkit.explore``.

        Example:
            >>> wk.World.new("Empty").lint()[0].lint
            'no-ending'
            >>> world.lint(deep=True).counts
            {'error': 0, 'warning': 4, 'info': 0}
            >>> dark = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "No light."}])
            >>> dark.lint().counts, dark.lint("studio").counts
            ({'error': 0, 'warning': 5, 'info': 0}, {'error': 1, 'warning': 1, 'info': 0})
        """
        if deep:
            from worldkit.exploration.deep_rules import deep_lint

            return deep_lint(self, budget, profile_named(profile))
        from worldkit.ruleset import lint

        return lint(self, profile_named(profile))

    def portability(self) -> Diagnostics:
        """Return what the hosted player would play otherwise in this world, and what is rewritten for it.

        Each item has its place in the world and a sentence. The points are those of docs/spec/runtime.md, "Where the
        vendor's players differ", and of docs/spec/smworld.md, "Writing for the hosted runtime".

        Example:
            >>> for item in world.portability()[:2]:
            ...     print(item.path, "|", item.message[:60])
            state[lane].base | subject and styleTail, which the hosted player does not send
            state[bench].base | subject and styleTail, which the hosted player does not send
        """
        from worldkit.ruleset.portability import portability

        return portability(self)

    def verify(self, premise: str | None = None) -> Verdict:
        """Return whether this world is worth playing: the verify gate of docs/spec/rules.md.

        Args:
            premise: The premise it was made from, if any; an entrance that only repeats it is a stub.

        Example:
            >>> bool(world.verify()), bool(wk.samples.load("lighthouse").verify())
            (False, True)
        """
        from worldkit.ruleset.gate import verify

        return verify(self, premise)

    def apply(self, ops: Iterable[Op | Mapping[str, Any]], *, strict: bool = False, rev: str | None = None) -> World:
        """Return the world with a batch of operations applied, all or none (docs/spec/ops.md).

        Args:
            ops: Operations such as ``{"op": "add_state", "id": "attic", "base": "..."}``; as ``list[worldkit.ops.Op]``
                their fields are seen by a type checker.
            strict: Refuse the batch if it introduces an error-level lint that was not there before.
            rev: The revision the batch was made against; refused when it is not this world's, or, of a world
                that came out of a store, when the store is further on. Nothing is written to the store.

        Returns:
            A new world; its ``diagnostics`` list what cascaded.

        Raises:
            OpError: An operation was refused; has its index and kind.
            RuleViolation: ``strict``, and new errors would appear.
            Conflict: ``rev`` is stale.

        Example:
            >>> world.apply([{"op": "rename_state", "from": "lane", "to": "road"}]).start
            'road'
        """
        from worldkit.editing.batch import apply
        from worldkit.ruleset import refuse_new_errors

        store = store_of(self)
        if rev is not None and store is not None and str(rev) != (current := store.revision()):
            raise Conflict(str(rev), current)
        return apply(self, ops, accept=refuse_new_errors if strict else None, rev=rev).world

    def fork(self, name: str | None = None) -> World:
        """Return a copy that has this world as its ``parent``.

        The parent is the base for ``merge``. Edits keep it, and the store of the parent records it when the fork is
        created there.

        Args:
            name: The fork's name; by default this one's with " (fork)".

        Example:
            >>> fork = world.fork()
            >>> fork.name, fork.parent == world
            ('The Red Mitten (fork)', True)
        """
        raw = {key: value for key, value in json_of(self).items() if key != "id"}
        raw["name"] = f"{self.name or 'untitled'} (fork)" if name is None else name
        json_values.check_json(raw["name"], "the name")
        return in_file(at_revision(from_json(World, raw), rev=0, parent=self), file_of(self))

    @property
    def properties(self) -> Properties:
        """The properties beside the file this world was loaded from, such as ``mine.properties.toml``; else none.

        They are read when asked for: ``worldkit.check(world)`` goes by the file as it is now. An edited world keeps
        its file.

        Example:
            >>> wk.samples.load("lighthouse").properties["someone wins"].text
            'always possible: win'
        """
        from worldkit.properties import properties_beside

        return properties_beside(file_of(self))

    @property
    def flags(self) -> tuple[str, ...]:
        """The name of every flag, each once: those of the events in world order, then those of the world's own fields.

        Example:
            >>> wk.samples.load("delivery").flags
            ('label_read', 'on_the_roof', 'hived')
        """
        from worldkit.editing.flag_refs import default_flags, event_flags, field_flags

        document = json_of(self)
        of_events = (flag for body in document["scene"]["events"] for _, flag in event_flags(body))
        of_fields = (flag for _, flag in field_flags(document))
        return tuple(dict.fromkeys((*of_events, *of_fields, *default_flags(document))))

    # ---- prose -----------------------------------------------------------------------------

    def word_counts(self) -> dict[Reader, int]:
        """Return the number of words of the world, by who reads them.

        ``player`` is what a player reads, ``picture`` the prompts, ``recognition`` what is looked for in the picture,
        and ``author`` what only the author reads.

        Example:
            >>> world.word_counts()
            {'player': 62, 'picture': 536, 'recognition': 13, 'author': 0}
        """
        from worldkit.core.prose import READERS, count_words, prose_of

        counts: dict[Reader, int] = dict.fromkeys(READERS, 0)
        for prose in prose_of(json_of(self)):
            counts[prose.reader] += count_words(prose.text)
        return counts

    def find_text(
        self,
        text: str,
        *,
        match_case: bool = False,
        whole_words: bool = False,
        readers: Collection[Reader] = ("player", "picture", "recognition", "author"),
    ) -> list[TextMatch]:
        """Return the texts that contain a text, over all prose of the world.

        Args:
            text: What to look for, letter by letter.
            match_case: Whether capitals and small letters differ.
            whole_words: Whether it must not stand inside a longer word.
            readers: Whose texts to look through; see ``word_counts``.

        Raises:
            WrongArgument: The text is empty, or there is no such reader.

        Example:
            >>> [match.key for match in world.find_text("mitten")][:2]
            ['world.name', 'state[lane].base']
        """
        from worldkit.editing.replace import find_text

        return find_text(self, text, match_case=match_case, whole_words=whole_words, readers=readers)

    def replace_text(
        self,
        text: str,
        new: str,
        *,
        match_case: bool = False,
        whole_words: bool = False,
        readers: Collection[Reader] = ("player", "picture", "recognition", "author"),
    ) -> World:
        """Return the world with a text replaced in all prose. Ids, names and flags stay as they are.

        If the text to look for has no capitals, the replacement follows those it finds: with "lamp" for "torch",
        "Torch" becomes "Lamp".

        Args:
            text: What to replace, letter by letter.
            new: What to put in its place; empty to take it out.
            match_case: Whether capitals and small letters differ.
            whole_words: Whether it must not stand inside a longer word.
            readers: Whose texts to change; see ``word_counts``.

        Raises:
            WrongArgument: The text is empty, or there is no such reader.

        Example:
            >>> world.replace_text("mitten", "glove").find_text("mitten")
            []
        """
        from worldkit.editing.replace import replace_ops

        ops = replace_ops(self, text, new, match_case=match_case, whole_words=whole_words, readers=readers)
        return self.apply(ops) if ops else self

    def merge_flags(self, flag: str, into: str) -> World:
        """Return the world with one flag in the place of another, in every event, console, cutscene and mission.

        Args:
            flag: The flag that goes.
            into: The flag that stays.

        Raises:
            WorldError: The world does not name the flag, or both are the same.

        Example:
            >>> lighthouse = wk.samples.load("lighthouse")
            >>> merged = lighthouse.merge_flags("hand_lamp", "oil")
            >>> [event.name for event in merged.events if "hand_lamp" in (event.grants or ())]
            []
        """
        from worldkit.editing.flag_edits import flag_ops

        return self.apply(flag_ops(self, [flag], into))

    def delete_flag(self, flag: str) -> World:
        """Return the world without a flag: no event gives it or needs it any more.

        What only that flag held back is then open from the start.

        Args:
            flag: The flag.

        Raises:
            WorldError: The world does not name the flag; or a step of a mission or the outro is made of it.

        Example:
            >>> lighthouse = wk.samples.load("lighthouse")
            >>> edited = lighthouse.delete_flag("rope")
            >>> [event.name for event in edited.events if "rope" in (event.requires or ())]
            []
        """
        from worldkit.editing.flag_edits import flag_ops

        return self.apply(flag_ops(self, [flag], None))

    def to_script(
        self,
        path: str | os.PathLike[str],
        *,
        readers: Collection[Reader] = ("player", "picture", "recognition", "author"),
        language: str | None = None,
        source_language: str = "en",
        overwrite: bool = False,
    ) -> Path:
        """Write all texts as one sheet, for translation, voice or review; ``apply_script`` reads it again.

        Args:
            path: Where to: ``*.csv`` for a spreadsheet, ``*.xlf`` for XLIFF 2.0, ``*.md`` for a document in Markdown,
                which is to be read and printed, and does not come back.
            readers: Whose texts it has; ``["player"]`` for what a player reads. See ``word_counts``.
            language: The language that it is to be translated into, such as ``"de"``. The column to fill in is then
                empty; without a language it begins with the text as it is, to be edited.
            source_language: The language that the world is written in.
            overwrite: Whether to replace a file that is there already, which may hold edited texts.

        Returns:
            The path written.

        Raises:
            FileError: There is such a file, and ``overwrite`` is not set.
            WrongArgument: The name of the file tells no format, a language is none, or a document is to have one.

        Example:
            >>> world.to_script("mitten.xlf", readers=["player"], language="de").name
            'mitten.xlf'
        """
        from worldkit.interop import write_script

        return write_script(
            self, path, readers=readers, language=language, source_language=source_language, overwrite=overwrite
        )

    def apply_script(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> ScriptEdits[World]:
        """Return the changes of an edited sheet: the world with the new texts, and the lines that could not be taken.

        An empty cell leaves its text as it is. A text that was changed in the world since the sheet was written is
        not overwritten: its line is in ``outdated``.

        Args:
            path: The file, as ``to_script`` wrote it, edited.
            overwrite: Whether to overwrite texts that were changed in the world since.

        Raises:
            InvalidScript: It is no such file.
            MissingFile: There is no such file.

        Example:
            >>> _ = world.replace_text("mitten", "glove").to_script("gloves.csv")
            >>> edits = world.apply_script("gloves.csv")
            >>> len(edits.outdated)
            0
        """
        from worldkit.interop import apply_lines, read_script

        return apply_lines(self, read_script(path), overwrite=overwrite)

    # ---- other forms -----------------------------------------------------------------------

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Return the graph: a node a state, an edge a move, with the fields as attributes.

        Events that are no moves and the world's own fields are in the graph's attribute ``world``, so that
        ``worldkit.from_networkx`` makes the same world of it again.

        Example:
            >>> graph = world.to_networkx()
            >>> graph.number_of_nodes(), graph.number_of_edges()
            (3, 3)
        """
        from worldkit.drawing.networkx_graph import to_networkx

        return to_networkx(self)

    def to_mermaid(self) -> str:
        """Return the graph as a Mermaid state diagram.

        Example:
            >>> print(world.to_mermaid())
            flowchart LR
                s0(["Lane"]):::start
                s1["Bench"]
                s2{{"Two mittens<br/>win"}}:::win
                s0 -->|"Walk up the lane"| s1
            ...
        """
        from worldkit.drawing.mermaid import to_mermaid

        return to_mermaid(self)

    def to_svg(self, **options: Any) -> str:
        """Return the graph as a standalone SVG picture; see ``worldkit.drawing.svg.to_svg``.

        Example:
            >>> world.to_svg()[:4]
            '<svg'
        """
        from worldkit.drawing.svg import to_svg

        return to_svg(self, **options)

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the world as one page that can be played: nothing is fetched, and no kernel or server is needed.

        The stepper computes every position beforehand, and each scene shows its picture. Time does not pass on the
        page: "Wait" tells what timers fire without a button, up to the first event that changes something.

        Args:
            path: Write it there as well.

        Raises:
            WorldError: The world has no states, or more than 20,000 positions.

        Example:
            >>> page = world.to_html("mitten.html")
            >>> "The Red Mitten" in page
            True
        """
        page: str = renderer("World", "html")(self, path)
        return page

    def to_twee(self, path: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> Exported:
        """Return the world as a story of Twine 2: Twee 3, with the macros of SugarCube 2.

        States become passages, and events links. Flags are variables, and so is what can be done once. What a story
        cannot express is listed, as ``import_`` lists what a world cannot.

        Args:
            path: Write the source there as well.
            overwrite: Whether to replace a file that is there already, which may be a story as its author wrote it.

        Raises:
            FileError: There is such a file, and ``overwrite`` is not set.
            InvalidWorld: The world has no states.

        Example:
            >>> exported = world.to_twee("mitten.twee")
            >>> wk.import_("mitten.twee").world.start == world.start
            True
        """
        from worldkit.interop.stories.twee_export import exported_twee, write_twee

        export = exported_twee(self)
        if path is not None:
            write_twee(export, Path(path), overwrite=overwrite)
        return export

    def picture(
        self, state: str, *, seed: int = 0, size: tuple[int, int] = (640, 360), detail: Detail = "full"
    ) -> Picture:
        """Return the picture of a state: the one that is stored for it, else a storyboard drawing.

        Stored are the stills that ``worldkit.paint`` made. At the entrance a world may hold a picture of its own: that
        of the entrance, else the cover. One that would have to be fetched is not taken. A storyboard drawing is drawn
        from the prose, and no model paints it; the same world, state and seed give the same drawing.

        Args:
            state: The state's id.
            seed: Another seed composes the same things otherwise.
            size: Width and height in pixels.
            detail: ``"full"``, at most 40,000 characters of SVG, or ``"thumbnail"``, at most 6,000; of a still a
                small copy.

        Raises:
            WorldError: There is no such state.
            WrongArgument: The size is not positive.

        Example:
            >>> picture = world.picture("lane")
            >>> picture.kind, picture.note
            ('storyboard', 'Storyboard: drawn from the prose, no model paints.')
            >>> picture.save("lane.svg").name
            'lane.svg'
        """
        from worldkit.illustration.picture import picture_of

        return picture_of(self, state, seed=seed, size=size, detail=detail)

    def storyboard(self, states: Iterable[str] | None = None, *, seed: int = 0) -> Storyboard:
        """Return the pictures of states, which a notebook shows as a sheet.

        Args:
            states: The ids of the states, in the order to show them; by default all, in world order.
            seed: Another seed composes the same things otherwise.

        Raises:
            WorldError: There is no such state.

        Example:
            >>> world.storyboard(["lane", "bench"])
            Storyboard of 2 states
        """
        from worldkit.illustration.storyboard import storyboard_of

        return storyboard_of(self, states, seed=seed)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from worldkit.drawing.cell_picture import cell_picture

        return {"text/plain": repr(self), "image/svg+xml": cell_picture(self)}


def load(source: Source, *, max_bytes: int = MAX_BYTES) -> World:
    """Load one world.

    Args:
        source: A path, JSON text or its UTF-8 bytes, a dict, an API envelope, a version, or a studio export or a
            campaign that holds one world.
        max_bytes: Largest file or text read.

    Returns:
        The world.

    Raises:
        InvalidWorld: What is wrong with it, each problem with its path.
        UnsupportedVersion: Its major schema version is unknown.
        MissingFile: There is no such file; also a ``FileNotFoundError``.
        FileError: The file cannot be read; also an ``OSError``.
        WrongArgument: It is none of these; also a ``TypeError``.

    Example:
        >>> wk.load('{"scene": {"states": {"lane": {"base": "A lane."}}, "events": []}}').start
        'lane'
    """
    return files.load(World, source, max_bytes=max_bytes)


def load_all(source: Source, *, max_bytes: int = MAX_BYTES) -> list[World]:
    """Load every world a source holds; a studio export, a campaign and a file of lines may hold several.

    Args:
        source: As for ``load``, or a file ``*.jsonl`` with a world on each line, such as ``generate_many`` writes; a
            premise that failed there has none. ``scan`` goes through such a file without holding it, and past lines
            that cannot be read.
        max_bytes: Largest file or text read; of a file of lines, the longest line.

    Raises:
        InvalidWorld: As for ``load``; names the line.

    Example:
        >>> [world.name for world in wk.load_all({"name": "Lane", "scene": {"states": {}, "events": []}})]
        ['Lane']
    """
    return files.load_all(World, source, max_bytes=max_bytes)


def from_networkx(graph: Any) -> World:
    """Return a world made of a directed graph of networkx: nodes become states, edges become transitions.

    A node without ``base`` gets its name as text. Edges of one event (attribute ``event``, else ``name`` or a key that
    is text) that are alike and lead to one state become one event with several sources. Play starts at the graph's
    attribute ``entrance``, else at a node whose ``start`` is true, else at the first node. Attributes that are None are
    left out.

    A graph of ``World.to_networkx`` gives the same world again, as long as its events have different names, every
    state that they name exists, and no field of its own is called like one of the attributes. Of one that was edited
    since, sources, cutscenes, beats and an outro at states that are gone are left out, and events without a source
    left. An edge whose name another event has gets a name of its own.

    Args:
        graph: The graph, such as a ``networkx.DiGraph``.

    Raises:
        WrongArgument: It is no directed graph, or an attribute holds what is no JSON.
        InvalidWorld: A field has a value that the format does not allow.

    Example:
        >>> import networkx
        >>> graph = networkx.DiGraph([("hall", "cellar"), ("cellar", "hall")])
        >>> wk.from_networkx(graph)
        World 'untitled': 2 states, 2 events, entrance 'hall'
    """
    from worldkit.interop.graph_tables import graph_document

    return World.from_dict(graph_document(graph))


def from_frames(states: Any, events: Any) -> World:
    """Return a world made of two tables, a row a state and a row an event.

    The first state is the entrance. A column with a dot is a part of a field, such as ``camera.static``. Empty cells
    are left out. Several states or flags in one cell are a list, or a text with semicolons.

    Args:
        states: A data frame of pandas or polars, or a list of dicts: ``id``, ``base`` and other fields.
        events: The same: ``from``, ``to``, ``name``, ``kind`` and other fields. Without a kind, an event with a ``to``
            is a transition, another one an override; without a name it gets one.

    Raises:
        WrongArgument: One of them is no table, or a cell holds what is no JSON.
        InvalidWorld: A state has no id, or a field has a value that the format does not allow.

    Example:
        >>> states = [{"id": "hall", "base": "A hall."}, {"id": "cellar", "base": "A cellar."}]
        >>> wk.from_frames(states, [{"from": "hall", "to": "cellar", "requires": "key; lamp"}]).events[0].requires
        ('key', 'lamp')
    """
    from worldkit.interop.graph_tables import table_document

    return World.from_dict(table_document(states, events))
