"""The words of reports on populations, in Simplified Chinese and English. A test holds that both are complete."""

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
        "写成“甲–乙”的，是因为有的情况不详：不详的无论怎样，结果都在其间。",
        "Where it says a–b something is unknown: however it turns out, the result lies between.",
    ),
    "computed": ("能算的指标", "What can be computed"),
    "cannot": ("算不了的，以及原因", "What cannot be computed, and why"),
    "rate": ("{share}（{of}中的{counted}）", "{share}: {counted} of {of}"),
    "no_rate": ("没有涉及的人", "nobody is in question"),
    "undetermined": ("不详的有{count}", "not known of {count}"),
    "known_share": ("只看情况清楚的：{share}（不能代替总体）", "among those of whom it is known: {share} (no estimate of the others)"),
    "target": ("目标：{target}", "target: {target}"),
    "target_value": ("{by} 达到 {value}", "{value} by {by}"),
    "no_target": ("没有数值（{reason}）", "no figure ({reason})"),
    "source": ("依据：{sources}", "source: {sources}"),
    "persons": ("{count}人", "{count} persons"),
    "households": ("{count}户", "{count} households"),
    "due": ("符合条件 {count}", "due to {count}"),
    "after": ("办成别的以后符合 {count}", "to {count} more after other applications"),
    "discretionary": ("由经办机关决定 {count}", "left to the office for {count}"),
    "undecided": ("判断不了 {count}", "undetermined for {count}"),
    "receiving": ("在领 {count}，其中现在符合条件的 {due}", "received by {count}, {due} of whom it is due to now"),
    "not_due": ("在领但不符合条件 {count}", "received by {count} to whom it is not due"),
    "take_up": ("享受率 {share}", "take-up {share}"),
    "no_take_up": ("没有享受率：{reason}", "no take-up: {reason}"),
    "nobody_due": ("没有现在就符合条件的", "due to nobody now"),
    "receipts_unknown": (
        "不知道谁在领（数据里没有已享受的项目）",
        "it is not known who receives what (the frame has no such column)",
    ),
    "only_discretionary": ("都由经办机关决定，没有应享受的人数", "all left to the office: there is no number to whom it is due"),
    "everybody": ("人人可享", "for everybody"),
    "domains": (
        "按领域（不含人人可享的项目；一人符合几项算几次）",
        "By domain (without what is for everybody; who has several items counts for each)",
    ),
    "items": ("各项目", "Items"),
    "column_number": ("序号", "No."),
    "column_indicator": ("指标", "indicator"),
    "column_rate": ("结果", "result"),
    "column_of": ("分母", "of"),
    "column_counted": ("分子", "counted"),
    "column_undetermined": ("不详", "not known"),
    "column_target": ("目标", "target"),
    "column_source": ("依据", "source"),
    "column_why_not": ("为什么算不了", "why not"),
    "column_domain": ("领域", "domain"),
    "column_item": ("项目", "item"),
    "column_eligible": ("符合条件", "due now"),
    "column_after": ("办成别的以后", "after others"),
    "column_discretionary": ("由机关决定", "left to the office"),
    "column_undecided": ("判断不了", "undetermined"),
    "column_receiving": ("符合且在领", "due and received"),
    "column_not_due": ("在领但不符合", "received, not due"),
    "column_take_up": ("享受率", "take-up"),
}


def say(language: str, key: str, **values: object) -> str:
    """One phrase in the language (`zh` or `en`). Raises ValueError for another language."""
    zh, en = WORDS[key]
    return (zh if check(language) == "zh" else en).format(**values)


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def between(texts: Iterable[str]) -> str:
    """Two ends as one text: once where they read alike."""
    low, high = texts
    return low if low == high else f"{low}–{high}"
