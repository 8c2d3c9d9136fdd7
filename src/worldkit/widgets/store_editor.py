"""``StoreEditor``: an editor whose world lives in a store. Every edit is saved at the revision it was made against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from worldkit.core.argument_checks import checked_methods
from worldkit.stores.stored_world import StoredWorld
from worldkit.widgets.editor_properties import PropertySource
from worldkit.widgets.saving_editor import SavingEditor
from worldkit.widgets.store_sync import StoreSync


@checked_methods
class StoreEditor(SavingEditor):
    """The editor of a world that lives in a store: each edit is saved there as it is made.

    Args:
        stored: The world, as a store gave it.
        layout: Where cards stand, by state id, besides those the store knows.
        properties: What is demanded of every run, or the file that keeps it.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.
        read_only: Let views look and not touch.

    Example:
        >>> stored = wk.Store("worlds.db").create(world)
        >>> editor = wk.edit(stored).apply([{"op": "rename_state", "from": "lane", "to": "road"}])
        >>> stored.reload().world.start
        'road'
    """

    def __init__(
        self,
        stored: StoredWorld,
        *,
        layout: Mapping[str, Sequence[float]] | None = None,
        properties: PropertySource | None = None,
        height: int = 560,
        theme: str = "auto",
        read_only: bool = False,
    ) -> None:
        sync = StoreSync(stored, stored.store)
        super().__init__(
            stored.world,
            sync=sync,
            source=("store", sync.label, stored.id),
            layout=layout,
            properties=properties,
            height=height,
            theme=theme,
            read_only=read_only,
        )

    @property
    def stored(self) -> StoredWorld:
        """The last version that was the same here and in the store, with its revision."""
        return cast(StoredWorld, self._require_sync().sync_state.stored_world)
