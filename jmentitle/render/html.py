"""HTML that is safe by construction: whatever is not `Html` is text and is escaped. No script, no
picture or style from elsewhere.

For views on anything: `tag` makes one element, `table` a table, `notebook` what a notebook shows,
`page` a whole page.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Assessment
from jmentitle.render.document import Document, Entry, Line, Section
from jmentitle.render.selection import family_document

_LANGUAGES = {"zh": "zh-Hans", "en": "en"}
_EMPTY = frozenset({"meta"})
FONTS = (
    '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",'
    '"Heiti SC",SimSun,sans-serif'
)
STYLE = f"""
.jmentitle{{font-family:{FONTS};line-height:1.5;color:#1a1a1a;max-width:60em}}
.jmentitle h1{{font-size:1.4em;line-height:1.3;margin:0 0 .3em}}
.jmentitle h2{{font-size:1.1em;line-height:1.3;border-bottom:1px solid #999;margin:1.2em 0 .4em}}
.jmentitle p{{margin:.2em 0}}
.jmentitle ul{{margin:.1em 0 .6em;padding-left:1.4em}}
.jmentitle summary{{font-weight:bold;margin:.4em 0}}
.jmentitle .title{{font-weight:bold}}
.jmentitle .whose{{color:#555;margin-left:1em}}
.jmentitle .foot,.jmentitle .path{{font-size:.85em;color:#555}}
.jmentitle table{{border-collapse:collapse}}
.jmentitle th,.jmentitle td{{border:1px solid #bbb;padding:.2em .6em}}
.jmentitle th,.jmentitle td{{text-align:left;vertical-align:top}}
.jmentitle li.bare{{list-style:none}}
.jmentitle li.point{{list-style:disc}}
.jmentitle li>ul,.jmentitle li>details>ul{{margin-bottom:.1em}}
.jmentitle li.bare>details>summary{{margin:0;font-weight:normal;list-style-position:outside}}
.jmentitle p.title{{margin-top:.6em}}
.jmentitle .mark{{font-weight:bold;color:#777;background:none;padding:0}}
.jmentitle .met{{color:#1a7f37}}
.jmentitle .failed{{color:#b3261e}}
.jmentitle .unknown{{color:#9a6700}}
.jmentitle svg text{{font-size:12px}}
@media print{{.jmentitle{{max-width:none;font-size:10pt}} .jmentitle .entry{{break-inside:avoid}}}}
"""


def escape(text: object) -> Html:
    """Text as HTML that reads as itself, between tags and within attributes."""
    return text if isinstance(text, Html) else Html(html.escape(str(text), quote=True))


def join(parts: Iterable[object]) -> Html:
    return Html("".join(escape(part) for part in parts))


def tag(name: str, *content: object, **attributes: object) -> Html:
    """One element.

    Arguments:
        name: The name of the element.
        *content: Texts, or HTML that is made already.
        **attributes: Its attributes; a trailing `_` falls away and other `_` become `-`, so that
            `class_` and `stroke_width` can be written.
    Returns:
        HTML that a notebook shows; texts are escaped.
    Example:
        >>> from jmentitle.render import tag
        >>> print(str(tag("p", "1 < 2", class_="note")))
        <p class="note">1 &lt; 2</p>
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return Html(
        f"<{name}{written}>" if name in _EMPTY else f"<{name}{written}>{join(content)}</{name}>"
    )


def table(headings: Iterable[object], rows: Iterable[Iterable[object]]) -> Html:
    """A table.

    Arguments:
        headings: The heading of each column.
        rows: The cells of each row: texts, or HTML that is made already.
    Returns:
        HTML that a notebook shows; texts are escaped.
    Example:
        >>> from jmentitle.render import table
        >>> print(str(table(["name"], [["<b>"]])))
        <table><thead><tr><th>name</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>
    """
    head = tag("thead", tag("tr", *(tag("th", heading) for heading in headings)))
    return tag(
        "table",
        head,
        tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)),
    )


def notebook_html(*content: object) -> Html:
    """Content with the style of the results, as a notebook shows it.

    Arguments:
        *content: Texts, or HTML that is made already.
    Returns:
        HTML that a notebook shows.
    Example:
        >>> from jmentitle.render import notebook_html
        >>> notebook_html(tag("p", "text"))[-23:]
        'style><p>text</p></div>'
    """
    return tag("div", tag("style", Html(STYLE)), *content, class_="jmentitle")


def page(title: str, language: str, *content: object, style: str = "") -> str:
    """A whole page. Its policy forbids scripts and anything from elsewhere, should a browser ever
    find any."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; style-src 'unsafe-inline'",
        ),
        tag("title", title),
        tag("style", Html(STYLE + style)),
    )
    body = tag("body", *content, class_="jmentitle")
    return f"<!doctype html>\n{tag('html', head, body, lang=_LANGUAGES[language])}\n"


def to_html(assessment: Assessment, language: str) -> str:
    """The whole assessment as a page that can be printed. `language` is zh or en."""
    document = family_document(assessment, language)
    return page(document.title, language, document_html(document))


def document_html(document: Document, *, folded: bool = False) -> Html:
    """A document, such as a letter, as HTML.

    Arguments:
        document: What `letter_document` gives.
        folded: Whether the sections are folded.
    Returns:
        HTML without a style of its own, for `notebook_html`.
    Example:
        >>> from jmentitle.render import document_html, letter_document
        >>> document_html(letter_document(assessment, "en"))[:4]
        '<h1>'
    """
    sections = [
        section_html(section, folded=folded, open_=index == 0)
        for index, section in enumerate(document.sections)
    ]
    foot = tag("footer", *(tag("p", line, class_="foot") for line in document.foot))
    return join(
        [
            tag("h1", document.title),
            *(tag("p", line, class_="under") for line in document.under),
            *sections,
            foot,
        ]
    )


def section_html(section: Section, *, folded: bool = False, open_: bool = True) -> Html:
    lead, rest = ([tag("p", text)] if text else [] for text in (section.lead, section.rest))
    content = [*lead, *(entry_html(entry) for entry in section.entries), *rest]
    if folded:
        return tag(
            "details",
            tag("summary", section.title),
            *content,
            **({"open": "open"} if open_ else {}),
        )
    return tag("section", tag("h2", section.title), *content, class_=section.key)


def entry_html(entry: Entry) -> Html:
    number = "" if entry.number is None else f"{entry.number}. "
    whose = [tag("span", entry.whose, class_="whose")] if entry.whose else []
    lines = [tag("ul", *(_line(line) for line in entry.lines))] if entry.lines else []
    return tag(
        "div",
        tag("p", tag("span", f"{number}{entry.title}", class_="title"), *whose),
        *lines,
        class_="entry",
    )


def _line(line: Line) -> Html:
    inner = [tag("ul", *(tag("li", text) for text in line.inner))] if line.inner else []
    return tag("li", line.text, *inner, class_=line.kind)
