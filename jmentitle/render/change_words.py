"""The words of timelines and differences, in Simplified Chinese and English, and the words for the
standing of a benefit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jmentitle.assessment.models import Amount, Label
from jmentitle.render.words import join, say_amount

WORDS: dict[str, tuple[str, str]] = {
    "timeline_title": ("{pack}：今后会有哪些变化", "{pack}: coming changes"),
    "timeline": ("今后会有哪些变化", "Coming changes"),
    "timeline_days": ("{start}之后，到{end}为止。假定所填情况（收入、上学、就业等）不变，只看时间带来的变化。", "After {start}, until {end}. We assume that the facts (income, school, work …) stay as given and only time passes."),
    "timeline_cut": ("规则只收录到{end}，之后的变化还不知道。", "The rules are known only until {end}; later changes are not known."),
    "timeline_nothing": ("这段时间里没有变化。", "Nothing changes in this period."),
    "because": ("原因：{reasons}", "because: {reasons}"),
    "was": ("{name}：{before} → {now}", "{name}: {before} → {now}"),
    "volume": ("{name}：数量 {before} → {now}", "{name}: number {before} → {now}"),
    "due": ("{name}：该做{due}", "{name}: now due: {due}"),
    "no_longer_in_question": ("不再有可能：{items}", "no longer possible: {items}"),
    "in_question": ("现在有可能，要看还没填的情况：{items}", "now possible, but it depends on facts not yet known: {items}"),
    "nothing_due": ("{name}：目前没有到期的安排", "{name}: nothing due at present"),
    "eligible": ("符合条件", "eligible"),
    "discretionary": ("可以申请（由经办机关决定）", "you can apply (the office decides)"),
    "undetermined": ("还不能判断", "not yet known"),
    "ineligible": ("不符合条件", "not eligible"),
    "absent": ("没有这一项", "does not exist"),
    "first": ("先办{items}", "after {items}"),
    "diff_title": ("两次评估的比较", "Comparison of two assessments"),
    "diff_same": ("结果没有差别。", "The results are the same."),
    "causes": ("两次评估的依据有这些不同：", "The two assessments differ in what they are based on:"),
    "causes_many": ("依据有多处不同，哪一处引起哪个变化，从记录中分不出来。", "Several things differ; the records do not show which of them caused which change."),
    "causes_none": ("两次的依据相同。", "Both are based on the same."),
    "facts": ("所填的家庭情况（内容不显示）", "the facts given (not shown)"),
    "day": ("评估日期：{left} → {right}", "the day of assessment: {left} → {right}"),
    "pack": ("规则包：{left} → {right}", "the pack: {left} → {right}"),
    "overlay": ("地方补充、修改方案：{left} → {right}", "the overlays and amendments: {left} → {right}"),
    "package": ("程序版本：{left} → {right}", "the package: {left} → {right}"),
    "engine": ("引擎：{left} → {right}", "the engine: {left} → {right}"),
    "none": ("无", "none"),
    "missing_now": ("还要知道：{paths}", "now depends on: {paths}"),
    "missing_no_more": ("不再需要：{paths}", "no longer depends on: {paths}"),
    "received_now": ("已经在领", "already received"),
    "received_no_more": ("不再领取", "no longer received"),
    "offices": ("去哪里办：{left} → {right}", "where to go: {left} → {right}"),
    "office_details": ("{offices}：电话、热线、地址等有变化", "{offices}: phone, hotline, address or other details differ"),
    "details": ("以下各项的结论、金额和机构没有变，只是说明、依据等不同：{items}", "Same decision, amount and offices; only notes, sources or other details differ: {items}"),
    "also": ("其他不同：{fields}", "also different: {fields}"),
    "elsewhere": ("另外不同：{fields}", "Other differences: {fields}"),
    "field_amount": ("金额的详情", "details of the amount"),
    "field_missing": ("缺的情况", "missing information"),
    "field_unpublished": ("未公布的数", "unpublished values"),
    "field_after": ("先办什么", "what to apply for first"),
    "field_received": ("是否在领", "whether it is received"),
    "field_decision": ("结论", "decision"),
    "field_offices": ("办理机构", "offices"),
    "field_documents": ("材料", "documents"),
    "field_how": ("办理办法", "how to apply"),
    "field_information": ("说明", "information"),
    "field_gaps": ("未公布的内容", "unpublished details"),
    "field_grade": ("依据的等级", "grade of the source"),
    "field_sources": ("依据", "sources"),
    "field_schedule": ("时间安排", "schedule"),
    "field_volume": ("数量", "number"),
    "field_pathway": ("办理顺序", "order of applications"),
    "field_conflicts": ("不能同时领的待遇", "benefits that exclude each other"),
    "field_discrepancies": ("证件与情况不一致", "certificates that do not match the facts"),
    "field_other": ("文字", "wording"),
}  # fmt: skip


def say(language: str, key: str, **values: object) -> str:
    """One phrase in the language (`zh` or `en`)."""
    zh, en = WORDS[key]
    return (zh if language == "zh" else en).format(**values)


def say_standing(
    language: str,
    decision: str | None,
    amount: Amount | None,
    after: Iterable[str],
    names: Mapping[str, Label],
) -> str:
    """The state of a benefit: “eligible, 50 CNY a month, after …”. An amount replaces the word
    “eligible”."""
    parts = (
        []
        if decision == "eligible" and amount is not None
        else [say(language, decision or "absent")]
    )
    if amount is not None:
        parts.append(say_amount(language, amount))
    items = [names[item].in_language(language) for item in after]
    if items:
        parts.append(say(language, "first", items=join(language, items)))
    return ("，" if language == "zh" else ", ").join(parts)
