"""Rows as a table of pandas, which is not a dependency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra

if TYPE_CHECKING:
    import pandas


def frame(caller: str, rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pandas.DataFrame:
    """Return rows as a table, which has its columns also where there are no rows.

    Args:
        caller: What was called, for the error: ``"Scan.to_frame"``.
        rows: The rows; they are not gone through where pandas is missing.
        columns: The columns, in order.

    Raises:
        MissingExtra: pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtra(caller, "lab", "pandas") from None
    return pandas.DataFrame(list(rows), columns=list(columns))
