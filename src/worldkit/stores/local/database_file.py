"""The file of a database: whether it is sound, what of a damaged one can be read, and whether it was replaced."""

from __future__ import annotations

import weakref
from pathlib import Path

from sqlalchemy import Engine

from worldkit.core.errors import CorruptStore, StoreError
from worldkit.core.process_lock import ProcessLock
from worldkit.stores.local import damage, inspection, recovery, reserve, sqlite
from worldkit.stores.local.damage import Damage, Recovery
from worldkit.stores.local.inspection import Identity
from worldkit.stores.local.view_folders import make_view_folder


class DatabaseFile:
    """An SQLite file that is open.

    Args:
        path: Where it is.
        engine: Connects to it; its connections are closed where the file turns out to be damaged or another one.

    Attributes:
        path: Where it is.
        recovery: What a recovery saved, None when there was none.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self.recovery: Recovery | None = None
        self._engine = engine
        self._reason: str | None = None
        self._view: tuple[Engine, Damage] | None = None
        self._view_lock = ProcessLock()
        self._identity: Identity | None = None

    def examine(self, *, recover: bool) -> None:
        """Look at it before it is used.

        Args:
            recover: Recover it when it is damaged.

        Raises:
            CorruptStore: It is damaged so much that nothing of it can be read.
        """
        path = self.path
        if reserve.free(path) < reserve.OPENING_BYTES:
            reserve.release(path)
        recovery.finish(path)
        is_marked = damage.is_marked(path)
        try:
            reason = inspection.examine(path, thoroughly=is_marked or recover)
        except CorruptStore as error:
            if not recover:
                damage.mark(path, error.reason)
                raise
            reason = error.reason
        if reason is not None and recover:
            self.recovery = recovery.recover(path, reason)
            reason = inspection.examine(path, thoroughly=True)
        elif reason is None and is_marked:
            damage.unmark(path)  # somebody put a sound file in its place
        self._identity = inspection.identity(path)
        if reason is not None:
            self.mark_damaged(reason)
        if self._identity is not None:
            self._use(self._identity)

    # ---- damage ----------------------------------------------------------------------------

    @property
    def is_known_damaged(self) -> bool:
        """Whether damage was found or noticed here; another process may know more, see ``damage_reason``."""
        return self._reason is not None

    @property
    def damage_reason(self) -> str | None:
        """What is damaged, None when nothing is known to be."""
        if self._reason is None and damage.is_marked(self.path):
            self._reason = damage.marked_reason(self.path)
        return self._reason

    @property
    def damage(self) -> Damage | None:
        """What is damaged and cannot be read, None when nothing is known to be damaged."""
        return self._readable_view()[1] if self.damage_reason is not None else None

    @property
    def view(self) -> Engine | None:
        """An engine over what can be read, where it is known to be damaged; else None."""
        return self._readable_view()[0] if self._reason is not None else None

    def mark_damaged(self, reason: str) -> None:
        """Take no more writes, in any process."""
        self._reason = reason
        damage.mark(self.path, reason)

    def check_servable(self) -> None:
        """Look through the whole file, and refuse to serve a damaged one, or one whose recovery lost something.

        Raises:
            CorruptStore: It is damaged.
            StoreError: The original of a recovery that lost something stands beside it.
        """
        self.check_sound()
        reason = inspection.examine(self.path, thoroughly=self.path.stat().st_size <= inspection.MAX_FULL_CHECK_BYTES)
        if reason is not None:
            self.mark_damaged(reason)
            raise CorruptStore(str(self.path), reason)
        recovery.check_resolved(self.path)

    def check_sound(self) -> None:
        """Refuse to go on with a file that is known to be damaged.

        Raises:
            CorruptStore: It is damaged.
        """
        if self.damage_reason is not None:
            raise CorruptStore(str(self.path), str(self._reason))

    def close_view(self) -> None:
        """Close what reads a damaged file; reading again opens it anew."""
        with self._view_lock:
            if self._view is not None:
                self._view[0].dispose()
                self._view = None

    def _readable_view(self) -> tuple[Engine, Damage]:
        """Return an engine over what can be read of a damaged file, and what cannot."""
        with self._view_lock:
            if self._view is None:
                self._engine.dispose()
                folder, remove = make_view_folder()
                try:
                    target, unreadable = recovery.make_view(self.path, self._reason or "", folder)
                    engine = sqlite.reader(target)
                except BaseException:
                    remove()
                    raise
                weakref.finalize(engine, remove)
                self._view = engine, unreadable
            return self._view

    # ---- identity --------------------------------------------------------------------------

    def log_identity(self) -> Identity | None:
        """Return which file is its write-ahead log now."""
        return inspection.identity(f"{self.path}-wal")

    def check_same(self, log: Identity | None = None) -> None:
        """Refuse to go on in a file that is no longer the one at the path.

        Args:
            log: The write-ahead log that is in use with it.

        Raises:
            StoreError: It was replaced, renamed or deleted.
        """
        current = inspection.identity(self.path)
        if self._identity is None and current is not None:
            self._identity = current
            self._use(current)
        if current != self._identity or (log is not None and self.log_identity() != log):
            self._engine.dispose()
            raise StoreError(
                f"{self.path} was replaced, renamed or deleted while it was open, or its log was; it takes no writes "
                "from here; open it again"
            )

    def _use(self, identity: Identity) -> None:
        """Note that the file is open here, until this is gone."""
        inspection.use(identity)
        weakref.finalize(self, inspection.use, identity, -1)
