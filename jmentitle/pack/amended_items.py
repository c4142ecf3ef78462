"""Items under amendments: changed benefits, new benefits and dropped benefits.

An item is composed of its file and the words of every amendment, in order, and read by the reader
of items. So every check of an item file applies, and each mistake is reported in the file that
contains it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import Window
from jmentitle.pack import reading, yaml_tree
from jmentitle.pack.files import PackFile
from jmentitle.pack.items import BENEFIT_KEYS, ITEM_KEYS, read_item
from jmentitle.pack.model import Content, Item
from jmentitle.pack.reading import Fields
from jmentitle.pack.vocabulary import Vocabulary
from jmentitle.pack.yaml_tree import Mapping, Piece, Scalar, Sequence


class AmendedItems:
    """The items of a pack while amendments are laid over them. `content` holds those of the pack as
    they were read last."""

    def __init__(
        self, content: Content, vocabulary: Vocabulary, files: tuple[PackFile, ...]
    ) -> None:
        self.content = content
        self.vocabulary = vocabulary
        self.collector = vocabulary.registers.collector
        self.files = {file.path: file for file in files}
        self.pieces: dict[str, Mapping] = {}
        self.sources: dict[str, list[str]] = {}
        self.dropped: set[str] = set()

    def lay(self, fields: Fields, source: str) -> None:
        """Apply one amendment after those before it. `source` is the source of its words."""
        items = fields.child("items", None)
        benefits = fields.child("benefits", None)
        for label, piece in items.items() if items else ():
            self.shared(label, piece, source)
        for label, piece in benefits.items() if benefits else ():
            self.benefit(label, piece, source)
        named = {label.text for label, _ in benefits.items()} if benefits else set()
        for scalar in fields.names("drop"):
            self.drop(scalar, named)

    def shared(self, label: Scalar, piece: Piece, source: str) -> None:
        """The condition that holds for every benefit of an item."""
        item = self.item(label.text, label)
        fields = Fields.open(
            piece, self.collector, ("when", "cite"), f"the item `{label.text[:64]}`"
        )
        when = None if fields is None else fields.piece("when", required=True)
        if item is not None and fields is not None and when is not None:
            condition = None if reading.is_null(when) else _resting_on(when, (source,))
            self.pieces[label.text] = yaml_tree.put(item, fields.keys["when"], condition)

    def benefit(self, label: Scalar, piece: Piece, source: str) -> None:
        id_, _, name = label.text.partition(".")
        item = self.item(id_, label)
        if item is None:
            return
        fields = Fields.open(
            piece, self.collector, BENEFIT_KEYS, f"the benefit `{label.text[:64]}`"
        )
        benefits = yaml_tree.entry(item, "benefits")
        assert isinstance(benefits, Mapping)
        base = yaml_tree.entry(benefits, name)
        if isinstance(base, Mapping):
            base = reading.rename_keys(base, BENEFIT_KEYS, Collector())
        if fields is None:
            return
        if base is None and "name" not in fields:
            near = nearest_name(
                label.text, (f"{id_}.{scalar.text}" for scalar, _ in benefits.entries)
            )
            expected = "a benefit of the item; a new one has a `name`"
            self.collector.add(
                "JM055",
                f"unknown benefit `{label.text[:64]}`",
                label.span,
                expected=expected,
                suggestion=near,
            )
            return
        sources = self.sources.setdefault(label.text, [])
        merged = Mapping((), fields.span)
        if isinstance(base, Mapping):
            merged = (
                replace(base, span=fields.span)
                if sources
                else self.keep_sources(base, item, fields)
            )
        for key, value in fields.items():
            if key.text != "cite":
                amended = _resting_on(value, (source,)) if key.text == "when" else value
                merged = yaml_tree.put(merged, key, None if reading.is_null(value) else amended)
        sources.append(source)
        merged = yaml_tree.put(
            merged, Scalar("cite", False, fields.span), yaml_tree.words(sources, fields.span)
        )
        benefits = yaml_tree.put(benefits, Scalar(name, False, label.span), merged)
        self.pieces[id_] = yaml_tree.put(item, Scalar("benefits", False, benefits.span), benefits)
        self.dropped.discard(label.text)

    def keep_sources(self, base: Mapping, item: Mapping, fields: Fields) -> Mapping:
        """A benefit of the pack whose condition keeps its sources, whatever the benefit will rest
        on."""
        when = yaml_tree.entry(base, "when")
        cite = yaml_tree.entry(base, "cite") or yaml_tree.entry(item, "cite")
        benefit = replace(base, span=fields.span)
        if when is None or not isinstance(cite, Sequence):
            return benefit
        cited = tuple(scalar.text for scalar in cite.items if isinstance(scalar, Scalar))
        return yaml_tree.put(benefit, Scalar("when", False, when.span), _resting_on(when, cited))

    def drop(self, scalar: Scalar, named: set[str]) -> None:
        """End a benefit, or every benefit of an item, before the pack begins; a household file may
        still state that it was received."""
        id_ = scalar.text.partition(".")[0]
        item = self.item(id_, scalar)
        if item is None:
            return
        benefits = yaml_tree.entry(item, "benefits")
        assert isinstance(benefits, Mapping)
        references = [f"{id_}.{label.text}" for label, _ in benefits.entries]
        if scalar.text != id_ and not reading.one_of(
            scalar, references, "JM055", "benefit", self.collector
        ):
            return
        dropped = {reference for reference in references if scalar.text in (id_, reference)}
        for reference in sorted(dropped & named):
            self.collector.add(
                "JM116",
                f"`{reference}` is both changed and dropped",
                scalar.span,
                expected="one of them",
            )
        self.dropped |= dropped

    def item(self, id_: str, label: Scalar) -> Mapping | None:
        """The current words of an item; None after reporting that there is no such item."""
        existing = self.content.items.get(id_)
        if existing is None:
            near = nearest_name(label.text, self.content.items) or nearest_name(
                label.text, self.references()
            )
            expected = "an item or a benefit of the pack, as `item` or `item.benefit`"
            self.collector.add(
                "JM055",
                f"unknown item `{id_[:64]}`",
                label.span,
                expected=expected,
                suggestion=near,
            )
            return None
        if id_ not in self.pieces:
            piece = yaml_tree.read(
                self.files[existing.file].rule_text, existing.file, self.collector
            )
            assert isinstance(piece, Mapping)
            self.pieces[id_] = piece
        return self.pieces[id_]

    def references(self) -> list[str]:
        return [
            benefit.reference for item in self.content.items.values() for benefit in item.benefits
        ]

    def read(self) -> dict[str, Item]:
        """Every item of the pack, with amended items read again; an unreadable item stays as it
        was."""
        items = dict(self.content.items)
        for id_, piece in self.pieces.items():
            fields = Fields.open(piece, self.collector, ITEM_KEYS, "the item")
            read = (
                None
                if fields is None
                else read_item(fields, self.vocabulary, self.content.items[id_].file)
            )
            if read is not None:
                items[id_] = read
        return items

    def without_dropped(self, items: dict[str, Item]) -> dict[str, Item]:
        """The items without what is dropped."""
        return {
            id_: replace(
                item,
                benefits=tuple(
                    benefit for benefit in item.benefits if benefit.reference not in self.dropped
                ),
            )
            for id_, item in items.items()
        }

    def end_dropped(self, items: dict[str, Item]) -> dict[str, Item]:
        """The items in which what is dropped is over before the first day of the pack."""
        over = Window(None, self.content.first_day - timedelta(days=1))
        return {
            id_: replace(
                item,
                benefits=tuple(
                    replace(benefit, window=over) if benefit.reference in self.dropped else benefit
                    for benefit in item.benefits
                ),
            )
            for id_, item in items.items()
        }


def _resting_on(when: Piece, cite: tuple[str, ...]) -> Piece:
    """A condition that names its sources."""
    span = when.span
    source = (Scalar("cite", False, span), yaml_tree.words(cite, span))
    if isinstance(when, Scalar):
        return Mapping(((Scalar("if", False, span), when), source), span)
    if isinstance(when, Mapping) and yaml_tree.entry(when, "cite") is None:
        return yaml_tree.put(when, *source)
    return when
