"""Expressions in words: labels for names, signs for comparisons."""

from __future__ import annotations

from typing import assert_never

from jmentitle.language import tree, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.tree import Choice, Node, Numeric
from jmentitle.pack.model import Content
from jmentitle.pack.text import Text

WORDS: dict[str, Text] = {
    "household": Text("按户", "for the household"),
    "person": Text("按人", "for each person"),
    "universal": Text("人人可享", "for everyone"),
    "targeted": Text("符合条件的人", "for those who qualify"),
    "discretionary": Text("由经办机关决定", "the office decides"),
    "all": Text("同时符合", "all of"),
    "any": Text("至少符合一项", "at least one of"),
    "none": Text("都不符合", "none of"),
    "any_member": Text("家里有一位成员", "a member of the household"),
    "all_members": Text("家里每位成员", "every member of the household"),
    "pays": Text("金额", "pays"),
    "gives": Text("内容", "gives"),
    "grants": Text("办成后成为", "grants the status"),
    "apply": Text("申请", "apply"),
    "decides": Text("审批", "decides"),
    "bring": Text("带上", "bring"),
    "how": Text("办理", "how to apply"),
    "information": Text("说明", "note"),
    "gap": Text("未公布", "not published"),
    "notes": Text("编写说明", "remarks"),
    "sources": Text("依据", "sources"),
}
KINDS: dict[str, Text] = {
    "cash": Text("现金", "cash"),
    "fee_waiver": Text("费用减免", "fee waiver"),
    "in_kind": Text("实物", "in kind"),
    "service": Text("服务", "service"),
    "insurance": Text("保险待遇", "insurance benefit"),
    "loan": Text("贷款", "loan"),
    "priority": Text("优先", "priority"),
    "information": Text("信息", "information"),
}
GRADES: dict[str, Text] = {
    "plan": Text("本市规划", "the plan"),
    "statute": Text("法律法规", "statute"),
    "notice": Text("政府文件", "official notice"),
    "press": Text("公开报道", "press report"),
    "recalled": Text("未见原文", "text not seen"),
    "proposal": Text("修改方案", "proposal"),
}
_ELAPSED: dict[str, Text] = {
    "year": Text("周年", "years"),
    "month": Text("整月", "months"),
    "day": Text("天", "days"),
}
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}


def expression_words(content: Content, node: Node, language: str) -> str:
    """An expression with the labels of its names."""
    return _Words(content, language).of(node)


class _Words:
    def __init__(self, content: Content, language: str) -> None:
        self.content = content
        self.language = language

    def text(self, text: Text) -> str:
        return text.in_language(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, node: Node) -> str:
        match node:
            case tree.Fact(entity=entity, name=name):
                return self.text(self.content.facts[entity, name].label)
            case tree.Status(name=name):
                return self.text(self.content.statuses[name].label)
            case tree.Quantity(name=name):
                return self.text(self.content.quantities[name].label)
            case tree.Parameter(name=name):
                return self.text(self.content.parameters[name].label)
            case tree.Constant(value=value, type=kind):
                return number_words(value, kind)
            case tree.DayConstant(value=value):
                return str(value)
            case tree.AssessmentDate():
                return self.pick("评估日", "the assessment date")
            case tree.Compare() | tree.IsOneOf() | tree.Overlaps():
                return self.comparison(node)
            case tree.Leaf(test=test):
                return self.of(test)
            case tree.All() | tree.AnyOf() | tree.NoneOf():
                raise AssertionError(node)  # groups are rendered part by part
        return self.composed(node)

    def comparison(self, node: tree.Compare | tree.IsOneOf | tree.Overlaps) -> str:
        match node:
            case tree.Compare(comparator=comparator, left=left, right=right):
                return f"{self.of(left)} {_SIGNS[comparator]} {self.of(right)}"
            case tree.IsOneOf(fact=fact, members=members, negated=negated):
                verb = self.pick("不是" if negated else "是", "is not" if negated else "is")
            case tree.Overlaps(fact=fact, members=members):
                verb = self.pick("包含", "includes")
            case _:
                assert_never(node)
        return f"{self.of(fact)} {verb} {self.members(fact, members)}"

    def composed(self, node: tree.Calculation | tree.Conditional | tree.MemberNode) -> str:
        """A clause over time, a choice or the members; else a calculation."""
        match node:
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                return self.pick(
                    f"若{self.of(test)}则{self.of(then)}，否则{self.of(otherwise)}",
                    f"{self.of(then)} if {self.of(test)}, else {self.of(otherwise)}",
                )
            case tree.Elapsed(unit=unit, start=start, end=end):
                since = self.text(_ELAPSED[unit])
                return self.pick(
                    f"自{self.of(start)}到{self.of(end)}的{since}",
                    f"{since} from {self.of(start)} to {self.of(end)}",
                )
            case tree.AnyMember(test=test):
                return self.pick(f"有成员：{self.of(test)}", f"a member: {self.of(test)}")
            case tree.AllMembers(test=test):
                return self.pick(f"每位成员：{self.of(test)}", f"every member: {self.of(test)}")
            case tree.CountMembers(test=test):
                return self.pick(
                    f"符合“{self.of(test)}”的人数", f"the number of members with: {self.of(test)}"
                )
            case tree.SumMembers(number=inner):
                return self.pick(
                    f"全家“{self.of(inner)}”合计", f"the sum over members of: {self.of(inner)}"
                )
        return self.arithmetic(node)

    def arithmetic(self, node: tree.Arithmetic | tree.Quotient) -> str:
        texts = [self.of(operand) for operand in tree.operands(node)]
        match node:
            case tree.Sum():
                return f"({texts[0]} + {texts[1]})"
            case tree.Difference():
                return f"({texts[0]} − {texts[1]})"
            case tree.Product():
                return f"{texts[0]} × {texts[1]}"
            case tree.Quotient():
                return f"{texts[0]} ÷ {texts[1]}"
            case tree.Negative():
                return f"−{texts[0]}"
            case tree.Rescale():
                return texts[0]
            case tree.Rounded():
                return self.pick(f"取整（{texts[0]}）", f"rounded ({texts[0]})")
            case tree.Least():
                return f"{self.pick('较小者', 'the smallest of')} ({', '.join(texts)})"
            case tree.Greatest():
                return f"{self.pick('较大者', 'the largest of')} ({', '.join(texts)})"
        assert_never(node)

    def members(self, fact: tree.Fact, members: frozenset[str]) -> str:
        enum = getattr(fact.type, "enum", None)
        assert enum is not None and isinstance(fact.type, Choice | tree.ChoiceSet)
        labels = [
            self.text(text)
            for member, text in self.content.enums[enum].members.items()
            if member in members
        ]
        return self.pick("、", ", ").join(labels)


def number_words(value: int, kind: Numeric) -> str:
    """A constant with its unit; money without needless places."""
    shown = decimal_at(value, kind.scale)
    written = str(int(shown)) if shown == int(shown) else f"{shown:f}"
    return written if not kind.unit else f"{written} {units.show(kind.unit)}"
