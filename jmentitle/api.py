"""The public doors: load a pack, assess a household."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jmentitle.chain.engines import decide
from jmentitle.chain.outcome import Outcome
from jmentitle.errors import fail
from jmentitle.language import arguments, extras, former
from jmentitle.language.values import DayGiven, MemberId, day_of_call
from jmentitle.pack.rules import Rules
from jmentitle.profile import validation
from jmentitle.profile.validation import Profile

if TYPE_CHECKING:
    from jmentitle.assessment.models import Assessment, Decision
    from jmentitle.policy.run import Run
    from jmentitle.population.frames import Population
    from jmentitle.population.scale.batches import Source
    from jmentitle.population.scale.stream import Files
    from jmentitle.render.rule import Rule
    from jmentitle.views.counterfactual.models import Counterfactuals
    from jmentitle.views.explain.explanation import Explanations
    from jmentitle.views.timeline.models import Timeline


_FORMER = {"on": "ruleset", "nearest_changes": "counterfactuals"}


class Pack(Rules):
    """A loaded pack. Immutable; safe to share between threads."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A method under its former name, with a warning that says the new one."""
            if name not in _FORMER:
                raise AttributeError(f"'Pack' object has no attribute {name!r}")
            former.warn("Pack", name, _FORMER[name])
            return getattr(self, _FORMER[name])

    def read(self, household: object, on: DayGiven | None = None) -> Profile:
        """Check a household given as plain values (as JSON would hold them) or as a typed profile.
        Raises HouseholdError with every problem, ArgumentError for an `on` that is no day."""
        return validation.read(self, household, on)

    def decide(self, profile: Profile, on: DayGiven, *, engine_name: str = "native") -> Outcome:
        """Decisions only, as layers: the fast way for many households.

        Raises HouseholdError (JM082) for a profile that was checked for a pack with other facts.
        """
        day = day_of_call(on, "on")
        arguments.of_kind(profile, Profile, "profile", arguments.PROFILE)
        validation.check_order(self, profile)
        return decide(self, profile.facts, day, engine_name)

    def assess(
        self, household: object, on: DayGiven | None = None, *, engine_name: str = "native"
    ) -> Assessment:
        """Assess a household: a checked profile, or plain values as `read` takes them.

        `on` is the day of assessment; without it the day that the household names, else today.
        Raises HouseholdError with every problem of the household, ArgumentError for a day outside
        the validity (JM079) and an unknown engine (JM090).
        """
        from jmentitle.assessment.build import assess

        profile, day = validation.checked(self, household, on)
        return assess(self, profile, day, engine_name)

    def population(
        self, households: object, members: object, on: DayGiven | None = None
    ) -> Population:
        """Check the frames of a population: a row for each household with its id in `household`, a
        row for each member with `household` and `member`, columns named as the facts, null for what
        is unknown.

        Frames are Polars, pandas, Arrow, or paths of Parquet or CSV files. `on`, the day of
        assessment, bounds the dates. Raises HouseholdError with every problem, naming columns and
        rows and no value; needs the extra `population`.
        """
        extras.need("polars", "population")
        from jmentitle.population.reading import read_population

        day = None if on is None else day_of_call(on, "on")
        return read_population(self.content, households, members, day)

    def run(self, population: Population, on: DayGiven, *, progress: bool | None = None) -> Run:
        """Decide all items for a whole population. `progress` shows a bar; unless said, when the
        work takes more than a moment on a terminal.

        Raises ArgumentError for a day outside the validity (JM079), HouseholdError for a population
        of other facts (JM101) or with facts of later days (JM074).
        """
        extras.need("polars", "population")
        from jmentitle.policy.run import Run
        from jmentitle.population.deciding import run
        from jmentitle.population.progress import bar

        return Run.of(run(self, population, day_of_call(on, "on"), bar(progress)))

    def run_files(
        self,
        households: Source,
        members: Source,
        out: str | Path,
        on: DayGiven,
        *,
        decisions: Sequence[Decision] = ("eligible", "discretionary", "undetermined"),
        replace: bool = False,
        progress: bool | None = None,
    ) -> Files:
        """Decide all items for the population in two tables of Parquet, in memory that does not
        grow with it, and write the folder `out`.

        The tables have the columns that `population` describes, are sorted by household, and may
        each be a file, a folder of files or a list of files. CSV files are read whole. `out`
        appears when it is complete; an interruption leaves nothing. `decisions` are those whose
        rows are written, all but ineligible unless said; `replace` lets an earlier output go.
        Raises HouseholdError for the tables, OutputError (JM102) for `out`, ArgumentError for the
        rest; needs the extra `population`.
        """
        extras.need("polars", "population")
        from jmentitle.population.progress import bar
        from jmentitle.population.scale.stream import run_files

        day = day_of_call(on, "on")
        return run_files(
            self,
            households,
            members,
            out,
            day,
            decisions=decisions,
            replace=replace,
            progress=bar(progress),
        )

    def timeline(
        self, household: object, on: DayGiven | None = None, until: DayGiven | None = None
    ) -> Timeline:
        """The days after `on` on which decisions or amounts of a household change, and why; its
        facts stay as given.

        `on` is as in `assess`. `until` is the last day looked at, the end of the pack's validity
        unless said; a later one is cut there. Raises as `assess` does, and ArgumentError for an
        `until` before `on`.
        """
        from jmentitle.views.timeline.build import TimelineBuilder

        profile, day = validation.checked(self, household, on)
        end = self.content.last_day if until is None else day_of_call(until, "until")
        if until is not None and end < day:
            fail(
                "JM079",
                "the timeline ends before it starts",
                path="until",
                expected=f"a date from {day} on",
            )
        return TimelineBuilder(self, profile).timeline(day, end)

    def explain(
        self,
        household: object,
        item: str,
        on: DayGiven | None = None,
        *,
        benefit: str | None = None,
        member: MemberId | None = None,
        engine_name: str = "native",
    ) -> Explanations:
        """Why or why not: an explanation of each benefit of an item for everybody whom the item is
        for.

        `household` and `on` are as in `assess`. `benefit` and `member` (an id of the household
        file) leave the others out. Raises as `assess` does, and ArgumentError for an unknown item
        (JM093), benefit or member (JM094).
        """
        from jmentitle.views.questions import explain

        wanted = self.item(item)
        profile, day = validation.checked(self, household, on)
        return explain(
            self, profile, wanted, day, benefit=benefit, member=member, engine_name=engine_name
        )

    def counterfactuals(
        self,
        household: object,
        item: str,
        on: DayGiven | None = None,
        *,
        benefit: str | None = None,
        member: MemberId | None = None,
    ) -> Counterfactuals:
        """What would open an item, or one benefit of it, for everybody for whom it is closed: the
        smallest changes, each proved.

        Arguments and errors are as in `explain`.
        """
        from jmentitle.views.questions import counterfactuals

        wanted = self.item(item)
        profile, day = validation.checked(self, household, on)
        return counterfactuals(self, profile, wanted, day, benefit=benefit, member=member)

    def rule(self, id_: str, on: DayGiven | None = None) -> Rule:
        """The rule of an item in words, to be read; with `on`, only what exists on that day. Raises
        ArgumentError (JM093)."""
        from jmentitle.render.rule import Rule

        return Rule(self.content, self.item(id_), None if on is None else day_of_call(on, "on"))

    def _repr_html_(self) -> str:
        from jmentitle.render.notebook import pack_html

        return pack_html(self.content, self.digest, "zh")


def load_pack(
    name_or_folder: str | Path = "jingmen",
    overlays: Iterable[str | Path] = (),
    *,
    from_cache: bool = True,
) -> Pack:
    """Load a pack by its name (a pack that ships with the package) or from a folder. Raises
    PackError with every mistake.

    `overlays` are files in which an agency keeps values and offices of its own, laid over the pack
    in order. The pack may have been compiled and kept by an earlier process of the same user; with
    `from_cache=False` its YAML is read again.
    """
    return Pack.load(name_or_folder, overlays, from_cache=from_cache)
