"""From the frames of a user to a population: every problem at once, with its column, how many rows
and the first of them, never a value.

What is kept is the checked column; a column as it came is let go before the next ones are read,
unless it belongs to a frame that the user holds.
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
from jmentitle.population.intake.ids import Ids, kept, match
from jmentitle.population.intake.sources import Frame, Source, opened
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
    own, people = (
        opened(households, FRAMES["household"], collector),
        opened(members, FRAMES["person"], collector),
    )
    if own is None or people is None:
        raise HouseholdError(collector.errors)
    ids = _ids(own, people, first_rows, collector)
    matched = match(ids, collector)
    checked_own = Cells(content, "household", on, collector, first_rows[0]).read(own, None)
    checked_people = Cells(content, "person", on, collector, first_rows[1]).read(
        people, None if matched is None else matched.order
    )
    if collector.errors or matched is None:
        raise HouseholdError(collector.errors)
    return Population(
        content, checked_own, checked_people, matched.members, ids.households, matched.ids
    )


def _ids(
    households: Source, members: Source, first_rows: tuple[int, int], collector: Collector
) -> Ids:
    """The columns of ids. Raises HouseholdError (JM100) where one is missing or has no row."""
    found = []
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
            found.append(kept(ids, f"{name}.{column}", first_rows[name == "members"], collector))
    if collector.errors:
        raise HouseholdError(collector.errors)
    return Ids(found[0], found[1], found[2], first_rows)


def expected_ids(column: str, names: list[str]) -> str:
    """That a column of ids is missing, and which may be meant."""
    near = (
        column
        if column in [name.strip() for name in names]
        else nearest_name(column, [name for name in names if shown_name(name) == name])
    )
    blanks = " with blanks around it" if near == column else ""
    return f"a column of ids named `{column}`" + (f"; there is `{near}`{blanks}" if near else "")
