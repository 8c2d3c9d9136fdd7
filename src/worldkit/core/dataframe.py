"""Rows as a table of pandas, which is not a dependency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra

if TYPE_CHECKING:
    import pandas


def frame(caller: str, rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pandas.DataFrame:
    """Return rows as a table, which has its columns also where there are no rows, and types that may be missing.

    A column with a fraction is one of fractions, whatever else is in it: tables of other rows have the same types.

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
    values = list(rows)
    table = pandas.DataFrame(values, columns=list(columns))
    fractions = {name for row in values for name, value in row.items() if isinstance(value, float)}
    return table.convert_dtypes().astype(dict.fromkeys(fractions, "Float64"))
