"""Every error worldkit raises on purpose, in one tree under ``WorldError``."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.core.characters import shorten_middle
from worldkit.core.quoting import (
    MAX_FILE_NAME_LENGTH,
    did_you_mean,
    escape_unprintable,
    name_some,
    quote,
    quote_name,
)
from worldkit.core.restorable import Restorable

if TYPE_CHECKING:
    from worldkit.comparison import Diff
    from worldkit.core.diagnostics import Diagnostics
    from worldkit.core.json_values import Json
    from worldkit.stores.stored_world import StoredWorld
    from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a document: where it is, and what was expected there.

    Attributes:
        path: Place in the document, such as ``scene.events[3].landWhen.hits``; empty for the whole.
        message: What was expected and what was found, in words.

    Example:
        >>> problem = wk.Problem("scene.states.lane.base", "expected a string, got 3")
        >>> print(problem)
        scene.states.lane.base: expected a string, got 3
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class WorldError(Restorable, Exception):
    """Base class of every error that worldkit raises on purpose.

    Example:
        >>> try:
        ...     wk.samples.load("nowhere")
        ... except wk.WorldError as error:
        ...     print(error)
        there is no sample 'nowhere'; the samples are archive, bench, bread, broken, broken_start, circ...
    """


class InvalidWorld(WorldError):
    """A document is not an SMWorld, or has no state to play in; ``problems`` holds all that is wrong with it.

    Example:
        >>> try:
        ...     wk.load({"scene": {"states": {}, "events": [{}]}})
        ... except wk.InvalidWorld as error:
        ...     print(error.problems[0])
        scene.events[0].name: required, and missing
    """

    SHOWN = 20

    def __init__(
        self, problems: Iterable[Problem], source: str = "the document", verdict: str = "is not a readable world"
    ) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.source = source
        self.verdict = verdict
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = [f"{source} {verdict}: {count} {noun}"]
        lines += [f"  {problem}" for problem in self.problems[: self.SHOWN]]
        if count > self.SHOWN:
            lines.append(f"  and {count - self.SHOWN} more in .problems")
        super().__init__("\n".join(lines))


class InvalidScript(WorldError):
    r"""A file is no script of a world: no such sheet, no XLIFF 2, or a line without its key.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("wrong.csv").write_text("who,what\n")
        >>> try:
        ...     world.apply_script("wrong.csv")
        ... except wk.InvalidScript as error:
        ...     print(error)
        wrong.csv: line 1: expected a header with the columns "key" and "text", got ["who", "what"]
    """


class InvalidStory(WorldError):
    """A file is no story or state machine that can be imported; the message says what it is, as far as that is seen.

    Example:
        >>> try:
        ...     wk.import_('{"format": "articy", "packages": []}')
        ... except wk.InvalidStory as error:
        ...     print(error)
        the text cannot be imported: it is JSON with the keys "format", "packages"; expected Twee, a...
    """


class WrongArgument(WorldError, TypeError, ValueError):
    """A call was given an argument of the wrong type, or an invalid value; nothing was done.

    Attributes:
        argument: Its name.
        expected: What is expected, and how to get it.
        found: A short description of the value given.

    Example:
        >>> try:
        ...     wk.explore("bench")
        ... except wk.WrongArgument as error:
        ...     print(error)
        world: expected a World; got str "bench"; read one with worldkit.load("bench")
    """

    def __init__(self, argument: str, expected: str, found: str) -> None:
        self.argument = argument
        self.expected = expected
        self.found = found
        super().__init__(f"{argument}: expected {expected}; got {found}")


class FileError(WorldError, OSError):
    """A file cannot be read or written; the message says which one and why.

    Attributes:
        errno: The system's number for the reason.
        strerror: The reason, in words.
        filename: The file's name, as given.
    """

    def __str__(self) -> str:
        return f"{_file_name(self)} {self.strerror}" if self.filename else str(self.strerror)


class MissingFile(FileError, FileNotFoundError):
    """There is no such file.

    Example:
        >>> try:
        ...     wk.load("nowhere.world.json")
        ... except wk.MissingFile as error:
        ...     print(error)
        'nowhere.world.json': there is no such file; JSON text begins with { or [
    """

    def __str__(self) -> str:
        return f"{_file_name(self)}: {self.strerror}"


def _file_name(error: FileError) -> str:
    """Return the name of an error's file as its message shows it."""
    return shorten_middle(repr(error.filename), MAX_FILE_NAME_LENGTH)


class ExistingFile(FileError, FileExistsError):
    """A file was to be made where there is one already; that one is unchanged."""


class UnsupportedVersion(WorldError):
    """A document's major schema version is one this release cannot read.

    Example:
        >>> try:
        ...     wk.load({"schemaVersion": "9.0", "scene": {"states": {}, "events": []}})
        ... except wk.UnsupportedVersion as error:
        ...     print(error)
        schemaVersion '9.0' cannot be read; readable versions: 1.x. Install a newer smworldkit,...
    """

    def __init__(self, found: str, readable: Sequence[str]) -> None:
        self.found = found
        self.readable: tuple[str, ...] = tuple(readable)
        super().__init__(
            f"schemaVersion {found!r} cannot be read; readable versions: {', '.join(readable)}. "
            "Install a newer smworldkit, or export the world again in a readable version."
        )


class OpError(WorldError):
    """An operation was refused, and with it the whole batch.

    Attributes:
        index: Position of the refused operation in its batch, from 0.
        op: Its kind, such as ``"add_state"``.
        reason: What was found, what was expected and what to do.

    Example:
        >>> try:
        ...     world.apply([{"op": "delete_state", "id": "attic"}])
        ... except wk.OpError as error:
        ...     print(error)
        operation 0 (delete_state) was refused, nothing was changed: there is no state "attic"
    """

    def __init__(self, index: int, op: str, reason: str) -> None:
        self.index = index
        self.op = op
        self.reason = reason
        super().__init__(f"operation {index} ({op}) was refused, nothing was changed: {reason}")


class NotExpressible(OpError):
    """An edit cannot be written in the operations that a hosted server takes; nothing was sent.

    Attributes:
        index: Position of the operation that cannot be written, from 0.
        op: Its name.
        reason: What it changes that no hosted operation can change.
        fields: Every field that cannot be written, such as ``("subject",)``.

    Example:
        >>> try:
        ...     wk.lower(world, world.apply([{"op": "set_subject", "subject": "A courier."}]))
        ... except wk.NotExpressible as error:
        ...     print(error.op, error.fields)
        set_subject ('subject',)
    """

    def __init__(self, index: int, op: str, reason: str, fields: Iterable[str] = ()) -> None:
        self.fields: tuple[str, ...] = tuple(fields)
        super().__init__(index, op, reason)


class Conflict(WorldError):
    """A write was made against a revision that is no longer the current one.

    Attributes:
        expected: The revision that the write was made against.
        current: The one that there is.

    Example:
        >>> try:
        ...     world.apply([], rev="7")
        ... except wk.Conflict as error:
        ...     print(error)
        the world is at revision 0, the edit was made against 7; load the current world and make...
    """

    def __init__(self, expected: str, current: str) -> None:
        self.expected = expected
        self.current = current
        super().__init__(
            f"the world is at revision {current}, the edit was made against {expected}; "
            "load the current world and make the edit again"
        )

    @property
    def rev(self) -> str:
        """The current revision, by the name that it has on the wire."""
        return self.current


class FileChanged(Conflict):
    """A world's file was changed elsewhere since it was read; it was not overwritten.

    Attributes:
        name: The file's name.
    """

    def __init__(self, name: str, expected: str, current: str) -> None:
        super().__init__(expected, current)
        self.name = name
        message = f"{name} was changed by somebody else since it was read; nothing was written over it"
        self.args: tuple[object, ...] = (message,)


class RuleViolation(WorldError):
    """A strict batch would have introduced rule errors; ``diagnostics`` names the new ones.

    Example:
        >>> try:
        ...     world.apply([{"op": "put_state", "id": "bench", "state": None, "force": True}], strict=True)
        ... except wk.RuleViolation as error:
        ...     print(len(error.diagnostics) > 0)
        True
    """

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        count = diagnostics.total
        noun = "rule error" if count == 1 else "rule errors"
        lines = [f"the batch would introduce {count} {noun}, nothing was changed:"]
        lines += [escape_unprintable(f"  {d.path}: {d.message} [{d.lint}]") for d in diagnostics]
        super().__init__("\n".join(lines))


class NotAvailable(WorldError):
    """An event cannot be fired from the current position, or something else has to wait until it has landed.

    Attributes:
        event: Its name; ``"author:apply"`` and the like for a change by hand, the mode that is to be switched to.
        reason: ``"unknown"``, ``"over"``, ``"not here"``, ``"used up"``, ``"missing flags"``, or ``"playing"``
            (something plays and has not landed yet).
        missing: The flags that are required and not held.

    Example:
        >>> try:
        ...     wk.Session(world).fire("hold_out_the_mitten")
        ... except wk.NotAvailable as error:
        ...     print(error)
        'hold_out_the_mitten' cannot be fired: not here: you are in 'lane', it is offered in 'bench'
    """

    def __init__(self, event: str, reason: str, detail: str, missing: Iterable[str] = (), refused: str = "") -> None:
        self.event = event
        self.reason = reason
        self.detail = detail
        self.missing: tuple[str, ...] = tuple(missing)
        self._refused = refused
        super().__init__(f"{refused or f'{quote_name(event)} cannot be fired'}: {detail}")


class NotAssignable(WorldError, AttributeError):
    """Code tried to set something that can only be read; the message names the call that changes it.

    Example:
        >>> session = wk.Session(world)
        >>> try:
        ...     session.world = world
        ... except wk.NotAssignable as error:
        ...     print(error)
        session.world cannot be assigned, because the run would not know what changed; use sess...
    """


class NotCallable(WorldError, TypeError):
    """Something that is no function was called; the message names the calls that do what was meant."""


class EndlessReactions(WorldError):
    """The handlers of a session triggered each other without end; play is where they were stopped.

    Attributes:
        limit: How many things they may do in answer to one.

    Example:
        >>> session = wk.Session(world)
        >>> off = session.on("say", lambda event: session.say(event.text + "!"))
        >>> try:
        ...     session.say("Hello")
        ... except wk.EndlessReactions as error:
        ...     print(error)
        the session's handlers did 10000 things in answer to one and were stopped; look for handle...
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"the session's handlers did {limit} things in answer to one and were stopped; look for handlers that "
            "answer each other without end, and let one of them check a condition first"
        )


class MissingExtra(WorldError, ImportError):
    """A feature needs packages that are not installed; the message says what to install."""

    def __init__(self, feature: str, extra: str, package: str, more: str = "") -> None:
        self.feature = feature
        self.extra = extra
        self.package = package
        self.more = more
        super().__init__(f"{feature} needs {package}: pip install 'smworldkit[{extra}]'{more}")


class ModelError(WorldError):
    """A model cannot be reached, refuses what it is asked, or gave no answer that could be used.

    Example:
        >>> try:
        ...     wk.generate("A diver finds a door.", "chat:http://127.0.0.1:9/v1#nobody")
        ... except wk.ModelError as error:
        ...     print(error)
        http://127.0.0.1:9/v1 cannot be reached: nothing listens there; is the server running, and is this its address?
    """


class PainterRefused(WorldError, ConnectionError):
    """A painter cannot be reached or turned the connection away; play goes on without its picture."""


class NotFound(WorldError, LookupError):
    """There is no such thing: no world or version in a store, or several of that name; nothing under a name in a world.

    Example:
        >>> try:
        ...     wk.Store("worlds.db").get("w_0")
        ... except wk.NotFound as error:
        ...     print(error)
        there is no world of id "w_0" here; the list of worlds names those there are
    """


class NoSuchKey(NotFound, KeyError):
    """A mapping holds nothing under a key; the message names what is near, or what there is.

    Attributes:
        key: The key.
        keys: Those there are.
    """

    def __init__(self, key: object, keys: Collection[object]) -> None:
        self.key = key
        self.keys = keys
        super().__init__(key)

    def __str__(self) -> str:
        # only now, because a mapping is often asked for what it may not hold
        names = [name for name in self.keys if isinstance(name, str)]
        near = did_you_mean(self.key, names) if isinstance(self.key, str) else ""
        return f"there is no {quote(self.key)} here{near or name_some(names)}"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.key, tuple(self.keys))


class HeadVersion(WorldError):
    """A version cannot be pruned because its world stands on it."""

    def __init__(self, version: str) -> None:
        self.version = version
        super().__init__(f"version {version!r} is the one its world stands on; check out or snapshot another one first")


class StoreError(WorldError):
    """A store cannot be opened, reached or written to; the message says why."""


class CorruptStore(StoreError):
    """A store is damaged: it takes no writes, and some of what it holds cannot be read.

    Attributes:
        path: Where the store is; nothing moved it.
        reason: What is damaged.
        world: Id of the world that cannot be read; None when the error is about the whole store.
    """

    def __init__(self, path: str, reason: str, world: str | None = None) -> None:
        self.path = path
        self.reason = reason
        self.world = world
        advice = (
            "restore the database from a backup"
            if "://" in path
            else "the file was left as it is, what is sound in it can be read, and nothing is written to it. "
            f"Recover it with wk.Store({path!r}, recover=True), or with: worldkit store recover {path}"
        )
        super().__init__(f"{path} is a damaged store ({reason}); {advice}")


class DiskFull(StoreError, OSError):
    """The disk has no room for a write; nothing was written, and what was there before is untouched.

    Attributes:
        path: The file that was to be written.
        needed: Bytes the write needs at the least.
        free: Bytes that are free on that disk.
    """

    errno: int = errno.ENOSPC

    def __init__(self, path: str, needed: int, free: int) -> None:
        self.path = path
        self.needed = needed
        self.free = free
        missing = f"{free:,} are free, {needed - free:,} are missing"
        if needed <= free:
            missing = f"{free:,} are free there, but not for this user; a quota may be used up"
        message = (
            f"{path} cannot be written, the disk is full: {needed:,} bytes are needed at the least, {missing}; "
            "nothing was written. Make room on that disk and try again"
        )
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.args[0])


# ---- the /v1 API -------------------------------------------------------------------------------


class ApiError(WorldError):
    """The /v1 API refused a call, could not be reached, or answered something that is no answer.

    Attributes:
        status: The HTTP status; None when no answer came, or when nothing was sent.
        detail: What the server said, in its words.
        request_id: The server's id of the request, to look it up in its log.
    """

    def __init__(
        self, message: str, *, status: int | None = None, detail: str = "", request_id: str | None = None
    ) -> None:
        self.status = status
        self.detail = detail
        self.request_id = request_id
        # not super(): the classes below are also errors of a store, each with a message of its own
        Exception.__init__(self, f"{message} (request {request_id})" if request_id else message)


class AuthError(ApiError):
    """There is no key, or the server does not know it (401), or it does not belong here.

    Example:
        >>> try:
        ...     wk.Client("")
        ... except wk.AuthError as error:
        ...     print(error)
        there is no API key: pass key=, set ALAKAZAM_API_KEY, or keep one in a keyring (keyring...
    """


class WrongSignature(WorldError):
    """A webhook's request does not come from where it should, or it was changed or sent again; do not act on it.

    Example:
        >>> try:
        ...     wk.webhooks.verify(b"{}", None, "whsec_example")
        ... except wk.WrongSignature as error:
        ...     print(error)
        the header Alakazam-Signature is missing or too long; the request comes from somewhere else
    """


class QuotaExceeded(ApiError):
    """The quota of the day is used up (402); nothing was charged.

    Attributes:
        kind: What there is no more of, such as ``"generation"``; None when the server did not say.
        used: How much of it was used.
        cap: How much of it there is in a day.
        day: Which day, as the server writes it.
    """

    kind: str | None = None
    used: int | None = None
    cap: int | None = None
    day: str | None = None


class ScopeError(ApiError):
    """The key may not do this (403); a publishable key is refused before anything is sent.

    Attributes:
        scope: The scope it lacks, such as ``"worlds:write"``; None when the server did not say.
    """

    scope: str | None = None


class ApiNotFound(ApiError, NotFound):
    """The API knows no such world, version or job (404), or it belongs to another app or mode."""


class ApiConflict(ApiError, Conflict):
    """The API refused a write because of the state the world is in (409).

    Attributes:
        expected: The revision the write was made against; empty when it named none.
        current: The revision the world is at; empty when the server did not say.
    """

    expected: str = ""
    current: str = ""


class ApiHeadVersion(ApiError, HeadVersion):
    """The API refused to delete the version a world stands on (409)."""

    version: str = ""


class Unprocessable(ApiError):
    """The API refused what it was sent by its rules (422).

    Attributes:
        diagnostics: What its rules found.
    """

    diagnostics: Diagnostics


class ApiOpError(Unprocessable, OpError):
    """The API refused an operation, and with it the whole batch (422, or 400 for a call that is one operation)."""


class ApiRuleViolation(Unprocessable, RuleViolation):
    """The API refused a write because it would leave rule errors (422); nothing was stored."""


class StoredOtherwise(ApiError):
    """A server stored something other than what was asked; what it stored stands.

    Attributes:
        ops: The operations that were sent.
        expected: The world that they should have made.
        stored: The world that the server now holds, with its revision.
        diagnostics: The edits that were not taken, each with its place in the world and the reason.
    """

    ops: tuple[Json, ...] = ()
    expected: World
    stored: StoredWorld
    diagnostics: Diagnostics

    @property
    def world(self) -> World:
        """The world that the server now holds."""
        return self.stored.world

    @property
    def rev(self) -> str:
        """Its revision."""
        return self.stored.rev


class PartlyApplied(StoredOtherwise):
    """A hosted server did not apply some operations of a batch; the others are stored.

    Attributes:
        errors: The operations that were not applied, in the server's words.
    """

    errors: tuple[str, ...] = ()


class NotAsApplied(StoredOtherwise):
    """A server reported success and returned a world that differs from what was asked.

    Attributes:
        diff: How the server's world differs from the expected one.
    """

    diff: Diff


class RateLimited(ApiError):
    """Too many requests (429), also after waiting.

    Attributes:
        retry_after: Seconds the server asked to wait; None when it did not say.
    """

    retry_after: float | None = None


class ServiceUnavailable(ApiError):
    """The API is not available (503); it did nothing.

    Attributes:
        retry_after: Seconds the server asked to wait; None when it did not say.
    """

    retry_after: float | None = None


class Unreachable(ApiError):
    """No whole answer came: no connection, a timeout, or a connection that broke.

    Attributes:
        sent: Whether the request may have reached the server. If it was a write, it may have happened.
    """

    sent: bool = False


class JobFailed(ApiError):
    """A job ended without a result.

    Attributes:
        job_id: Its id.
        job_status: ``"failed"`` or ``"cancelled"``.
    """

    job_id: str = ""
    job_status: str = "failed"
