"""The words of reports on populations, in Simplified Chinese and English. A test holds that both
are complete."""

from __future__ import annotations

from collections.abc import Iterable

from jmentitle.render.words import check

WORDS: dict[str, tuple[str, str]] = {
    "indicators": ("{pack}：规划指标", "{pack}: the indicators of the plan"),
    "coverage": ("{pack}：覆盖和享受情况", "{pack}: coverage and take-up"),
    "on": ("日期：{on}", "On {on}"),
    "size": ("{households} 户，{people} 人", "{households} households, {people} people"),
    "by": ("分组：{name}", "By {name}"),
    "ranges": (
        "写成“甲–乙”的，是因为有的情况不详。不管实际怎样，结果都在这个范围内。",
        (
            "A range a–b means that some facts are unknown: whatever they are, the result is within"
            " the range."
        ),
    ),
    "computed": ("能算的指标", "What can be computed"),
    "cannot": ("算不了的，以及原因", "What cannot be computed, and why"),
    "rate": ("{share}（{of}中的{counted}）", "{share}: {counted} of {of}"),
    "no_rate": ("没有涉及的人", "nobody in the denominator"),
    "undetermined": ("不详的有{count}", "not known for {count}"),
    "known_share": (
        "只看情况清楚的：{share}（不能代替总体）",
        "known cases only: {share} (not an estimate for the rest)",
    ),
    "target": ("目标：{target}", "target: {target}"),
    "target_value": ("{by} 达到 {value}", "{value} by {by}"),
    "no_target": ("没有数值（{reason}）", "no figure ({reason})"),
    "source": ("依据：{sources}", "source: {sources}"),
    "persons": ("{count}人", "{count} persons"),
    "households": ("{count}户", "{count} households"),
    "due": ("符合条件 {count}", "eligible now: {count}"),
    "after": ("办成别的以后符合 {count}", "eligible after other applications: {count} more"),
    "discretionary": ("由经办机关决定 {count}", "the office decides: {count}"),
    "undecided": ("判断不了 {count}", "undetermined: {count}"),
    "receiving": (
        "在领 {count}，其中现在符合条件的 {due}",
        "receiving: {count}, of these eligible now: {due}",
    ),
    "not_due": ("在领但不符合条件 {count}", "receiving but not eligible: {count}"),
    "take_up": ("享受率 {share}", "take-up {share}"),
    "no_take_up": ("没有享受率：{reason}", "no take-up: {reason}"),
    "nobody_due": ("没有现在就符合条件的", "nobody is eligible now"),
    "receipts_unknown": (
        "不知道谁在领（数据里没有已享受的项目）",
        "not known who receives what (the data have no such column)",
    ),
    "only_discretionary": (
        "都由经办机关决定，没有应享受的人数",
        "the office decides on all of it, so the number of eligible people is not defined",
    ),
    "everybody": ("人人可享", "for everyone"),
    "domains": (
        "按领域（不含人人可享的项目；一人符合几项算几次）",
        "By domain (without items for everyone; a person counts once for each item)",
    ),
    "items": ("各项目", "Items"),
    "column_number": ("序号", "No."),
    "column_indicator": ("指标", "indicator"),
    "column_rate": ("结果", "result"),
    "column_of": ("分母", "denominator"),
    "column_counted": ("分子", "numerator"),
    "column_undetermined": ("不详", "not known"),
    "column_target": ("目标", "target"),
    "column_source": ("依据", "source"),
    "column_why_not": ("为什么算不了", "why not"),
    "column_domain": ("领域", "domain"),
    "column_item": ("项目", "item"),
    "column_eligible": ("符合条件", "eligible now"),
    "column_after": ("办成别的以后", "eligible after other applications"),
    "column_discretionary": ("由机关决定", "the office decides"),
    "column_undecided": ("判断不了", "undetermined"),
    "column_receiving": ("符合且在领", "eligible and receiving"),
    "column_not_due": ("在领但不符合", "receiving, not eligible"),
    "column_take_up": ("享受率", "take-up"),
}


def say(language: str, key: str, **values: object) -> str:
    """One phrase in the language (`zh` or `en`). Raises ArgumentError for another one."""
    zh, en = WORDS[key]
    return (zh if check(language) == "zh" else en).format(**values)


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def between(texts: Iterable[str]) -> str:
    """A range as text; a single figure if both ends read the same."""
    low, high = texts
    return low if low == high else f"{low}–{high}"
