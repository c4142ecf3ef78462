"""From the frames of a user to a population: every problem at once, with its column, how many rows
and the first of them, never a value.

Only checked columns are kept; a source column is dropped before the next ones are read, unless it
belongs to a frame of the user.
"""

from __future__ import annotations

from datetime import date

from jmentitle.errors import HouseholdError
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.values import shown_name
from jmentitle.pack.model import Content
from jmentitle.population.frames import FRAMES, HOUSEHOLD, MEMBER, Population
from jmentitle.population.intake.cells import Cells
from jmentitle.population.intake.ids import Ids, match, normalize_ids
from jmentitle.population.intake.sources import Frame, Source, open_frame
from jmentitle.population.process import here


def read_population(
    content: Content,
    households: Frame,
    members: Frame,
    on: date | None = None,
    first_rows: tuple[int, int] = (0, 0),
) -> Population:
    """Check two frames and put them in order. `on`, the day of assessment, bounds the dates. Raises
    HouseholdError with every problem.

    Where the frames are parts of larger ones, `first_rows` says which of their rows they begin
    with.
    """
    here()
    collector = Collector()
    homes, people = (
        open_frame(households, FRAMES["household"], collector),
        open_frame(members, FRAMES["person"], collector),
    )
    if homes is None or people is None:
        raise HouseholdError(collector.errors)
    ids = _ids(homes, people, first_rows, collector)
    matched = match(ids, collector)
    checked_homes = Cells(content, "household", on, collector, first_rows[0]).read(homes, None)
    checked_people = Cells(content, "person", on, collector, first_rows[1]).read(
        people, None if matched is None else matched.order
    )
    if collector.errors or matched is None:
        raise HouseholdError(collector.errors)
    return Population(
        content, checked_homes, checked_people, matched.members, ids.households, matched.ids
    )


def _ids(
    households: Source, members: Source, first_rows: tuple[int, int], collector: Collector
) -> Ids:
    """The columns of ids. Raises HouseholdError (JM100) where one is missing or has no row."""
    columns = []
    for source, name, column in (
        (households, "households", HOUSEHOLD),
        (members, "members", HOUSEHOLD),
        (members, "members", MEMBER),
    ):
        if column not in source.schema:
            collector.add(
                "JM100",
                f"missing column `{column}`",
                path=name,
                expected=expected_ids(column, list(source.schema)),
            )
            continue
        ids = source.column(column)
        if not len(ids):
            collector.add("JM100", "the frame is empty", path=name, expected="at least one row")
        else:
            columns.append(
                normalize_ids(ids, f"{name}.{column}", first_rows[name == "members"], collector)
            )
    if collector.errors:
        raise HouseholdError(collector.errors)
    return Ids(columns[0], columns[1], columns[2], first_rows)


def expected_ids(column: str, names: list[str]) -> str:
    """The expectation for a missing column of ids, with a similar name if there is one."""
    near = (
        column
        if column in [name.strip() for name in names]
        else nearest_name(column, [name for name in names if shown_name(name) == name])
    )
    blanks = " with blanks around it" if near == column else ""
    return f"a column of ids named `{column}`" + (f"; there is `{near}`{blanks}" if near else "")
