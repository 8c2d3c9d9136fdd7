"""Rows as a table of pandas, which is not a dependency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra

if TYPE_CHECKING:
    import pandas


def frame(caller: str, rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pandas.DataFrame:
    """Return rows as a table, which has its columns also where there are no rows, and types that may be missing.

    A column of numbers with a float is one of floats, also where all are whole: another table has the same types.

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
    table = pandas.DataFrame(values, columns=list(columns)).convert_dtypes()
    float_columns = {name for row in values for name, value in row.items() if isinstance(value, float)}
    return table.astype(dict.fromkeys(float_columns.intersection(table.select_dtypes("integer")), "Float64"))
