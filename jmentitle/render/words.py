"""The words of texts, in Simplified Chinese and English, and how amounts and dates are said. A test holds that both are complete."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jmentitle.assessment.models import Amount, Quantity

WORDS: dict[str, tuple[str, str]] = {
    "title": ("{pack}：评估结果", "{pack}: what this household is entitled to"),
    "on": ("评估日期：{on}", "Assessed on {on}"),
    "now_money": ("现在就可以申请：补贴、减免和待遇", "Can be applied for now: money and waivers"),
    "now_services": ("现在就可以办：服务和保障", "Can be had now: services and cover"),
    "later": ("办成后才能申请", "Opens after another application"),
    "received": ("已经在领", "Received already"),
    "missing": ("还缺这些信息", "What is still missing"),
    "missing_lead": ("还有 {count} 项要等下面的情况才能判断，越靠前越有用：", "{count} items wait for the following, the most useful first:"),
    "missing_more": ("另外还有 {count} 项没有填，先答上面的；全部见 JSON 格式的结果。", "{count} more facts are not known; answer these first. All are in the JSON result."),
    "values_more": ("另外还有 {count} 项。", "and {count} more."),
    "unpublished": ("没有查到公布的数额或标准", "Values that nobody published"),
    "conflicts": ("不能都要，需要选择", "Not all of these can be had: a choice"),
    "discrepancies": ("证件与所填情况不一致", "Certificates that contradict the facts"),
    "universal": ("人人可享的服务", "Services for everybody"),
    "closed": ("这次不符合条件的", "Not open this time"),
    "nothing": ("没有。", "None."),
    "discretionary": ("可以申请，由经办机关审核决定", "may be applied for; the office decides"),
    "after": ("先办：{items}", "first: {items}"),
    "where": ("去哪里办：{offices}", "where: {offices}"),
    "decides": ("谁审批：{offices}", "who decides: {offices}"),
    "helps": ("可以找谁帮忙：{offices}", "who helps: {offices}"),
    "hotline": ("热线 {numbers}", "hotline {numbers}"),
    "phone": ("电话 {number}", "phone {number}"),
    "address": ("地址：{address}", "address: {address}"),
    "bring": ("带上：{documents}", "bring: {documents}"),
    "how": ("怎么办：{how}", "how: {how}"),
    "ask": ("问{who}：{question}", "ask {who}: {question}"),
    "path": ("（填写：{path}）", "(fact: {path})"),
    "proof": ("凭证：{documents}", "proof: {documents}"),
    "settled_by": ("可以问：{office}", "ask: {office}"),
    "exclusive": ("只能选一项：", "only one of these:"),
    "higher": ("按高的一项发：", "the higher one is paid:"),
    "unsettled": ("没有文件写明能否同领，请向经办机关问清：", "no text settles whether both can be had; ask the office:"),
    "yearly": ("一年 {amount} 元", "{amount} CNY a year"),
    "worth_most": ("按金额看较高：{name}", "worth more: {name}"),
    "attested": ("{subject}：证件说“{label}”{attested}，所填情况推算{derived}。按证件计算，请核对。", "{subject}: the certificate says “{label}”: {attested}; the facts say: {derived}. The certificate was believed; please check."),
    "yes": ("属于", "yes"),
    "no": ("不属于", "no"),
    "due": ("现在该做", "due now"),
    "next": ("下一步", "next"),
    "grade": ("依据：{grade}", "rests on: {grade}"),
    "plan": ("本市规划", "the city's plan"),
    "statute": ("法律法规", "statute"),
    "notice": ("政府文件", "official notice"),
    "press": ("新闻报道等公开材料，请向经办机关核实", "press report; please confirm with the office"),
    "recalled": ("未见原文，请向经办机关核实", "the text was not seen; please confirm with the office"),
    "exact": ("{period}{low}元", "{low} CNY{period}"),
    "at_least": ("{period}不低于{low}元", "at least {low} CNY{period}"),
    "at_most": ("{period}最高{high}元", "at most {high} CNY{period}"),
    "between": ("{period}{low}元到{high}元", "between {low} and {high} CNY{period}"),
    "amount_unpublished": ("金额由当地确定，没有查到公布的数", "amount set locally; no published figure was found"),
    "amount_undetermined": ("金额要等上面缺的信息齐了才能算", "the amount depends on facts still missing"),
    "per_day": ("每天", " a day"),
    "per_month": ("每月", " a month"),
    "per_year": ("每年", " a year"),
    "per_once": ("一次性", " once"),
    "lasts": ("，最长{count}{unit}", ", for at most {count} {unit}"),
    "day": ("天", "days"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
    "receipt": ("评估凭据", "Receipt"),
    "receipt_line": ("引擎 {engine}，程序 {package}，规则包 {pack} {version}（{digest}），输入 {input}，结果 {result}", "engine {engine}, package {package}, pack {pack} {version} ({digest}), input {input}, result {result}"),
    "disclaimer": ("本结果依据所填情况和已公开的规定计算，最终以经办机关审核为准。", "Worked out from the facts given and the rules that are public; the office has the last word."),
}  # fmt: skip


def say(language: str, key: str, **values: object) -> str:
    """One phrase in the language (`zh` or `en`)."""
    zh, en = WORDS[key]
    return (zh if language == "zh" else en).format(**values)


def join(language: str, parts: list[str]) -> str:
    return ("、" if language == "zh" else ", ").join(parts)


def money(value: Decimal | None) -> str:
    """1,860 or 14.50: whole yuan without places."""
    if value is None:
        return "?"
    return f"{int(value):,}" if value == value.to_integral_value() else f"{value:,.2f}"


def say_date(language: str, day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B} {day.year}"


def say_amount(language: str, amount: Amount) -> str:
    """An amount as a family reads it."""
    if amount.certainty in ("unpublished", "undetermined"):
        return say(language, f"amount_{amount.certainty}")
    period = say(language, f"per_{amount.period or 'once'}")
    text = say(language, amount.certainty, period=period, low=money(amount.low), high=money(amount.high))
    if amount.lasts_high is not None and amount.lasts_unit is not None:
        text += say(language, "lasts", count=amount.lasts_high, unit=say(language, amount.lasts_unit))
    return text


def say_quantity(quantity: Quantity, units: dict[str, str]) -> str:
    """4 visits a year, with the pack's names of units."""
    number = quantity.low if quantity.low == quantity.high else None
    if number is None:
        return ""
    shown = f"{number.normalize():f}"
    return f"{shown} {'/'.join(units.get(unit, unit) for unit in quantity.unit.split('/'))}"
