"""Names of wrong rows in diagnostics."""

from __future__ import annotations

import polars as pl


def rows_of(path: str, rows: pl.Series) -> str:
    """A column and the first of its rows that are wrong, counted from 0 as frames do."""
    more = f" and {len(rows) - 1:,} more" if len(rows) > 1 else ""
    return f"{path}, row {rows[0]}{more}"
