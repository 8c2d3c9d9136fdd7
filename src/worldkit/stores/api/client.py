"""``Client``: the /v1 API, with the calls of a store and all the others of docs/spec/api-v1.md."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from worldkit.core.argument_checks import checked_methods
from worldkit.core.json_values import Json
from worldkit.stores.api import wire
from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
from worldkit.stores.api.base import ApiConnection
from worldkit.stores.api.calls import Calls, Progress, progress_or_line
from worldkit.stores.api.protocol import Call, Need, Note, Pause, Send, Step
from worldkit.stores.api.results import (
    Edited,
    Hotspot,
    Job,
    Linting,
    Perceived,
    SceneAt,
    SeedFrame,
    SessionToken,
    Usage,
    Validation,
    VersionDiff,
)
from worldkit.stores.api.secret import Secret
from worldkit.stores.api.transport import Sender
from worldkit.stores.protocol import Ops, Page, StoredWorld, Version, Versions, WorldRef
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff

Result = TypeVar("Result")


@checked_methods
class Client(ApiConnection):
    """A place where worlds live behind the /v1 API; whoever uses a ``Store`` can use this instead.

    Safe to use from several threads. Requests are sent again where docs/spec/api-v1.md calls that safe; every create
    and edit carries an idempotency key, and every graph write the revision it was made against.

    Args:
        key: The API key; by default ``ALAKAZAM_API_KEY`` or, where the ``keyring`` package is installed, the entry
            ``alakazam``/``api_key``. It is in no repr, log, traceback or pickle.
        base_url: The address of the API; https, or http on this machine. By default the hosted service.
        mode: ``"test"`` refuses a live key, ``"live"`` a test key. By default what ``ALAKAZAM_MODE`` says, else any.
        dialect: What the server takes: ``"hosted"`` (nine operations), ``"worldkit"`` (a server of your own) or
            ``"studio"``. By default the first response tells.
        account: The token of an account, for the calls on apps, keys and webhooks; by default
            ``ALAKAZAM_ACCOUNT_TOKEN``, or for a server of your own ``WORLDKIT_ADMIN_TOKEN``.
        timeout: Seconds an answer may take; ten times that where a model answers.
        sleep: Waits so many seconds between tries.
        clock: Seconds that only grow.

    Raises:
        AuthError: There is no key, it has not the form of one, or it is of the other mode.
        WorldError: ``base_url`` is no address, or the key would go over the network in the open.

    Example:
        >>> wk.Client("sk_test_0123456789abcdef", base_url="http://localhost:8000")
        Client http://localhost:8000 with sk_test_...
    """

    def __init__(
        self,
        key: str | None = None,
        base_url: str | None = None,
        mode: str | None = None,
        *,
        dialect: str | None = None,
        account: str | None = None,
        timeout: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        secret, key = Secret(key), None  # from here on no frame holds the plain key
        account_token, account = Secret(account), None
        super().__init__(secret, account_token, base_url, mode, dialect, timeout, clock)
        self._begin(sleep)

    def _begin(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._sender = Sender(self._address, self._secret, self._timeout, self._clock, self._asked_dialect)
        self._calls = Calls(self.base_url, self._server, self, lambda id: self.get(id).rev)

    def _run(self, call: Call[Result]) -> Result:
        """Take every step of a call, and return what it comes to."""
        resume: Callable[[Any], Step] = call.send
        value: Any = None
        while True:
            try:
                step = resume(value)
            except StopIteration as done:
                result: Result = done.value
                return result
            try:
                resume, value = call.send, self._take(step)
            except BaseException as error:
                resume, value = call.throw, error

    def _take(self, step: Step) -> Any:
        match step:
            case Send(request):
                return self._calls.observe(self._sender.send(self._check_scope(request)))
            case Pause(seconds):
                return self._sleep(seconds)
            case Note(line):
                return self._note(line)
            case Need(scope):
                return self._need(scope)
        return self._clock()

    # ---- worlds ----------------------------------------------------------------------------

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Keep a new world.

        A hosted server takes no documents. It makes a world from a premise, which costs a generation; operations turn
        it into this one. Where they cannot, it is deleted again.

        Args:
            world: The world.
            name: Its name, if not the document's.
            idempotency_key: The same key again returns the first result and creates nothing.

        Raises:
            NotExpressible: The server takes no documents, and it has no operation for a part of this one. What the
                document itself holds is looked at before anything is charged.
        """
        return self._run(self._calls.create(world, name, idempotency_key))

    @overload
    def generate(
        self,
        premise: str,
        *,
        name: str | None = None,
        pov: str | None = None,
        frame: str | bytes | None = None,
        seed: int | None = None,
        wait: Literal[True] = True,
        progress: Progress | None = None,
        seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld: ...
    @overload
    def generate(
        self,
        premise: str,
        *,
        name: str | None = None,
        pov: str | None = None,
        frame: str | bytes | None = None,
        seed: int | None = None,
        wait: Literal[False],
        progress: Progress | None = None,
        seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> Job: ...
    def generate(
        self,
        premise: str,
        *,
        name: str | None = None,
        pov: str | None = None,
        frame: str | bytes | None = None,
        seed: int | None = None,
        wait: bool = True,
        progress: Progress | None = None,
        seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld | Job:
        """Have a world made from a premise.

        Args:
            premise: What the world is about.
            name: Its name.
            pov: Whose eyes it is seen through, in the server's words.
            frame: Its first picture: bytes, base64, or a URL.
            seed: Same premise and seed, same world, where the server can promise that.
            wait: Wait until it is made; else return the job at once, for ``wait``.
            progress: Called with how much is done, of how much, and what. By default one line in a notebook or a
                terminal.
            seconds: How long to wait at the most; None waits until it is done.
            idempotency_key: The same key again returns the first result and is charged once.

        Raises:
            QuotaExceeded: The quota is used up; nothing was charged.
            JobFailed: It was not made; says why.
            KeyboardInterrupt: Its ``job_id`` names the job, which goes on.
        """
        job = self._run(self._calls.generate(premise, name, pov, frame, seed, idempotency_key))
        if not wait:
            return job
        return self._run(self._calls.job_result(job, progress_or_line(progress), seconds))

    def job(self, id: str) -> Job:
        """Return how a job stands."""
        return self._run(self._calls.job(id))

    def wait(self, id: str, *, progress: Progress | None = None, seconds: float | None = None) -> StoredWorld:
        """Wait for a job, and return the world that came of it.

        Args:
            id: The job's id.
            progress, seconds: As for ``generate``.
        """
        return self._run(self._calls.job_result(id, progress_or_line(progress), seconds))

    def get(self, id: str) -> StoredWorld:
        """Return a world as it stands now.

        Raises:
            NotFound: There is none of that id.
        """
        return self._run(self._calls.get(id))

    def __getitem__(self, key: str) -> StoredWorld:
        """Return a world by its id or its name.

        Raises:
            NotFound: There is none, or several have that name.
        """
        return self._run(self._calls.find(key))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self._run(self._calls.ids_of(key)))

    def __iter__(self) -> Iterator[WorldRef]:
        return iter(self.list(limit=wire.FULL_LIST_PAGE))

    def list(self, *, limit: int = 50, cursor: str | None = None) -> Page[WorldRef]:
        """Return one page of the worlds, newest first; iterating goes on through the pages after it.

        Args:
            limit: Worlds on a page, 1 to 500.
            cursor: ``next_cursor`` of the page before.
        """
        refs, after = self._run(self._calls.page(limit, cursor))
        return Page(refs, after, lambda at: self.list(limit=limit, cursor=at))

    def rename(self, id: str, name: str) -> StoredWorld:
        """Give a world another name; that is no new revision."""
        return self._run(self._calls.rename(id, name))

    def describe(self, id: str, **fields: str | None) -> WorldRef:
        """Set what a list says of a world; that is no new revision.

        Args:
            id: The world's id.
            **fields: Any of ``name``, ``description``, ``cover`` (None removes it) and ``visibility``.

        Raises:
            TypeError: There is no such field.
        """
        return self._run(self._calls.describe(id, fields))

    def delete(self, id: str) -> None:
        """Delete a world with all its versions."""
        self._run(self._calls.delete(id))

    def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make a world of its own that begins as a copy.

        Args:
            id: The world to copy.
            name: The copy's name; by default what the server calls it.
            version: Copy this version instead of the world as it stands.
            idempotency_key: The same key again returns the first result.
        """
        return self._run(self._calls.fork(id, name, version, idempotency_key))

    # ---- the graph -------------------------------------------------------------------------

    def scene(self, id: str) -> SceneAt:
        """Return a world's graph and the revision it is at."""
        return self._run(self._calls.scene(id))

    def apply(
        self,
        id: str,
        ops: Ops,
        *,
        rev: str | None = None,
        strict: bool = False,
        partial: bool = False,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Apply a batch of operations (docs/spec/ops.md).

        A hosted server takes nine operations, so what the batch makes is written in those, and the returned world is
        compared with the one that was asked for.

        Args:
            id: The world's id.
            ops: The operations.
            rev: The revision they were made against; None takes whatever is current.
            strict: Refuse them if they introduce an error-level lint that was not there before.
            partial: Leave out what a hosted server has no operation for; ``diagnostics`` name it as ``not-sent``.
            idempotency_key: The same key again returns the first result and changes nothing.

        Returns:
            The world as the server has it; ``diagnostics`` say what cascaded.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            OpError: An operation was refused; nothing was written.
            NotExpressible: A hosted server has no operation for it; nothing was sent.
            RuleViolation: It would leave a structural error, or new errors when ``strict``; nothing was written.
            PartlyApplied: A hosted server did not apply some operations; the others are stored.
            NotAsApplied: A hosted server returned another world than was asked for, and stored that.
        """
        return self._run(self._calls.apply(id, ops, rev, strict, idempotency_key, partial))

    def add_state(
        self,
        id: str,
        fields: Mapping[str, Any],
        *,
        state: str | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Add a state.

        Args:
            id: The world's id.
            fields: The state's fields (docs/spec/smworld.md).
            state: Its id; by default one made of its ``base``.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.add_state(id, state, dict(fields), rev, idempotency_key))

    def update_state(
        self,
        id: str,
        state: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Patch a state: a value replaces, None removes, what is absent stays.

        Args:
            id: The world's id.
            state: The state's id.
            patch: The fields.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.update_state(id, state, dict(patch), rev, idempotency_key))

    def delete_state(
        self, id: str, state: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete a state and what cannot stand without it; ``diagnostics`` of the result name that.

        Args:
            id: The world's id.
            state: The state's id.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.delete_state(id, state, rev, idempotency_key))

    def add_event(
        self, id: str, fields: Mapping[str, Any], *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Add an event.

        Args:
            id: The world's id.
            fields: The event's fields, its name among them (docs/spec/smworld.md).
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.add_event(id, dict(fields), rev, idempotency_key))

    def update_event(
        self,
        id: str,
        name: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Patch an event: a value replaces, None removes, what is absent stays.

        Args:
            id: The world's id.
            name: The event's name.
            patch: The fields, a new ``name`` perhaps among them.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.update_event(id, name, dict(patch), rev, idempotency_key))

    def delete_event(
        self, id: str, name: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete an event.

        Args:
            id: The world's id.
            name: The event's name.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.delete_event(id, name, rev, idempotency_key))

    def set_entrance(
        self,
        id: str,
        state: str,
        *,
        image: Json | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Set where play starts.

        Args:
            id: The world's id.
            state: The state.
            image: Its first picture, ``{"src": ..., "label": ...}``; None keeps the current one.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.set_entrance(id, state, image, rev, idempotency_key))

    def edit(
        self,
        id: str,
        instruction: str,
        *,
        verified: Sequence[str] | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> Edited:
        """Have an instruction carried out by the server's model.

        Args:
            id: The world's id.
            instruction: What to change, in words.
            verified: Things that are known to be in the picture.
            rev: The revision it was given for; None takes whatever is current.
            idempotency_key: The same key again returns the first result and is charged once.

        Raises:
            QuotaExceeded: The quota is used up; nothing was charged.
        """
        return self._run(self._calls.edit(id, instruction, rev, idempotency_key, verified))

    def validate(self, id: str, world: World | None = None) -> Validation:
        """Return whether a world is valid, as the server sees it.

        Args:
            id: The world's id.
            world: Judge this one instead of the one that is kept.
        """
        return self._run(self._calls.validate(id, world))

    def lint(self, id: str, world: World | None = None) -> Linting:
        """Return what the server's rules find in a world.

        Args:
            id: The world's id.
            world: Judge this one instead of the one that is kept.
        """
        return self._run(self._calls.lint(id, world))

    # ---- versions --------------------------------------------------------------------------

    def snapshot(
        self,
        id: str,
        title: str | None = None,
        *,
        parent: str | None = None,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> Version:
        """Keep the world as it stands as a version; that is no new revision.

        Args:
            id: The world's id.
            title: What to call it; by default what the server calls it.
            parent: Id of the version it comes after; by default the one the world stands on.
            source: What makes it.
            idempotency_key: The same key again returns the first result.
        """
        return self._run(self._calls.snapshot(id, title, parent, source, idempotency_key))

    def versions(self, id: str) -> Versions:
        """Return a world's versions, oldest first, as a tree."""
        return self._run(self._calls.versions(id))

    def version(self, id: str, version: str) -> World:
        """Return the world as it was in a version."""
        return self._run(self._calls.version(id, version))

    def diff(self, id: str, a: str, b: str | None = None) -> Diff:
        """Return what differs between two versions of a world, worked out here.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after; None takes the world as it stands.
        """
        return self._run(self._calls.diff(id, a, b))

    def version_diff(self, id: str, a: str, b: str) -> VersionDiff:
        """Return what the server says differs between two versions: ids and names; ``diff`` says it in full.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after.
        """
        return self._run(self._calls.version_diff(id, a, b))

    def checkout(
        self, id: str, version: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make the world what it was in a version, as a new revision.

        Args:
            id: The world's id.
            version: The version.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.checkout(id, version, rev, idempotency_key))

    def retitle(self, id: str, version: str, title: str) -> None:
        """Give a version another title."""
        self._run(self._calls.retitle(id, version, title))

    def prune(self, id: str, version: str) -> None:
        """Forget a version; its children go to its parent.

        Raises:
            HeadVersion: The world stands on it.
        """
        self._run(self._calls.prune(id, version))

    # ---- playing and seeing ----------------------------------------------------------------

    def session_token(
        self, id: str, *, player: str | None = None, origin: str | None = None, seconds: int | None = None
    ) -> SessionToken:
        """Mint a short-lived token with which a page may play one world. It is metered.

        Args:
            id: The world's id.
            player: Who plays, in your own words.
            origin: The only origin it may be embedded in, such as ``"https://example.org"``.
            seconds: How long it is good for; by default as long as the server likes.
        """
        return self._run(self._calls.session_token(id, player, origin, seconds))

    def connect(
        self, token: str, *, seconds: float | None = None, waiting: Callable[[int, int], None] | None = None
    ) -> Connection:
        """Open a play session with a session token, after waiting in line where that is needed.

        Args:
            token: The session token.
            seconds: How long to wait in line at the most; None waits until a slot is free.
            waiting: Called with the place in the waiting line and its length, whenever they are known.

        Raises:
            QuotaExceeded: The app has no session left.
        """
        return self._run(self._calls.connect(Secret(token), seconds, waiting or (lambda position, depth: None)))

    def refresh(self, token: str) -> Connection:
        """Renew the stream of an open play session.

        Args:
            token: The session token.
        """
        return self._run(self._calls.refresh(Secret(token)))

    def track(self, token: str, reactor_session: str) -> None:
        """Tell the server which stream a play session uses.

        Args:
            token: The session token.
            reactor_session: The id of the stream.
        """
        self._run(self._calls.track(Secret(token), reactor_session))

    def end(self, token: str) -> int:
        """End a play session, and return how many seconds it took.

        Args:
            token: The session token.
        """
        return self._run(self._calls.end(Secret(token)))

    def perceive(
        self, frame: str | bytes, *, room_name: str | None = None, room_description: str | None = None
    ) -> Perceived:
        """Return what the server's eyes see in a frame.

        Args:
            frame: A picture: bytes, base64, or a ``data:`` URL.
            room_name: What the place is called.
            room_description: What is known of it.
        """
        return self._run(self._calls.perceive(frame, room_name, room_description))

    def ground(self, frame: str | bytes, labels: Sequence[str]) -> tuple[Hotspot, ...]:
        """Return where things are seen in a frame.

        Args:
            frame: A picture: bytes, base64, or a ``data:`` URL.
            labels: The things.
        """
        return self._run(self._calls.ground(frame, labels))

    def seed_frame(
        self, prompt: str, *, pov: str | None = None, mood: str | None = None, style: str | None = None
    ) -> SeedFrame:
        """Have a first picture drawn.

        Args:
            prompt: What is to be seen.
            pov: Whose eyes it is seen through.
            mood: Its mood.
            style: Its style.
        """
        return self._run(self._calls.seed_frame(prompt, pov, mood, style))

    def usage(self) -> Usage:
        """Return what of the quota of the day is used."""
        return self._run(self._calls.usage())

    # ---- apps, keys and webhooks: with the token of an account -----------------------------

    def apps(self) -> Sequence[App]:
        """Return the account's apps."""
        return self._run(self._calls.apps())

    def create_app(self, name: str) -> App:
        """Create an app: it owns worlds, sessions and usage."""
        return self._run(self._calls.create_app(name))

    def update_app(self, app: str, **fields: Any) -> App:
        """Change an app.

        Args:
            app: The app's id.
            **fields: Any of ``name``, ``mode_default`` and ``embedding_origins``.
        """
        return self._run(self._calls.update_app(app, fields))

    def keys(self, app: str) -> Sequence[AppKey]:
        """Return the API keys of an app, without the keys themselves."""
        return self._run(self._calls.keys(app))

    def create_key(
        self,
        app: str,
        *,
        kind: Literal["publishable", "secret"] = "publishable",
        mode: Literal["test", "live"] = "test",
        name: str | None = None,
    ) -> AppKey:
        """Create an API key; its ``key`` is returned this once and never again.

        Args:
            app: The app's id.
            kind: A secret key writes and belongs on a server; a publishable one only reads.
            mode: A test key touches test worlds only.
            name: What to call it.
        """
        return self._run(self._calls.create_key(app, kind, mode, name))

    def revoke_key(self, app: str, key: str) -> None:
        """Revoke an API key: from then on it is refused.

        Args:
            app: The app's id.
            key: The key's id.
        """
        self._run(self._calls.revoke_key(app, key))

    def webhooks(self, app: str) -> Sequence[Webhook]:
        """Return the webhooks of an app, without their secrets."""
        return self._run(self._calls.webhooks(app))

    def create_webhook(self, app: str, url: str, *, events: Sequence[str] | None = None) -> Webhook:
        """Register an address that the server calls when something happened (docs/spec/webhooks.md).

        Args:
            app: The app's id.
            url: The address; https only.
            events: The events to be told of; by default those of generations.
        """
        return self._run(self._calls.create_webhook(app, url, events))

    def delete_webhook(self, app: str, webhook: str) -> None:
        """Delete a webhook.

        Args:
            app: The app's id.
            webhook: The webhook's id.
        """
        self._run(self._calls.delete_webhook(app, webhook))

    # ---- the connection --------------------------------------------------------------------

    def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        self._sender.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
