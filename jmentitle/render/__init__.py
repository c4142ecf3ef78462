"""Every form for people: text, HTML, letter, notebook, pictures.

Results show themselves (`to_text`, `to_html`, a notebook); the names here are the pieces of HTML
for pages of one's own.
"""

from typing import TYPE_CHECKING

from jmentitle.public import DOORS, attribute

if TYPE_CHECKING:
    from jmentitle.render.html import document_html as document_html
    from jmentitle.render.html import notebook_html as notebook_html
    from jmentitle.render.html import table as table
    from jmentitle.render.html import tag as tag
    from jmentitle.render.letter import letter_document as letter_document
    from jmentitle.render.outline import counterfactuals_html as counterfactuals_html
    from jmentitle.render.outline import diff_html as diff_html
    from jmentitle.render.outline import explanations_html as explanations_html
    from jmentitle.render.outline import timeline_html as timeline_html
    from jmentitle.render.words import say_amount as say_amount
else:

    def __getattr__(name: str) -> object:
        return attribute(__name__, name)


__all__ = [*DOORS[__name__]]


def __dir__() -> list[str]:
    return sorted(__all__)
