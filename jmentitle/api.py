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
    """A loaded pack: the rules, values, offices and sources of one place.

    It is immutable and safe to share between threads.

    Example:
        >>> len(pack.content.items)
        80
    """

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A method under its former name, with a warning that says the new one."""
            if name not in _FORMER:
                raise AttributeError(f"'Pack' object has no attribute {name!r}")
            former.warn("Pack", name, _FORMER[name])
            return getattr(self, _FORMER[name])

    def read(self, household: object, on: DayGiven | None = None) -> Profile:
        """Check a household.

        Arguments:
            household: Plain values as JSON holds them, or a typed profile.
            on: The day of assessment; no fact may be dated after it.
        Returns:
            The checked household, for `assess` and `decide`.
        Raises:
            HouseholdError: JM070 to JM082, every problem at once.
            ArgumentError: JM072 for an `on` that is no day.
        Example:
            >>> profile = pack.read(family)
            >>> profile.on is None
            True
        """
        return validation.read(self, household, on)

    def decide(self, profile: Profile, on: DayGiven, *, engine_name: str = "native") -> Outcome:
        """Decisions only, as layers: the fast way for many households.

        Arguments:
            profile: A household that `read` has checked.
            on: The day of assessment.
            engine_name: `native` or `durable`; both give the same layers.
        Returns:
            The layer in which each benefit becomes possible and certain.
        Raises:
            HouseholdError: JM082 for a profile that was checked for a pack with other facts.
            ArgumentError: JM079 for a day outside the validity, JM090 for an unknown engine.
            EngineUnavailableError: JM090 for an engine that cannot run here.
        Example:
            >>> outcome = pack.decide(pack.read(family), on)
            >>> len(outcome.members)
            2
        """
        day = day_of_call(on, "on")
        arguments.of_kind(profile, Profile, "profile", arguments.PROFILE)
        validation.check_order(self, profile)
        return decide(self, profile.facts, day, engine_name)

    def assess(
        self, household: object, on: DayGiven | None = None, *, engine_name: str = "native"
    ) -> Assessment:
        """Assess a household.

        Arguments:
            household: A checked profile, or plain values or a typed profile as `read` takes them.
            on: The day of assessment; without it the day that the household names, else today.
            engine_name: `native` or `durable`; both give the same assessment.
        Returns:
            Decisions, amounts, offices, missing facts, the pathway and a receipt.
        Raises:
            HouseholdError: JM070 to JM082, every problem of the household at once.
            ArgumentError: JM079 for a day outside the validity, JM090 for an unknown engine.
            EngineUnavailableError: JM090 for an engine that cannot run here.
        Example:
            >>> pack.assess(family, on).result("elderly_welfare_subsidy", "grandmother").decision
            'undetermined'
        """
        from jmentitle.assessment.build import assess

        profile, day = validation.checked(self, household, on)
        return assess(self, profile, day, engine_name)

    def population(
        self, households: object, members: object, on: DayGiven | None = None
    ) -> Population:
        """Check the frames of a population.

        Frames are Polars, pandas or Arrow, or paths of Parquet or CSV files; their columns are
        named as the facts, and null is unknown. Needs the extra `population`.

        Arguments:
            households: A row for each household, with its id in `household`.
            members: A row for each member, with `household` and `member`.
            on: The day of assessment; no fact may be dated after it.
        Returns:
            The checked population.
        Raises:
            HouseholdError: JM100 and JM101 for frames and ids, JM071 to JM081 for facts; all
                problems at once, by column and row, and no value.
            ExtraMissingError: JM095 without the extra.
        Example:
            >>> import polars as pl
            >>> homes = pl.DataFrame({"household": [1, 2], "hukou_county": ["dongbao", None]})
            >>> people = pl.DataFrame({"household": [1, 2], "member": ["a", "b"]})
            >>> pack.population(homes, people, on)
            <Population of 2 households with 2 members>
        """
        extras.need("polars", "population")
        from jmentitle.population.reading import read_population

        day = None if on is None else day_of_call(on, "on")
        return read_population(self.content, households, members, day)

    def run(self, population: Population, on: DayGiven, *, progress: bool | None = None) -> Run:
        """Decide all items for a whole population. Needs the extra `population`.

        Arguments:
            population: A population that `population` has checked.
            on: The day of assessment.
            progress: Whether a bar is shown; unless said, when the work takes more than a moment on
                a terminal.
        Returns:
            The run; its frames are made when asked for.
        Raises:
            ArgumentError: JM079 for a day outside the validity.
            HouseholdError: JM101 for a population of other facts, JM074 for facts of later days.
            EngineUnavailableError: JM090 in a fork of a process that has used a population.
            ExtraMissingError: JM095 without the extra.
        Example:
            >>> pack.run(pack.population(homes, people), on).item_totals()["undetermined"].sum() > 0
            True
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
        grow with it. Needs the extra `population`.

        The folder appears when it is complete; an interruption leaves nothing.

        Arguments:
            households: A file, a folder of files or a list of files, sorted by household, with the
                columns that `population` describes. CSV files are read whole, in any order.
            members: The same for members.
            out: The folder to be written.
            on: The day of assessment.
            decisions: The decisions whose rows are written; all but ineligible unless said.
            replace: Whether an earlier output may be replaced.
            progress: As in `run`.
        Returns:
            The output, to be read as frames.
        Raises:
            HouseholdError: JM100 and JM101 for the tables, JM071 to JM081 for facts, by row of the
                files.
            OutputError: JM102 for a folder that cannot be written.
            ArgumentError: JM073 for an unknown decision, JM079 for a day outside the validity.
            ExtraMissingError: JM095 without the extra.
        Example:
            >>> from pathlib import Path
            >>> from tempfile import TemporaryDirectory
            >>> with TemporaryDirectory() as folder:
            ...     homes.write_parquet(Path(folder) / "homes.parquet")
            ...     people.write_parquet(Path(folder) / "people.parquet")
            ...     tables = [Path(folder) / "homes.parquet", Path(folder) / "people.parquet"]
            ...     files = pack.run_files(*tables, Path(folder) / "decided", on)
            ...     files.receipt["households"]
            2
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

        Arguments:
            household: As in `assess`.
            on: As in `assess`.
            until: The last day looked at; the end of the pack's validity unless said, and at most
                that.
        Returns:
            The days with their changes.
        Raises:
            HouseholdError: As `assess` does.
            ArgumentError: JM079 for a day outside the validity and for an `until` before `on`.
        Example:
            >>> pack.timeline(family, on, until="2019-12-31").events[0].on
            datetime.date(2019, 1, 1)
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
        """Why or why not: each benefit of an item, for everybody whom the item is for.

        Arguments:
            household: As in `assess`.
            item: The id of an item.
            on: As in `assess`.
            benefit: The name of one benefit of the item; the others are left out.
            member: The id of a member, or `household`; the others are left out.
            engine_name: `native` or `durable`.
        Returns:
            The explanations, in the order of the pack.
        Raises:
            HouseholdError: As `assess` does.
            ArgumentError: JM093 for an unknown item, JM094 for an unknown benefit or member; JM079
                and JM090 as `assess` does.
        Example:
            >>> why = pack.explain(family, "elderly_welfare_subsidy", on, member="grandmother")
            >>> [one.decision for one in why]
            ['undetermined', 'undetermined']
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
        """The smallest changes that would open an item, or one benefit of it, for everybody for
        whom it is closed, each verified by deciding again.

        Arguments:
            household: As in `assess`.
            item: The id of an item.
            on: As in `assess`.
            benefit: The name of one benefit of the item; the others are left out.
            member: The id of a member, or `household`; the others are left out.
        Returns:
            The changes for each subject, the nearest first.
        Raises:
            HouseholdError: As `assess` does.
            ArgumentError: JM093 for an unknown item, JM094 for an unknown benefit or member, JM079
                for a day outside the validity.
        Example:
            >>> pack.counterfactuals(family, "elderly_welfare_subsidy", on, member="father")
            <Counterfactuals on 2018-10-15: 1 suggestions>
        """
        from jmentitle.views.questions import counterfactuals

        wanted = self.item(item)
        profile, day = validation.checked(self, household, on)
        return counterfactuals(self, profile, wanted, day, benefit=benefit, member=member)

    def rule(self, id_: str, on: DayGiven | None = None) -> Rule:
        """The rule of an item in words, to be read.

        Arguments:
            id_: The id of an item.
            on: A day, if only what exists on it is wanted.
        Returns:
            The rule; a notebook shows it.
        Raises:
            ArgumentError: JM093 for an unknown item, JM072 for an `on` that is no day.
        Example:
            >>> print(pack.rule("elderly_welfare_subsidy").to_text("en").splitlines()[0])
            52. Welfare subsidies for the elderly  [elderly_welfare_subsidy]
        """
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
    """Load a pack, by the name of one that ships with the package or from a folder.

    The pack may have been compiled and kept by an earlier process of the same user.

    Arguments:
        name_or_folder: The name of a shipped pack, or the folder of one.
        overlays: Files in which an agency keeps values and offices of its own, laid over the pack
            in this order.
        from_cache: Whether a compiled pack may be used; False reads its YAML again.
    Returns:
        The pack, immutable and safe to share between threads.
    Raises:
        PackError: JM001 to JM068, every mistake of the pack and its overlays at once; JM091 for an
            unknown pack.
    Example:
        >>> load_pack("jingmen").item("legal_aid").domain
        'social_services'
    """
    return Pack.load(name_or_folder, overlays, from_cache=from_cache)
