"""The words of explanations, in Simplified Chinese and English. A test holds that both are complete
and that every kind of node has its own."""

from __future__ import annotations

import re

from jmentitle.pack.text import Text

LEADS: dict[str, Text] = {
    "eligible": Text("可以：以下条件都符合。", "Yes: these conditions are met."),
    "discretionary": Text(
        "可以申请，给不给由经办机关决定：以下条件都符合。",
        "You can apply and the office decides: these conditions are met.",
    ),
    "undetermined": Text("还不能判断：要看下面的情况。", "Not known yet. It depends on:"),
    "ineligible": Text("不可以：原因如下。", "No. The reason:"),
    "not_denied": Text("没有排除它的情形。", "Nothing rules it out."),
    "later": Text("前提是先办成：{items}。", "You must first be granted: {items}."),
    "everybody": Text("人人都有，没有条件。", "It is open to everyone, without conditions."),
    "dropped": Text("修改方案取消了这一项。", "The amendment removes it."),
    "not_in_force": Text(
        "这一项在{on}不存在，只在{window}有。", "It is not in force on {on}, only {window}."
    ),
    "received": Text("现在已经在领。", "It is already received."),
}
"""The sentences before a tree, by decision."""

GROUPS: dict[str, Text] = {
    "all": Text("同时符合", "all of these"),
    "any": Text("至少符合一项", "at least one of these"),
    "some_member": Text("家里有一位成员符合", "a member of the household meets this"),
    "every_member": Text("家里每位成员都符合", "every member of the household meets this"),
}
"""Conditions made of others, as requirements: a `none` reads as `all` of the opposites, and so
on."""

# The sentence of a leaf: `held` if the requirement is met, `failed` if it is not, `unknown`
# otherwise; `not_` if it must not hold.
LEAVES: dict[str, Text] = {
    "truth_held": Text("{label}：是", "{label}: yes"),
    "truth_failed": Text("应符合“{label}”，现在不符合", "must apply: {label}; it does not"),
    "truth_unknown": Text("应符合“{label}”，还不知道", "must apply: {label}; not known"),
    "not_truth_held": Text("{label}：否", "{label}: no"),
    "not_truth_failed": Text("不能有“{label}”的情况，现在有", "must not apply: {label}; it does"),
    "not_truth_unknown": Text(
        "不能有“{label}”的情况，还不知道", "must not apply: {label}; not known"
    ),
    "choice_held": Text("{label}为{value}", "{label}: {value}"),
    "choice_failed": Text(
        "{label}应为{wanted}，现在为{value}", "{label} must be {wanted}; now: {value}"
    ),
    "choice_unknown": Text("{label}应为{wanted}，还不知道", "{label} must be {wanted}; not known"),
    "not_choice_held": Text("{label}为{value}", "{label}: {value}"),
    "not_choice_failed": Text(
        "{label}不能是{wanted}，现在为{value}", "{label} must not be {wanted}; now: {value}"
    ),
    "not_choice_failed_one": Text(
        "{label}不能是{wanted}，现在是", "{label} must not be {wanted}, but it is"
    ),
    "not_choice_unknown": Text(
        "{label}不能是{wanted}，还不知道", "{label} must not be {wanted}; not known"
    ),
    "overlaps_held": Text("{label}有{wanted}（{value}）", "{label} include {wanted} ({value})"),
    "overlaps_failed": Text(
        "{label}应有{wanted}，现在为{value}", "{label} must include {wanted}; now: {value}"
    ),
    "overlaps_unknown": Text(
        "{label}应有{wanted}，还不知道", "{label} must include {wanted}; not known"
    ),
    "not_overlaps_held": Text(
        "{label}没有{wanted}（{value}）", "{label} do not include {wanted} ({value})"
    ),
    "not_overlaps_failed": Text(
        "{label}不能有{wanted}，现在为{value}", "{label} must not include {wanted}; now: {value}"
    ),
    "not_overlaps_unknown": Text(
        "{label}不能有{wanted}，还不知道", "{label} must not include {wanted}; not known"
    ),
    "comparison_held": Text(
        "{left}{sign}{right}（{finding}）", "{left} is {sign} {right} ({finding})"
    ),
    "comparison_failed": Text(
        "{left}应{sign}{right}，现在为{finding}", "{left} must be {sign} {right}; now: {finding}"
    ),
    "comparison_unknown": Text(
        "{left}应{sign}{right}，还不能确定（{finding}）",
        "{left} must be {sign} {right}; not certain yet ({finding})",
    ),
    "since_failed": Text(
        "{left}应{sign}{right}（{finding}）", "{left} must be {sign} {right} ({finding})"
    ),
}
SIGNS: dict[str, Text] = {
    "<": Text("低于", "below"),
    "<=": Text("不超过", "at most"),
    ">": Text("高于", "above"),
    ">=": Text("不低于", "at least"),
    "==": Text("等于", "equal to"),
    "!=": Text("不等于", "other than"),
    "since<": Text("不满", "less than"),
    "since<=": Text("不超过", "at most"),
    "since>": Text("超过", "more than"),
    "since>=": Text("满", "at least"),
    "since==": Text("正好为", "exactly"),
    "since!=": Text("不等于", "other than"),
    "day<": Text("早于", "before"),
    "day<=": Text("不晚于", "not after"),
    "day>": Text("晚于", "after"),
    "day>=": Text("不早于", "not before"),
    "day==": Text("是", "on"),
    "day!=": Text("不是", "not on"),
}
WAYS: dict[str, Text] = {
    "attested": Text("凭{certificate}认定", "shown by {certificate}"),
    "attested_not": Text("{certificate}写明不是", "{certificate} says no"),
    "attested_unknown": Text(
        "有没有{certificate}还不知道", "not known whether there is {certificate}"
    ),
    "received": Text("已在领取{items}", "{items} is already received"),
    "received_not": Text("没有在领取{items}", "{items} is not received"),
    "received_unknown": Text("是否在领取{items}还不知道", "not known whether {items} is received"),
    "granted": Text("{items}办成后", "once {items} is granted"),
    "granted_unknown": Text("要看{items}能否办成", "if {items} is granted"),
    "nothing": Text("这一天没有认定办法", "no way to qualify on this day"),
}
"""How a status comes about other than by its definition."""

FIGURES: dict[str, Text] = {
    "fact": Text("{label}：{value}", "{label}: {value}"),
    "quantity": Text("{label}：{formula} = {value}", "{label}: {formula} = {value}"),
    "parameter": Text("{label}：{value}（{window}）", "{label}: {value} ({window})"),
    "parameter_unpublished": Text(
        "{label}：没有公布（{reason}）", "{label}: not published ({reason})"
    ),
    "count_members": Text("{label}：{members}，共{value}", "{label}: {members}; {value}"),
    "sum_members": Text("{label}：{members}，合计{value}", "{label}: {members}; total {value}"),
    "elapsed": Text("{label}{start}，到{end}满{value}", "{label} {start}: {value} on {end}"),
    "constant": Text("{value}", "{value}"),
    "date": Text("{value}", "{value}"),
    "assessment_date": Text("评估日", "the assessment date"),
    "sum": Text("{left} + {right}", "{left} + {right}"),
    "difference": Text("{left} − {right}", "{left} − {right}"),
    "product": Text("{left} × {right}", "{left} × {right}"),
    "quotient": Text("{left} ÷ {right}", "{left} ÷ {right}"),
    "negative": Text("−{operand}", "−{operand}"),
    "rounded": Text("取整（{operand}）", "rounded ({operand})"),
    "least": Text("较小者（{parts}）", "the smallest of ({parts})"),
    "greatest": Text("较大者（{parts}）", "the largest of ({parts})"),
    "conditional": Text("视情况（{parts}）", "one of ({parts})"),
}
"""How numbers and dates read, and the formulas that they come from."""

SAYINGS: dict[str, Text] = {
    "member": Text("成员{place}", "member {place}"),
    "household": Text("全家", "household"),
    "heading": Text(
        "{item} · {benefit} — {subject}（{on}）", "{item} · {benefit} — {subject} ({on})"
    ),
    "against": Text("{left}，后者为{right}", "{left}, compared with {right}"),
    "amount": Text("金额：{amount}", "amount: {amount}"),
    "amount_formula": Text(
        "金额：{formula} = {value}，{amount}", "amount: {formula} = {value}, {amount}"
    ),
    "amount_unpublished": Text("金额没有公布", "the amount is not published"),
    "amount_undetermined": Text(
        "金额还算不出来，要看下面的数", "the amount cannot be calculated yet"
    ),
    "cap": Text("上限：{formula}", "at most: {formula}"),
    "rests_on": Text("依据：{sources}", "source: {sources}"),
    "note": Text("说明：{note}", "note: {note}"),
    "of": Text("{subject}：", "{subject}: "),
    "other_failures": Text("另有{count}项也不符合", "also not met: {count} more"),
    "others_met": Text("其余{count}项已符合", "the other {count} are met"),
    "others_failed": Text("另外{count}项不符合", "the other {count} are not met"),
    "not_needed": Text("（{mark} 表示得出结论时没有用到）", "({mark}: not needed for the answer)"),
    "fill_in": Text("填写：{path}", "fill in: {path}"),
    "unknown": Text("不知道", "not known"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "empty": Text("无", "none"),
    "or": Text("或", " or "),
    "and": Text("、", ", "),
    "window": Text("{start}至{end}", "{start} to {end}"),
    "window_from": Text("{start}起", "from {start}"),
    "window_until": Text("{end}止", "until {end}"),
    "always": Text("一直有效", "at all times"),
    "at_least": Text("至少{value}", "at least {value}"),
    "at_most": Text("最多{value}", "at most {value}"),
    "between": Text("{low}到{high}之间", "between {low} and {high}"),
    "source": Text("《{title}》{place}", "{title} {place}"),
    "graded": Text("{sources}，{grade}", "{sources}, {grade}"),
    "article": Text("第{number}条", "art. {number}"),
    "incomplete": Text("家庭成员没有列全", "not all members are listed"),
}
UNITS: dict[str, Text] = {
    "day": Text("天", "day"),
    "week": Text("周", "week"),
    "month": Text("个月", "month"),
    "year": Text("年", "year"),
    "person": Text("人", "person"),
}
PER: dict[str, Text] = {
    "day": Text("每天", "a day"),
    "week": Text("每周", "a week"),
    "month": Text("每月", "a month"),
    "year": Text("每年", "a year"),
    "person": Text("每人", "a person"),
}
"""How a unit reads after a number, and how it reads as the period or the head that a number is
for."""


def complete(table: dict[str, Text]) -> list[str]:
    """The keys of texts that are missing in a language, or that speak of other things in one than
    in the other."""
    return [
        key
        for key, text in table.items()
        if not text.zh or not text.en or sorted(_blanks(text.zh)) != sorted(_blanks(text.en))
    ]


def _blanks(template: str) -> list[str]:
    return re.findall(r"{(\w+)}", template)
