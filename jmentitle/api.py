"""The public doors: load a pack, assess a household."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from jmentitle.chain.engines import engine
from jmentitle.chain.outcome import Outcome
from jmentitle.language import extras
from jmentitle.language.diagnostics import Collector, Diagnostic, PackError, ProfileError, nearest
from jmentitle.language.values import DayGiven, MemberId, day_of_call, index_of
from jmentitle.pack import cache, files, ruleset
from jmentitle.pack.files import Loaded, PackFile
from jmentitle.pack.model import Content, Item
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile import validation
from jmentitle.profile.facts import Facts, RowOrder
from jmentitle.profile.validation import Profile

if TYPE_CHECKING:
    from jmentitle.assessment.models import Assessment, Decision
    from jmentitle.population.frames import Population
    from jmentitle.population.run import Run
    from jmentitle.population.scale.batches import Source
    from jmentitle.population.scale.stream import Files
    from jmentitle.render.rule import Rule
    from jmentitle.views.counterfactual.models import NearestChanges
    from jmentitle.views.counterfactual.reduced_rules import Cone
    from jmentitle.views.explain.explanation import Explanations
    from jmentitle.views.timeline.models import Timeline

MOST_CONES = 100
_HERE = Path(__file__).parent
# In a wheel the packs lie beside the code; in a checkout they lie at its top.
_PACK_ROOTS = (_HERE / "rules", _HERE.parent / "rules")


class Pack:
    """A loaded pack. Immutable; safe to share between threads."""

    def __init__(self, loaded: Loaded, files: tuple[PackFile, ...]) -> None:
        self._loaded, self._files = loaded, files
        self._rulesets: dict[date, Ruleset] = {}
        self._cones: dict[tuple[str, str | None], Cone] = {}

    @property
    def content(self) -> Content:
        return self._loaded.content

    @property
    def digest(self) -> str:
        return self._loaded.digest

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return self._loaded.warnings

    @property
    def files(self) -> tuple[PackFile, ...]:
        return self._files

    @cached_property
    def row_order(self) -> RowOrder:
        return RowOrder.of(self.content)

    @cached_property
    def breakpoints(self) -> list[date]:
        """The days on which the rules change, beginning with the first day of validity."""
        return ruleset.breakpoints(self.content)

    def on(self, day: DayGiven) -> Ruleset:
        """The rules in force on a day. Raises ProfileError (JM079) outside the validity.

        Here and in every call a day is a date, a moment at midnight without a time zone, or a
        text YYYY-MM-DD; anything else is refused (JM072).
        """
        day = day_of_call(day, "on")
        if not self.content.validity.holds(day):
            collector = Collector()
            message = f"{day} lies outside the validity of the pack `{self.content.id}`"
            expected = f"a date from {self.content.first_day} to {self.content.last_day}"
            collector.add("JM079", message, path="on", expected=expected)
            raise ProfileError(collector.errors)
        first, last = ruleset.stretch(self.content, self.breakpoints, day)
        if first not in self._rulesets:
            self._rulesets[first] = ruleset.build(self.content, first, last)
        return self._rulesets[first]

    def read(self, household: object, on: DayGiven | None = None) -> Profile:
        """Check a household given as plain values (as JSON would hold them) or as a typed profile. Raises ProfileError with every problem."""
        day = None if on is None else day_of_call(on, "on")
        return validation.validate(household, self.content, self.row_order, day)

    def decide(self, profile: Profile, on: DayGiven, *, engine_name: str = "native") -> Outcome:
        """Decisions only, as layers: the fast way for many households.

        Raises ProfileError (JM082) for a profile that was checked for a pack with other facts.
        """
        day = day_of_call(on, "on")
        self._reads(profile)
        return engine(engine_name).run(self.on(day), profile.facts, day)

    def assess(self, household: object, on: DayGiven | None = None, *, engine_name: str = "native") -> Assessment:
        """Assess a household: a checked profile, or plain values as `read` takes them.

        `on` is the day of assessment; without it the day that the household names, else today. Raises ProfileError.
        """
        from jmentitle.assessment.build import Builder

        profile, day = self._checked(household, on)
        outcome = self.decide(profile, day, engine_name=engine_name)
        return Builder(self.on(day), self.digest, engine_name, profile.facts, day, outcome).assessment()

    def population(self, households: object, members: object, on: DayGiven | None = None) -> Population:
        """Check the frames of a population: a row for each household with its id in `household`, a row for each member with `household` and
        `member`, columns named as the facts, null for what is unknown.

        Frames are Polars, pandas, Arrow, or paths of Parquet or CSV files. `on`, the day of assessment, bounds the dates. Raises ProfileError with
        every problem, naming columns and rows and no value; needs the extra `population`.
        """
        extras.need("polars", "population")
        from jmentitle.population.reading import read_population

        day = None if on is None else day_of_call(on, "on")
        return read_population(self.content, households, members, day)

    def run(self, population: Population, on: DayGiven, *, progress: bool | None = None) -> Run:
        """Decide all items for a whole population. `progress` shows a bar; unless said, when the work takes more than a moment on a terminal.

        Raises ProfileError for a day outside the validity.
        """
        extras.need("polars", "population")
        from jmentitle.population.deciding import run
        from jmentitle.population.progress import bar

        return run(self, population, day_of_call(on, "on"), bar(progress))

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
        """Decide all items for the population in two tables of Parquet, in memory that does not grow with it, and write the folder `out`.

        The tables have the columns that `population` describes, are sorted by household, and may each be a file, a folder of files or a list of
        files. CSV files are read whole. `out` appears when it is complete; an interruption leaves nothing. `decisions` are those whose rows are
        written, all but ineligible unless said; `replace` lets an earlier output go. Raises ProfileError; needs the extra `population`.
        """
        extras.need("polars", "population")
        from jmentitle.population.progress import bar
        from jmentitle.population.scale.stream import run_files

        day = day_of_call(on, "on")
        return run_files(self, households, members, out, day, decisions=decisions, replace=replace, progress=bar(progress))

    def timeline(self, household: object, on: DayGiven | None = None, until: DayGiven | None = None) -> Timeline:
        """The days after `on` on which decisions or amounts of a household change, and why; its facts stay as given.

        `on` is as in `assess`. `until` is the last day looked at, the end of the pack's validity unless said; a later one is cut there.
        Raises ProfileError.
        """
        from jmentitle.views.timeline.build import TimelineBuilder

        profile, day = self._checked(household, on)
        end = self.content.last_day if until is None else day_of_call(until, "until")
        if until is not None and end < day:
            collector = Collector()
            collector.add("JM079", "the timeline would end before it starts", path="until", expected=f"a date from {day} on")
            raise ProfileError(collector.errors)
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
        """Why or why not: an explanation of each benefit of an item for everybody whom the item is for.

        `household` and `on` are as in `assess`. `benefit` and `member` (an id of the household file) leave the others out. Raises
        ProfileError, also for an unknown item (JM093), benefit or member (JM094).
        """
        from jmentitle.views.explain.explanation import Explainer, Explanations

        found = self.item(item)
        profile, day = self._checked(household, on)
        self._chosen(found, profile, benefit, member)
        explainer = Explainer(self.on(day), profile.facts, day, self.decide(profile, day, engine_name=engine_name))
        listed = Explanations(
            one
            for one in explainer.of_item(found)
            if benefit in (None, one.benefit.name) and (_is_id(member, one.subject) or found.entity == "household")
        )
        for one in listed:
            # Looked for only when somebody asks why not: it takes longer than the explanation itself.
            one.look_for_changes = partial(self._nearest, profile.facts, day, found, one.benefit.name, [one.entity.member])
        return listed

    def nearest_changes(
        self, household: object, item: str, on: DayGiven | None = None, *, benefit: str | None = None, member: MemberId | None = None
    ) -> NearestChanges:
        """What would open an item, or one benefit of it, for everybody for whom it is closed: the smallest changes, each proved.

        Arguments and errors are as in `explain`.
        """
        found = self.item(item)
        profile, day = self._checked(household, on)
        self._chosen(found, profile, benefit, member)
        ids = profile.facts.ids
        members: list[int | None] = [None] if found.entity == "household" else [place for place, id_ in enumerate(ids) if _is_id(member, id_)]
        return self._nearest(profile.facts, day, found, benefit, members)

    def _nearest(self, facts: Facts, on: date, item: Item, benefit: str | None, members: list[int | None]) -> NearestChanges:
        from jmentitle.views.counterfactual.nearest import cone_of, nearest_changes

        cone = self._cones.pop((item.id, benefit), None) or cone_of(self, item, benefit)
        # The cones asked for last are kept, since they come to be compiled; more would only take memory.
        self._cones[item.id, benefit] = cone
        if len(self._cones) > MOST_CONES:
            self._cones.pop(next(iter(self._cones)), None)
        return nearest_changes(cone, facts, on, item, benefit, members)

    def amend(self, amendment: Mapping[str, object] | str | Path) -> Pack:
        """A pack as a reform would have it, for trying; this one stays as it is. Raises PackError with every mistake.

        `amendment` is a mapping of plain values, or the same as YAML: its text, or the path of a file (a `Path`, or a text of one line that
        ends in .yaml or .yml). It may change values of parameters, conditions of statuses and items, words of benefits, and may add and drop
        benefits (docs/amend.md). The new pack has a digest of its own, and its receipts name the amendment.
        """
        from jmentitle.pack.amendments import amend

        return Pack(*amend(self._loaded, self._files, amendment))

    def item(self, id_: str) -> Item:
        """The item with this id. Raises ProfileError (JM093) with the nearest id."""
        self._known(id_, self.content.items, "JM093", "item", "there is no such item in the pack", "an id of `jmentitle items`")
        return self.content.items[id_]

    def rule(self, id_: str, on: DayGiven | None = None) -> Rule:
        """The rule of an item in words, to be read; with `on`, only what exists on that day. Raises ProfileError (JM093)."""
        from jmentitle.render.rule import Rule

        return Rule(self.content, self.item(id_), None if on is None else day_of_call(on, "on"))

    def _chosen(self, item: Item, profile: Profile, benefit: str | None, member: MemberId | None) -> None:
        """Check a benefit of an item and a member of a household that somebody has named. Raises ProfileError (JM094)."""
        if benefit is not None:
            known = [one.name for one in item.benefits]
            self._known(benefit, known, "JM094", "benefit", f"`{item.id}` has no such benefit", ", ".join(known))
        if member is not None:
            index_of(profile.facts.ids, member)

    @staticmethod
    def _known(name: str, known: Collection[str], code: str, path: str, message: str, expected: str) -> None:
        if name not in known:
            collector = Collector()
            collector.add(code, message, path=path, expected=expected, nearest=nearest(name, known))
            raise ProfileError(collector.errors)

    def _reads(self, profile: Profile) -> None:
        """Check that a profile means here what it meant where it was checked."""
        order = profile.facts.order
        if order is not self.row_order and order != self.row_order:
            collector = Collector()
            message = "the profile was checked for a pack with other facts"
            expected = f"a profile that the pack `{self.content.id}` has read"
            collector.add("JM082", message, path="household", expected=expected)
            raise ProfileError(collector.errors)

    def _checked(self, household: object, on: DayGiven | None) -> tuple[Profile, date]:
        """The profile and the day of assessment. Raises ProfileError, also when a fact is dated after that day."""
        stated = None if on is None else day_of_call(on, "on")
        profile = household if isinstance(household, Profile) else self.read(household, stated)
        self._reads(profile)
        day = stated or profile.on or date.today()
        self.on(day)
        if profile.latest is not None and profile.latest[0] > day:
            collector = Collector()
            validation.report_later(collector, profile.latest[1], day)
            raise ProfileError(collector.errors)
        return profile, day

    def _repr_html_(self) -> str:
        from jmentitle.render.notebook import pack_html

        return pack_html(self.content, self.digest, "zh")

    def __repr__(self) -> str:
        names = ", ".join(one.id for one in self.content.amendments)
        amended = f" amended by {names}" if names else ""
        return f"<Pack {self.content.id} {self.content.version}{amended}: {len(self.content.items)} items, {self.digest[:19]}>"


def _is_id(wanted: MemberId | None, id_: MemberId) -> bool:
    """Whether an id is the one asked for, or any; the number 7 and the text `7` are one id."""
    return wanted is None or str(wanted) == str(id_)


def load_pack(name_or_folder: str | Path = "jingmen", overlays: Iterable[str | Path] = (), *, from_cache: bool = True) -> Pack:
    """Load a pack by its name (a pack that ships with the package) or from a folder. Raises PackError with every mistake.

    `overlays` are files in which an agency keeps values and offices of its own, laid over the pack in order. The pack may have been compiled
    and kept by an earlier process of the same user; with `from_cache=False` its YAML is read again.
    """
    texts = files.read_files(find_pack(name_or_folder))
    loaded = cache.read(files.digest_of(texts)) if from_cache else None
    if loaded is None:
        # The readers of YAML are imported only when there is YAML to read.
        from jmentitle.pack import loader

        loaded = loader.load(texts)
        cache.write(loaded)
    paths = [Path(overlay) for overlay in overlays]
    if paths:
        from jmentitle.pack.overlays import lay_over

        loaded = lay_over(loaded, paths)
    return Pack(loaded, texts)


def find_pack(name_or_folder: str | Path) -> Path:
    """The folder of a pack. Raises PackError (JM091) when there is none."""
    folder = Path(name_or_folder)
    if isinstance(name_or_folder, str) and name_or_folder.isidentifier():
        for root in _PACK_ROOTS:
            if files.is_file(root / name_or_folder / "pack.yaml"):
                return root / name_or_folder
    if files.is_folder(folder):
        return folder
    known = sorted({path.parent.name for root in _PACK_ROOTS for path in root.glob("*/pack.yaml")})
    collector = Collector()
    expected = f"a folder with a pack.yaml, or one of: {', '.join(known)}"
    collector.add("JM091", f"there is no pack `{name_or_folder}`", path="pack", expected=expected, nearest=nearest(str(name_or_folder), known))
    raise PackError(collector.errors)
