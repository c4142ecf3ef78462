"""Items under amendments: benefits with other words, new benefits, and benefits that are dropped.

An item is put together anew from its file and the words of every amendment, in order, and read by
the reader of items; so whatever is checked in an item file is checked here, and each mistake has
its place in the file in which the word stands.
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
        self.content, self.vocabulary = content, vocabulary
        self.collector = vocabulary.registers.collector
        self.files = {file.path: file for file in files}
        self.pieces: dict[str, Mapping] = {}
        self.sources: dict[str, list[str]] = {}
        self.dropped: set[str] = set()

    def lay(self, fields: Fields, source: str) -> None:
        """One amendment, after those before it. `source` is what its words rest on."""
        items, benefits = fields.child("items", None), fields.child("benefits", None)
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
            said = None if reading.is_null(when) else _resting_on(when, (source,))
            self.pieces[label.text] = yaml_tree.put(item, fields.keys["when"], said)

    def benefit(self, label: Scalar, piece: Piece, source: str) -> None:
        id_, _, name = label.text.partition(".")
        item = self.item(id_, label)
        if item is None:
            return
        own = Fields.open(piece, self.collector, BENEFIT_KEYS, f"the benefit `{label.text[:64]}`")
        benefits = yaml_tree.entry(item, "benefits")
        assert isinstance(benefits, Mapping)
        known = yaml_tree.entry(benefits, name)
        if isinstance(known, Mapping):
            known = reading.renamed(known, BENEFIT_KEYS, Collector())
        if own is None:
            return
        if known is None and "name" not in own:
            near = nearest_name(label.text, (f"{id_}.{one.text}" for one, _ in benefits.entries))
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
        merged = Mapping((), own.span)
        if isinstance(known, Mapping):
            merged = replace(known, span=own.span) if sources else self.founded(known, item, own)
        for key, value in own.items():
            if key.text != "cite":
                said = _resting_on(value, (source,)) if key.text == "when" else value
                merged = yaml_tree.put(merged, key, None if reading.is_null(value) else said)
        sources.append(source)
        merged = yaml_tree.put(
            merged, Scalar("cite", False, own.span), yaml_tree.words(sources, own.span)
        )
        benefits = yaml_tree.put(benefits, Scalar(name, False, label.span), merged)
        self.pieces[id_] = yaml_tree.put(item, Scalar("benefits", False, benefits.span), benefits)
        self.dropped.discard(label.text)

    def founded(self, known: Mapping, item: Mapping, own: Fields) -> Mapping:
        """A benefit of the pack whose condition keeps its sources, whatever the benefit will rest
        on."""
        when, cite = (
            yaml_tree.entry(known, "when"),
            yaml_tree.entry(known, "cite") or yaml_tree.entry(item, "cite"),
        )
        found = replace(known, span=own.span)
        if when is None or not isinstance(cite, Sequence):
            return found
        cited = tuple(one.text for one in cite.items if isinstance(one, Scalar))
        return yaml_tree.put(found, Scalar("when", False, when.span), _resting_on(when, cited))

    def drop(self, scalar: Scalar, named: set[str]) -> None:
        """End a benefit, or every benefit of an item, before the pack begins: what was received of
        it can still be said."""
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
        """The words of an item as they stand now; None after reporting that there is none."""
        known = self.content.items.get(id_)
        if known is None:
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
            piece = yaml_tree.read(self.files[known.file].rule_text, known.file, self.collector)
            assert isinstance(piece, Mapping)
            self.pieces[id_] = piece
        return self.pieces[id_]

    def references(self) -> list[str]:
        return [
            benefit.reference for item in self.content.items.values() for benefit in item.benefits
        ]

    def read(self) -> dict[str, Item]:
        """Every item of the pack, those that were amended read anew; those that cannot be read stay
        as they were."""
        found = dict(self.content.items)
        for id_, piece in self.pieces.items():
            fields = Fields.open(piece, self.collector, ITEM_KEYS, "the item")
            read = (
                None
                if fields is None
                else read_item(fields, self.vocabulary, self.content.items[id_].file)
            )
            if read is not None:
                found[id_] = read
        return found

    def standing(self, items: dict[str, Item]) -> dict[str, Item]:
        """The items without what is dropped."""
        return {
            id_: replace(
                item,
                benefits=tuple(one for one in item.benefits if one.reference not in self.dropped),
            )
            for id_, item in items.items()
        }

    def ended(self, items: dict[str, Item]) -> dict[str, Item]:
        """The items in which what is dropped is over before the first day of the pack."""
        over = Window(None, self.content.first_day - timedelta(days=1))
        return {
            id_: replace(
                item,
                benefits=tuple(
                    replace(one, window=over) if one.reference in self.dropped else one
                    for one in item.benefits
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
