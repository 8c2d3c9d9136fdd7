"""Campaigns: worlds as the acts of a larger story, and the edges from act to act (docs/spec/rules.md).

A campaign is a value like a world. It names worlds by id and does not contain them; a caller that lints it passes
them. This module says which edge is taken, and with which flags; ``session`` plays across acts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError

from worldkit.campaigns import campaign_rules
from worldkit.campaigns.campaign_scope import CampaignScope
from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import InvalidWorld, Problem, UnsupportedVersion
from worldkit.core.files import read_bytes
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.model import Number, OptionalNotNull, Part, Switch, Text, Texts
from worldkit.core.problems import problems, validate
from worldkit.world import World
from worldkit.world import load as load_world


class CampaignPart(Part):
    """Base of every part of a campaign, and of a campaign."""

    _advice: ClassVar[str] = (
        "a campaign does not change: campaign.to_dict() gives a copy of it to edit, and Campaign.from_dict(...) reads "
        "that as another one"
    )


class Act(CampaignPart):
    """One world of a campaign."""

    act_id: Text
    world_id: Text
    title: Text
    canonical: Switch
    summary: OptionalNotNull[Text] = None


class Exit(CampaignPart):
    """The state of an act that an edge leaves from."""

    act_id: Text
    state: Text


class Arrival(CampaignPart):
    """The act an edge leads to, and where in it when that is not its entrance."""

    act_id: Text
    entrance: OptionalNotNull[Text] = None


class Edge(CampaignPart):
    """A way from a state of one act into another act, or out of the story when ``to`` is null."""

    from_: Exit = Field(alias="from")
    to: Arrival | None
    kind: Literal["golden", "deviation", "recombine", "loop"]
    carry_flags: OptionalNotNull[Texts] = None
    requires_flag: OptionalNotNull[Text] = None
    label: OptionalNotNull[Text] = None


@checked_methods
class Campaign(CampaignPart):
    """A graph of acts; unknown fields are kept.

    It is read in either of two forms: the graph alone with an id and a title, or a record of the vendor,
    ``{"id", "title", "graph", "acts"}``, which holds the worlds of its acts too.

    Attributes:
        id: Its id.
        title: Its title.
        logline: The story in one sentence.
        est_duration_min: How many minutes it takes.
        start: The act that is played first.
        acts: The acts.
        edges: The ways between them, in order of preference among equals.
        golden_thread: The acts of the main line, in order, when the author wrote it down.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> campaign.lint({"w": world})
        warning act[a].worldId: the world found for "w" has the id "bench"; see if it is the rig...
        >>> list(campaign.acts_by_id)
        ['a']
    """

    id: OptionalNotNull[Text] = None
    title: OptionalNotNull[Text] = None
    logline: OptionalNotNull[Text] = None
    est_duration_min: OptionalNotNull[Number] = None
    start: Text
    acts: tuple[Act, ...]
    edges: tuple[Edge, ...]
    golden_thread: OptionalNotNull[Texts] = None
    _record: Json | None = PrivateAttr(None)
    _worlds: dict[str, World] = PrivateAttr(default_factory=dict)

    @classmethod
    def load(cls, source: str | os.PathLike[str] | Mapping[str, Any]) -> Self:
        """Read a campaign from a file, JSON text or a dict.

        Args:
            source: A path, JSON text, or the campaign as JSON values.

        Raises:
            InvalidWorld: With every problem and its path.
            FileError: The file cannot be read.

        Example:
            >>> wk.Campaign.load('{"start": "a", "acts": [], "edges": []}').start
            'a'
        """
        if isinstance(source, Mapping):
            return cls.from_dict(source)
        if isinstance(source, str) and source.lstrip()[:1] == "{":
            return cls.from_dict(_object(json_values.parse(source, "the campaign"), "the campaign"))
        name = os.fspath(source)
        return cls.from_dict(_object(json_values.parse(read_bytes(source), name), name), source=name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str = "the campaign") -> Self:
        """Read a campaign.

        Args:
            data: The campaign as JSON values: a graph, or a record that holds one.
            source: What to call it in an error.

        Raises:
            InvalidWorld: With every problem and its path.

        Example:
            >>> act = {"actId": "first", "worldId": "bench", "title": "The first evening", "canonical": True}
            >>> campaign = wk.Campaign.from_dict({"start": "first", "acts": [act], "edges": []})
            >>> wk.CampaignSession(campaign, {"bench": world}).act
            'first'
        """
        json_values.check_json(dict(data), source)
        if "graph" in data:
            return cls._from_record(json_values.deep_copy(dict(data)), source)
        try:
            return validate(cls, json_values.deep_copy(dict(data)))
        except ValidationError as error:
            raise InvalidWorld(problems(error), source) from None

    @classmethod
    def _from_record(cls, record: Json, source: str) -> Self:
        wrong: list[Problem] = []
        graph, acts = record["graph"], record.get("acts", {})
        for key, value in (("graph", graph), ("acts", acts)):
            if not isinstance(value, dict):
                wrong.append(Problem(key, f"expected an object, got {quote(value)}"))
        if wrong:
            raise InvalidWorld(wrong, source)
        worlds: dict[str, World] = {}
        for id, document in acts.items():
            try:
                worlds[id] = load_world(document if isinstance(document, dict) else {"": document})
            except InvalidWorld as error:
                wrong += [
                    Problem(f"acts.{id}.{problem.path}".rstrip("."), problem.message) for problem in error.problems
                ]
            except UnsupportedVersion as error:
                wrong.append(Problem(f"acts.{id}.schemaVersion", str(error)))
        own = {key: record[key] for key in _RECORD_FIELDS if key in record}
        try:
            campaign = validate(cls, {**graph, **own})
        except ValidationError as error:
            wrong += [_in_graph(problem) for problem in problems(error)]
        if wrong:
            raise InvalidWorld(wrong, source)
        campaign._record, campaign._worlds = record, worlds  # noqa: SLF001  # its own class
        return campaign

    def to_dict(self) -> Json:
        """Return the campaign as JSON values, in the form in which it was read."""
        if self._record is not None:
            record: Json = deep_copy(self._record)
            return record
        return self.model_dump(mode="json", exclude_unset=True)

    @property
    def worlds(self) -> Mapping[str, World]:
        """The worlds that the campaign holds itself, by the id of their act."""
        return MappingProxyType(self._worlds)

    @cached_property
    def acts_by_id(self) -> Mapping[str, Act]:
        """The acts by id; of two with one id, the first."""
        acts: dict[str, Act] = {}
        for act in self.acts:
            acts.setdefault(act.act_id, act)
        return acts

    def lint(self, worlds: Mapping[str, World] | None = None) -> Diagnostics:
        """Return what the campaign rules find.

        Args:
            worlds: The worlds by id; an act whose world is neither among them nor in the campaign is an error.

        Example:
            >>> campaign.lint(worlds)
            no diagnostics
            >>> print(campaign.lint({})[0])
            error   act[first].worldId: its world "bench" is not here; add it, or name another [act-has-world]
        """
        return Diagnostics(campaign_rules.errors_and_warnings(CampaignScope(self, worlds or {})))

    def notes(self, worlds: Mapping[str, World] | None = None) -> Diagnostics:
        """Return notes on edges that are never looked at, and on those that the hosted player takes otherwise.

        An edge from the entrance of its act is never looked at. An edge that requires a flag is taken here when the
        flag is held; the hosted player asks whether it was carried into the act (docs/spec/rules.md#campaigns).

        Args:
            worlds: The worlds by id, except those that the campaign holds itself.

        Example:
            >>> data = campaign.to_dict()
            >>> data["edges"][0]["from"]["state"] = "lane"
            >>> print(wk.Campaign.from_dict(data).notes(worlds))
            info    edge[0].from.state: it leaves from "lane", where the act begins, and is never looked at there ...
        """
        return Diagnostics(campaign_rules.notes(CampaignScope(self, worlds or {})))


_RECORD_FIELDS = ("id", "title", "logline", "estDurationMin")
"""The fields of a record that are not in its graph."""


def _object(value: Any, source: str) -> Json:
    if not isinstance(value, dict):
        raise InvalidWorld([Problem("", f"expected a campaign, an object, got {quote(value)}")], source)
    return value


def _in_graph(problem: Problem) -> Problem:
    inside = problem.path.split(".")[0].split("[")[0] not in _RECORD_FIELDS
    return Problem(f"graph.{problem.path}", problem.message) if inside else problem
