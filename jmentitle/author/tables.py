"""The whole pack as one page for policy readers: a table of all items, then each with its
conditions, benefits, sources and gaps."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.author.gaps import HEADINGS, Gap, gap_line, gaps_of
from jmentitle.pack.model import GRADES, Content, Item
from jmentitle.pack.text import Text
from jmentitle.render.rule import Rule
from jmentitle.views.explain.rule_words import GRADES as GRADE_WORDS
from jmentitle.views.explain.rule_words import WORDS

_TITLE = Text("项目一览", "The items")
_GENERATED = Text(
    "本页由规则包生成，请勿手工修改；`make generated` 重新生成。",
    "Generated from the pack: do not edit; `make generated` writes it anew.",
)
_COLUMNS = Text("编号|项目|对象|待遇|依据|未定事项", "No.|item|for|benefits|sources|gaps")


def items_page(content: Content, language: str) -> str:
    """The page as Markdown, in zh or en; names of items in both."""
    return "\n".join(_lines(content, language)) + "\n"


def _lines(content: Content, language: str) -> Iterator[str]:
    def say(text: Text) -> str:
        return text.in_language(language)

    gaps = gaps_of(content)
    columns = say(_COLUMNS).split("|")
    yield f"# {say(_TITLE)}: {say(content.name)} {content.version}"
    yield ""
    yield say(_GENERATED)
    yield ""
    yield _row(columns)
    yield _row(["---"] * len(columns))
    for item in content.items.values():
        name = f"[{item.name.zh}<br>{item.name.en}](#{item.id})"
        benefits = "<br>".join(say(benefit.title) for benefit in item.benefits)
        sources = "<br>".join(
            f"{id_} ({say(GRADE_WORDS[content.sources[id_].grade])})"
            for id_ in _sources(content, item)
        )
        kinds = [
            (kind, sum(gap.kind == kind for gap in gaps.get(item.id, ()))) for kind in HEADINGS
        ]
        counted = "<br>".join(f"{say(HEADINGS[kind])}: {count}" for kind, count in kinds if count)
        yield _row([str(item.number), name, say(WORDS[item.entity]), benefits, sources, counted])
    domain = ""
    for item in content.items.values():
        if item.domain != domain:
            domain = item.domain
            yield ""
            yield f"## {say(content.domains[domain])}"
        yield from _section(content, item, gaps.get(item.id, []), language)


def _section(content: Content, item: Item, gaps: list[Gap], language: str) -> Iterator[str]:
    """One item: its rule in words as nested lists."""
    yield ""
    yield f'<a id="{item.id}"></a>'
    yield ""
    yield f"### {item.number}. {item.name.zh} · {item.name.en}"
    yield ""
    for line in Rule(content, item).to_text(language).splitlines()[1:]:
        if line:
            yield _bullet(line)
    # The rule shows open questions, and the source shows recalled statements; only missing values
    # remain to be listed.
    values = [gap for gap in gaps if gap.kind == "value"]
    if values:
        yield f"- {HEADINGS['value'].in_language(language)}:"
        yield from (_bullet(f"  {gap_line(gap, language)}") for gap in values)


def _sources(content: Content, item: Item) -> list[str]:
    """The sources that the item, its benefits and the place to apply cite, the strongest first."""
    cited = [
        *item.cite,
        *(citation for benefit in item.benefits for citation in benefit.cite),
        *item.apply.cite,
    ]
    ids = dict.fromkeys(citation.split(" ", 1)[0] for citation in cited)
    return sorted(ids, key=lambda id_: GRADES.index(content.sources[id_].grade))


def _bullet(line: str) -> str:
    """A line of a rule, indented by two spaces a level, as an item of a list."""
    text = line.strip().removeprefix("◆ ").removeprefix("– ")
    return f"{line[: len(line) - len(line.lstrip())]}- {_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*")


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
