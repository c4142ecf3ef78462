"""The words of texts, in Simplified Chinese and English, and the forms of amounts and dates. A test
holds that both languages are complete."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jmentitle.assessment.models import Amount, Label, Volume
from jmentitle.language import arguments
from jmentitle.language.decimals import digits
from jmentitle.pack.text import LANGUAGES
from jmentitle.views.explain.words import PER, UNITS

WORDS: dict[str, tuple[str, str]] = {
    "title": ("{pack}：评估结果", "{pack}: what this household is entitled to"),
    "on": ("评估日期：{on}", "Assessed on {on}"),
    "now_money": ("现在就可以申请：补贴、减免和待遇", "You can apply now: money and fee waivers"),
    "now_services": ("现在就可以办：服务和保障", "Available now: services and coverage"),
    "later": ("办成后才能申请", "Available after another application"),
    "received": ("已经在领", "Already received"),
    "missing": ("还缺这些信息", "Information we still need"),
    "missing_lead": ("还有 {count} 项现在判断不了，请先弄清下面的情况（越靠前越有用）：", "We need these answers to decide {count} more items (most useful first):"),
    "missing_more": ("另外还有 {count} 项没有填，先答上面的；全部见 JSON 格式的结果。", "{count} more facts are unknown; answer these first. The JSON result lists them all."),
    "values_more": ("另外还有 {count} 项。", "and {count} more."),
    "unpublished": ("没有查到公布的数额或标准", "Amounts and limits that are not published"),
    "conflicts": ("不能都要，需要选择", "You cannot receive all of these: choose"),
    "discrepancies": ("证件与所填情况不一致", "Certificates that do not match the facts"),
    "universal": ("人人可享的服务", "Services for everyone"),
    "closed": ("目前不符合条件的", "Not eligible at present"),
    "nothing": ("没有。", "None."),
    "discretionary": ("可以申请，由经办机关审核决定", "you can apply; the office decides"),
    "after": ("先办：{items}", "apply first for: {items}"),
    "see": ("去哪里办、带什么，见上面第{number}项。", "where to go and what to bring: see number {number} above."),
    "everybody": ("每位成员", "every member"),
    "received_already": ("（已经在领）", "(already received)"),
    "where": ("去哪里办：{offices}", "where to apply: {offices}"),
    "decides": ("谁审批：{offices}", "who decides: {offices}"),
    "helps": ("可以找谁帮忙：{offices}", "who can help: {offices}"),
    "hotline": ("热线 {numbers}", "hotline {numbers}"),
    "phone": ("电话 {number}", "phone {number}"),
    "address": ("地址：{address}", "address: {address}"),
    "bring": ("带上：{documents}", "bring: {documents}"),
    "how": ("怎么办：{how}", "how to apply: {how}"),
    "ask": ("问{who}：{question}", "ask {who}: {question}"),
    "path": ("填写：{path}", "fill in: {path}"),
    "evidence": ("凭证：{documents}", "proof: {documents}"),
    "settled_by": ("可以问：{office}", "ask: {office}"),
    "exclusive": ("只能选一项：", "choose only one:"),
    "higher": ("按高的一项发：", "only the higher one is paid:"),
    "unsettled": ("能不能同时领，请先问清办理的单位：", "ask the office whether you can receive both:"),
    "yearly": ("一年 {amount} 元", "{amount} CNY a year"),
    "worth_most": ("钱较多的是：{name}", "worth more: {name}"),
    "attested": ("{subject}：“{label}”，证件上写的是“{attested}”，按所填情况推算是“{derived}”。这里以证件为准，请核对。", "{subject}: {label}: the certificate says {attested}, the facts say {derived}. We used the certificate; please check."),
    "yes": ("属于", "yes"),
    "no": ("不属于", "no"),
    "due": ("现在该做（做过的不用再做）", "due now, unless already done"),
    "next": ("下一步", "next"),
    "grade": ("依据：{grade}", "based on: {grade}"),
    "plan": ("本市规划", "the city's plan"),
    "statute": ("法律法规", "statute"),
    "notice": ("政府文件", "official notice"),
    "press": ("新闻报道等公开材料，请向经办机关核实", "press report; please confirm with the office"),
    "recalled": ("未见原文，请向经办机关核实", "original text not seen; please confirm with the office"),
    "proposal": ("这是修改方案，不是现行规定", "this is a proposal, not a rule in force"),
    "exact": ("{period}{low}元", "{low} CNY{period}"),
    "at_least": ("{period}不低于{low}元", "at least {low} CNY{period}"),
    "at_most": ("{period}最高{high}元", "at most {high} CNY{period}"),
    "between": ("{period}{low}元到{high}元", "between {low} and {high} CNY{period}"),
    "amount_unpublished": ("金额由当地确定，没有查到公布的数", "amount set locally; no published figure found"),
    "amount_undetermined": ("还缺的信息补齐后，才能算出金额", "the amount depends on information we still need"),
    "per_day": ("每天", " a day"),
    "per_week": ("每周", " a week"),
    "per_month": ("每月", " a month"),
    "per_year": ("每年", " a year"),
    "per_once": ("一次性", " once"),
    "per_whole": ("", ""),
    "lasts": ("，最长{count}{unit}", ", for at most {count} {unit}"),
    "lasts_whole": ("（{count}{unit}）", " ({count} {unit})"),
    "per_unit": ("每{unit}", "a {unit}"),
    "day": ("天", "days"),
    "week": ("周", "weeks"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
    "receipt": ("评估凭据", "Receipt"),
    "receipt_line": ("引擎 {engine}，程序 {package}，规则包 {pack} {version}（{digest}），输入 {input}，结果 {result}", "engine {engine}, package {package}, pack {pack} {version} ({digest}), input {input}, result {result}"),
    "no_steps": ("各项互不影响，都可以现在申请。", "No item depends on another: you can apply for all of them now."),
    "alone": ("另有 {count} 项不用等别的，也不影响别的。", "{count} more items do not depend on another, and no other depends on them."),
    "later_picture": ("办成一项能再办什么（图）", "Which item leads to which (picture)"),
    "household": ("全家", "the household"),
    "one_member": ("一位成员", "one member"),
    "is_eligible": ("符合", "eligible"),
    "is_discretionary": ("可以申请，由经办机关审核决定", "you can apply; the office decides"),
    "is_undetermined": ("还不能判断", "not yet known"),
    "is_ineligible": ("不符合", "not eligible"),
    "column_benefit": ("待遇", "benefit"),
    "column_decision": ("结果", "decision"),
    "column_amount": ("金额", "amount"),
    "column_after": ("先办", "apply first for"),
    "column_missing": ("还缺", "still needed"),
    "column_number": ("序号", "no."),
    "column_item": ("项目", "item"),
    "column_domain": ("领域", "domain"),
    "column_id": ("标识", "id"),
    "items": ("全部 {count} 项", "All {count} items"),
    "pack_line": ("版本 {version}，适用于 {first} 至 {last}，摘要 {digest}", "version {version}, in force from {first} to {last}, digest {digest}"),
    "pack_amended": ("修改方案，不是现行规定：{names}", "A proposal, not the rules in force: {names}"),
    "letter_title": ("您家可以申请的待遇", "What your household can apply for"),
    "letter_to": ("写给：{members}（为保护隐私，信里不写姓名）", "For: {members} (names are left out for privacy)"),
    "letter_to_many": ("写给：{members}等{count}位成员（为保护隐私，信里不写姓名）", "For: {members} and others, {count} members in all (names are left out for privacy)"),
    "letter_on": ("{pack}，{on}评估", "{pack}, assessed on {on}"),
    "letter_now": ("现在就可以申请", "You can apply now"),
    "letter_none": ("按现在所填的情况，还没有可以申请的补贴和减免。", "From what is known now, there is no money or fee waiver to apply for."),
    "letter_at": ("到{offices}", "At {offices}"),
    "letter_left_out": ("还有 {count} 项也可以申请，这一页写不下：{names}。", "You can also apply for {count} more that did not fit on this page: {names}."),
    "letter_discretionary": ("批不批由办理的单位决定", "the office decides"),
    "letter_amount_unpublished": ("金额请问窗口", "ask the office for the amount"),
    "letter_services": ("还可以办的服务和保障（一般不发钱）", "Services and coverage you can also get (most pay no money)"),
    "letter_more": ("，另有 {count} 项", ", and {count} more"),
    "letter_count": ("共 {count} 项", "{count} in all"),
    "letter_end": ("。", ". "),
    "letter_universal": ("另外还有人人可享的服务 {count} 项。", "{count} services are open to everyone."),
    "letter_after": ("“{items}”办成以后，还可以申请：", "Once you are granted {items}, you can also apply for:"),
    "letter_more_items": ("另外还有 {count} 项，可以问工作人员。", "{count} more; ask the caseworker."),
    "letter_more_choices": ("另外还有 {count} 处要选择，选之前请问工作人员。", "{count} more choices; ask the caseworker before you choose."),
    "letter_missing": ("请告诉工作人员", "Please tell the caseworker"),
    "letter_questions": ("还有 {count} 项现在判断不了。先弄清下面几个问题，最有用：", "We cannot decide {count} items yet. These answers help most:"),
    "letter_bring": ("带上（有哪样带哪样）：{documents}", "bring whichever of these you have: {documents}"),
    "letter_ask": ("{question}（{who}知道）", "{question} (ask {who})"),
    "letter_full": ("这一页只写了要紧的。想看全部结果，请把编号 {receipt} 告诉工作人员，请他打印。", "This page shows only what matters most. For the full result, give the caseworker this number and ask for a printout: {receipt}."),
    "contact": ("咨询电话", "Phone numbers"),
    "or": ("，或者", "; or "),
    "either": ("或者", " or "),
    "disclaimer": ("这是按所填的情况和公开的规定算出来的，最后以办理的单位审核为准。", "This result is calculated from the facts given and the published rules. The office makes the final decision."),
}  # fmt: skip


def check(language: str) -> str:
    """The language, if there are words in it. Raises ArgumentError (JM073)."""
    return arguments.one_of(language, LANGUAGES, "language")


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
    return f"{int(value):,}" if value == int(value) else f"{value:,.2f}"


def say_date(language: str, day: date) -> str:
    return (
        f"{day.year}年{day.month}月{day.day}日"
        if language == "zh"
        else f"{day.day} {day:%B} {day.year}"
    )


def say_amount(language: str, amount: Amount) -> str:
    """An amount in words: what is paid, for which time.

    Arguments:
        language: `zh` or `en`.
        amount: The amount of a benefit's result.
    Returns:
        The words.
    Example:
        >>> from jmentitle.render import say_amount
        >>> benefit = assessment.result("elderly_welfare_subsidy", "grandmother").benefits[0]
        >>> say_amount("en", benefit.amount)
        'amount set locally; no published figure found'
    """
    if amount.certainty in ("unpublished", "undetermined"):
        return say(language, f"amount_{amount.certainty}")
    lasts = amount.lasts_high is not None and amount.lasts_unit is not None
    # A sum for a time, such as a loan or the pay of a leave, is neither paid again and again nor at
    # once.
    whole = lasts and amount.period is None
    period = say(language, "per_whole" if whole else f"per_{amount.period or 'once'}")
    text = say(
        language, amount.certainty, period=period, low=money(amount.low), high=money(amount.high)
    )
    if lasts:
        text += say(
            language,
            "lasts_whole" if whole else "lasts",
            count=amount.lasts_high,
            unit=say(language, str(amount.lasts_unit)),
        )
    return text


def say_volume(language: str, volume: Volume, units: dict[str, Label]) -> str:
    """4 visits a year. `units` are the pack's names of units beyond those of time and people."""
    assert volume.low is not None
    low, high = (digits(number, ",") for number in (volume.low, volume.high or volume.low))
    number = low if low == high else f"{low}–{high}"
    base, *heads = volume.unit.split("/")
    unit_names = {name: text.in_language(language) for name, text in UNITS.items()}
    unit_names |= {name: label.in_language(language) for name, label in units.items()}
    name = "" if base == "none" else unit_names.get(base, base)
    per = [
        PER[head].in_language(language)
        if head in PER
        else say(language, "per_unit", unit=unit_names.get(head, head))
        for head in heads
    ]
    if language == "zh":
        return "".join([*per, number, name])
    return " ".join(
        part for part in (number, name if number == "1" or not name else f"{name}s", *per) if part
    )
