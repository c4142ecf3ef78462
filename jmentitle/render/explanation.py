"""An explanation as text: the decision, the requirements that decide it, and the calculation of the
amount.

Every line is a requirement to meet: below a `none` the reading is inverted, so that nobody has to
untangle double negations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jmentitle.language import tree
from jmentitle.language.evaluator import FALSE, TRUE, TruthBounds
from jmentitle.render.rows import Row, outline_text
from jmentitle.render.traditional import TRADITIONAL, to_traditional
from jmentitle.views.explain.explanation import Explanation
from jmentitle.views.explain.formulas import Term, definition, simple, term
from jmentitle.views.explain.leaves import leaf_words
from jmentitle.views.explain.proof import Figure, Proof, parts
from jmentitle.views.explain.rule_words import expression_words
from jmentitle.views.explain.values import Values
from jmentitle.views.explain.words import FIGURES, GROUPS, LEADS, WAYS

MET, FAILED, OPEN, UNUSED, PLAIN = "✓", "✗", "?", "○", "·"


@dataclass(frozen=True, slots=True)
class Part:
    """One requirement among several that are joined alike: the condition must hold (`positive`) or
    must not."""

    proof: Proof
    positive: bool
    needed: bool
    cite: tuple[str, ...]

    @property
    def state(self) -> str:
        return _mark(self.proof.bounds, self.positive)


@dataclass(slots=True)
class Line:
    """One line of the text, and the lines below it."""

    mark: str
    text: str
    below: list[Line] = field(default_factory=list)

    def rows(self, level: int) -> Iterator[Row]:
        yield Row(self.text, level, self.mark)
        for line in self.below:
            yield from line.rows(level + 1)


def why_text(
    explanation: Explanation, language: str, *, why_not: bool = False, everything: bool = False
) -> str:
    """The explanation as an indented tree in `zh`, `zh-Hant` or `en`; `everything` also shows the
    parts that do not affect the answer."""
    if language == TRADITIONAL:
        return to_traditional(why_text(explanation, "zh", why_not=why_not, everything=everything))
    return outline_text(
        why_rows(explanation, language, why_not=why_not, everything=everything), language
    )


def why_rows(
    explanation: Explanation, language: str, *, why_not: bool = False, everything: bool = False
) -> Iterator[Row]:
    """The same line by line, in `zh` or `en`."""
    return _Reading(explanation, language, everything).rows(why_not)


class _Reading:
    def __init__(self, explanation: Explanation, language: str, everything: bool) -> None:
        self.explanation = explanation
        self.everything = everything
        self.language = language
        self.values = Values(explanation.content, language)
        self.facts = explanation.entity.world.facts
        self.expanded: set[tuple[int | None, str]] = set()

    def lead(self, key: str, **values: object) -> str:
        return self.values.text(LEADS[key]).format(**values)

    def rows(self, why_not: bool) -> Iterator[Row]:
        explanation = self.explanation
        values = self.values
        heading = values.say(
            "heading",
            item=values.text(explanation.item.name),
            benefit=values.text(explanation.benefit.title),
            subject=values.subject(self.facts, explanation.entity.member),
            on=explanation.on,
        )
        yield Row(heading, kind="title")
        yield Row("".join(self._leads(why_not)))
        if explanation.proof is not None:
            for line in self.requirement(
                explanation.proof, True, True, explanation.entity.member, explanation.benefit.cite
            ):
                yield from line.rows(1)
        for line in self._amount():
            yield from line.rows(1)
        if explanation.benefit.cite:
            yield Row(values.say("rests_on", sources=values.sources(explanation.benefit.cite)), 1)
        if self.everything:
            yield Row(values.say("not_needed", mark=UNUSED), 1)
        opening = explanation.counterfactuals if why_not else None
        if opening is not None:
            from jmentitle.render.counterfactual import opening_rows

            yield from opening_rows(opening, self.language)

    def _leads(self, why_not: bool) -> Iterator[str]:
        explanation = self.explanation
        values = self.values
        gap = "" if self.language == "zh" else " "
        if not explanation.in_force:
            end = explanation.benefit.window.end
            if end is not None and end < explanation.content.first_day:
                yield self.lead("dropped")
                return
            yield self.lead(
                "not_in_force", on=explanation.on, window=values.window(explanation.benefit.window)
            )
            return
        if explanation.received:
            yield self.lead("received") + gap
        if why_not and explanation.decision in ("eligible", "discretionary"):
            yield self.lead("not_denied") + gap
        yield self.lead("everybody" if explanation.proof is None else explanation.decision)
        if explanation.layer > 0 and explanation.decision != "ineligible":
            yield gap + self.lead("later", items=values.items(explanation.after))

    # requirements

    def requirement(
        self,
        proof: Proof,
        positive: bool,
        needed: bool,
        member: int | None,
        cite: tuple[str, ...],
        *,
        within_any: bool = False,
    ) -> list[Line]:
        """The lines of one condition that must hold (`positive`) or must not. `within_any`: it is
        one of several alternatives."""
        if proof.kind in ("all", "any", "none", "any_member", "all_members"):
            return self._group(proof, positive, needed, member, cite, within_any)
        mark = _mark(proof.bounds, positive) if needed else UNUSED
        if proof.way is not None:
            return [Line(mark, self._way(proof))]
        text = leaf_words(proof, positive, self.values)
        below = []
        if proof.kind == "status":
            below = self._status(proof, positive, needed)
            if len(below) == 1 and not below[0].below and below[0].mark == mark:
                text = f"{text}{self._aside(below[0].text)}"
                below = []
        elif proof.kind == "comparison":
            below = [
                line
                for child in proof.children
                if isinstance(child, Figure)
                for line in self._side(child)
            ]
        if proof.member != member and proof.member is not None:
            text = (
                self.values.say("of", subject=self.values.subject(self.facts, proof.member)) + text
            )
        own = proof.about.cite
        if own and own != cite:
            text += self._aside(self.values.sources(own), square=True)
        if proof.about.note is not None and self.everything:
            note = proof.about.note[0 if self.language == "zh" else 1]
            below.append(Line(PLAIN, self.values.say("note", note=note)))
        return [Line(mark, text, below)]

    def _group(
        self,
        proof: Proof,
        positive: bool,
        needed: bool,
        member: int | None,
        cite: tuple[str, ...],
        within_any: bool,
    ) -> list[Line]:
        every = _every(proof, positive)
        of_members = proof.kind in ("any_member", "all_members")
        state = _mark(proof.bounds, positive)
        total = list(_parts(proof, positive, needed, cite))
        relevant = total if self.everything else [part for part in total if part.needed]
        if not self.everything and state == OPEN:
            # While the result is open, only its open parts matter.
            relevant = [part for part in relevant if part.state == OPEN]
        lines: list[Line] = []
        for part in relevant:
            choice = not every and len(relevant) > 1
            inner = self.requirement(
                part.proof, part.positive, part.needed, member, part.cite, within_any=choice
            )
            lines += (
                [self._of_member(part, inner)]
                if of_members
                else [line for line in inner if line not in lines]
            )
        if of_members and not self.explanation.entity.members_complete:
            lines.append(Line(PLAIN, self.values.say("incomplete")))
        if not (within_any and state == FAILED):
            # One failing part is enough to rule out an alternative.
            lines += self._passed_over(total, state, every, len(relevant))
        # A list of all parts, or the one part that decides, needs no heading; other lists say what
        # they are.
        settled = len(relevant) == 1 and not self.everything and state == (FAILED if every else MET)
        if settled or (every and not of_members and (not within_any or len(lines) == 1)):
            return lines
        key = (
            ("every_member" if every else "some_member")
            if of_members
            else ("all" if every else "any")
        )
        text = self.values.text(GROUPS[key]) + ("：" if self.language == "zh" else ":")
        return [Line(state if needed else UNUSED, text, lines)]

    def _of_member(self, part: Part, lines: list[Line]) -> Line:
        who = self.values.say(
            "of", subject=self.values.subject(self.facts, part.proof.entity.member)
        )
        if len(lines) == 1:
            text = lines[0].text
            return Line(lines[0].mark, text if text.startswith(who) else who + text, lines[0].below)
        return Line(part.state if part.needed else UNUSED, who.strip(), lines)

    def _passed_over(
        self, total: list[Part], state: str, every: bool, relevant_count: int
    ) -> list[Line]:
        """The number of parts that are not shown, with their results."""
        if self.everything:
            return []
        if every and state == FAILED:
            failures = sum(part.state == FAILED for part in total) - relevant_count
            return (
                [Line(PLAIN, self.values.say("other_failures", count=failures))] if failures else []
            )
        if state == OPEN and len(total) > relevant_count:
            return [
                Line(
                    PLAIN,
                    self.values.say(
                        "others_met" if every else "others_failed",
                        count=len(total) - relevant_count,
                    ),
                )
            ]
        return []

    def _status(self, proof: Proof, positive: bool, needed: bool) -> list[Line]:
        """How the status came about; each only once in a text."""
        assert isinstance(proof.test, tree.Status)
        name = proof.member, proof.test.name
        if name in self.expanded:
            return []
        self.expanded.add(name)
        if not proof.children:
            return [Line(_mark(proof.bounds, positive), self.values.text(WAYS["nothing"]))]
        lines: list[Line] = []
        for child, used in parts(proof, needed=needed, everything=self.everything):
            if isinstance(child, Proof) and (
                self.everything or proof.bounds in (TRUE, FALSE) or child.bounds != FALSE
            ):
                definition = self.explanation.content.statuses[proof.test.name].cite
                lines += self.requirement(child, positive, used, proof.member, definition)
        return lines

    def _way(self, proof: Proof) -> str:
        assert isinstance(proof.node, tree.Status) and proof.way is not None
        certificate = self.explanation.content.statuses[proof.node.name].certificate
        suffix = {TRUE: "", FALSE: "_not"}.get(proof.bounds, "_unknown")
        paper = (
            ""
            if certificate is None
            else self.values.text(self.explanation.content.documents[certificate])
        )
        text = self.values.text(WAYS[proof.way + suffix]).format(
            certificate=paper, items=self.values.items(proof.grantors)
        )
        if suffix == "_unknown" and proof.facts:
            text += self._aside(self.values.say("fill_in", path=proof.facts[0].path))
        return text

    # numbers

    def _side(self, figure: Figure) -> list[Line]:
        """The calculation of one side of a comparison; empty if the sentence already shows it."""
        plain = simple(figure)
        if plain.kind == "quantity" and definition(plain).kind == "elapsed":
            return []
        if plain.kind in ("parameter", "quantity"):
            return self._named_number(plain)
        return [] if plain.kind == "fact" else self._atoms(term(plain, self.values))

    def _atoms(self, formula: Term) -> list[Line]:
        """The named numbers of a formula, each once."""
        lines: list[Line] = []
        for atom in formula.atoms:
            lines += [line for line in self._named_number(atom) if line not in lines]
        return lines

    def _named_number(self, figure: Figure) -> list[Line]:
        """One named number: where it comes from, and below it the numbers that it is calculated
        from."""
        values = self.values
        label = expression_words(self.explanation.content, figure.node, self.language)
        value = values.figure(figure)
        entry = figure.entry
        if entry is not None:
            key = "parameter" if figure.exact or not entry.reason.zh else "parameter_unpublished"
            text = values.text(FIGURES[key]).format(
                label=label,
                value=value,
                window=values.window(entry.window),
                reason=values.text(entry.reason),
            )
            below = [
                line
                for child in figure.children
                if isinstance(child, Figure)
                for line in self._side(child)
            ]
            return [
                Line(
                    PLAIN,
                    text
                    + (
                        self._aside(values.sources(figure.cite), square=True) if figure.cite else ""
                    ),
                    below,
                )
            ]
        if figure.kind in ("fact", "constant"):
            return [Line(PLAIN if figure.exact else OPEN, self._fact(figure, label, value))]
        inner = definition(figure)
        name = figure.member, label
        if name in self.expanded:
            return [Line(PLAIN, values.text(FIGURES["fact"]).format(label=label, value=value))]
        self.expanded.add(name)
        if inner.kind == "elapsed":
            return [Line(PLAIN, values.text(FIGURES["fact"]).format(label=label, value=value))]
        if inner.kind in ("count_members", "sum_members"):
            return [self._of_members(inner, label, value)]
        formula = term(inner, values)
        text = values.text(FIGURES["quantity"]).format(
            label=label, formula=formula.text, value=value
        )
        return [Line(PLAIN, text, self._atoms(formula))]

    def _fact(self, figure: Figure, label: str, value: str) -> str:
        text = self.values.text(FIGURES["fact"]).format(label=label, value=value)
        if figure.member is not None and figure.member != self.explanation.entity.member:
            text = (
                self.values.say("of", subject=self.values.subject(self.facts, figure.member)) + text
            )
        return (
            text
            if figure.exact
            else text + self._aside(self.values.say("fill_in", path=figure.facts[0].path))
        )

    def _of_members(self, figure: Figure, label: str, value: str) -> Line:
        """A count with who counts, or a sum with what each adds."""
        names = []
        below = []
        for child in figure.children:
            who = self.values.subject(self.facts, child.entity.member)
            if isinstance(child, Proof):
                names += [who] if child.bounds == TRUE else []
            elif not (child.exact and child.bounds[0] == 0):
                names.append(f"{who} {self.values.figure(child, ())}")
                below += self._named_number(simple(child))
        members_text = self.values.join_words(names) if names else self.values.say("empty")
        return Line(
            PLAIN,
            self.values.text(FIGURES[figure.kind]).format(
                label=label, members=members_text, value=value
            ),
            below,
        )

    def _amount(self) -> list[Line]:
        amount = self.explanation.amount
        figures = self.explanation.figures
        values = self.values
        if amount is None:
            return []
        if amount.certainty in ("unpublished", "undetermined"):
            head = values.say(f"amount_{amount.certainty}")
        else:
            head = values.bounds(amount.low, amount.high, 2, amount.unit)
        formula = term(definition(figures[0]), values)
        below = self._atoms(formula)
        if len(figures) > 1:
            cap = term(definition(figures[1]), values)
            below.append(Line(PLAIN, values.say("cap", formula=cap.text), self._atoms(cap)))
        if amount.certainty == "exact" and formula.text != values.figure(figures[0], ()):
            value = values.figure(figures[0], ())
            return [
                Line(
                    PLAIN,
                    values.say("amount_formula", formula=formula.text, value=value, amount=head),
                    below,
                )
            ]
        return [
            Line(
                PLAIN,
                head
                if amount.certainty in ("unpublished", "undetermined")
                else values.say("amount", amount=head),
                below,
            )
        ]

    def _aside(self, text: str, *, square: bool = False) -> str:
        if self.language == "zh":
            return f"〔{text}〕" if square else f"（{text}）"
        return f" [{text}]" if square else f" ({text})"


def _every(proof: Proof, positive: bool) -> bool:
    """Whether all parts have to be met, or only one."""
    return positive == (proof.kind in ("all", "none", "all_members"))


def _parts(proof: Proof, positive: bool, needed: bool, cite: tuple[str, ...]) -> Iterator[Part]:
    """The parts of a condition; nested groups of the same kind are flattened."""
    inner = positive != (proof.kind == "none")
    cite = proof.about.cite or cite
    for child, used in parts(proof, needed=needed, everything=True):
        assert isinstance(child, Proof)
        joined = {proof.kind, child.kind} <= {"all", "any", "none"} and _every(
            child, inner
        ) == _every(proof, positive)
        if joined:
            yield from _parts(child, inner, used, cite)
        else:
            yield Part(child, inner, used, cite)


def _mark(bounds: TruthBounds, positive: bool) -> str:
    if bounds not in (TRUE, FALSE):
        return OPEN
    return MET if (bounds == TRUE) == positive else FAILED
