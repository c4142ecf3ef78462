"""The words of what-if tables, in Simplified Chinese and English."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("方案比较", "What-if comparison"),
    "population": ("{households} 户，{people} 人", "{households} households, {people} people"),
    "packs": ("之前：{before}；之后：{after}", "before: {before}; after: {after}"),
    "counts": (
        "新增符合 {gained} 人（户）次，不再符合 {lost} 人（户）次",
        "{gained} newly eligible, {lost} no longer eligible (counted once for each item and person or household)",
    ),
    "cost": (
        "全年支出从 {before} 元变为 {after} 元，变化 {change} 元（按下限）",
        "yearly cost: {after} CNY instead of {before}, a change of {change} (lower bounds)",
    ),
    "unclear": (
        "另有新增待定 {more} 人（户）次、待定减少 {less} 人（户）次，都不算进支出",
        "{more} newly undetermined, {less} no longer undetermined; neither is counted as cost",
    ),
    "by_item": ("按项目", "By item"),
    "by_domain": ("按领域", "By domain"),
    "same": ("两个方案的结果没有差别。", "The two packs give the same results."),
    "item": ("项目", "item"),
    "domain": ("领域", "domain"),
    "newly_eligible": ("新增符合", "newly eligible"),
    "no_longer_eligible": ("不再符合", "no longer eligible"),
    "newly_undetermined": ("新增待定", "newly undetermined"),
    "no_longer_undetermined": ("不再待定", "no longer undetermined"),
    "before_low": ("之前（元/年）", "before (CNY a year)"),
    "after_low": ("之后（元/年）", "after (CNY a year)"),
    "change_low": ("变化（元/年）", "change (CNY a year)"),
    "change_high": ("变化上限（元/年）", "change, upper bound (CNY a year)"),
    "sensitivity": ("{item}：{parameter}取不同值时", "{item}: as {parameter} varies"),
    "value": ("取值", "value"),
    "scale": ("倍数", "times"),
    "eligible": ("符合", "eligible"),
    "discretionary_count": ("由机关决定", "the office decides"),
    "undetermined_count": ("待定", "undetermined"),
    "low": ("支出下限（元/年）", "cost, lower bound (CNY a year)"),
    "high": ("支出上限（元/年）", "cost, upper bound (CNY a year)"),
    "discretionary": ("由机关决定的（元/年）", "the office decides (CNY a year)"),
    "undetermined": ("待定的（元/年）", "undetermined (CNY a year)"),
    "unknown": ("金额未知（份）", "amounts unknown"),
    "cliffs": ("{fact}再多1{unit}，一年会少多少", "Loss from 1 more{unit}: {fact}"),
    "no_cliffs": ("没有断崖：再多1{unit}，全年所得不会因此减少。", "No cliff: 1 more{unit} never reduces the yearly total."),
    "at": ("刚好到这里", "up to"),
    "loss": ("待遇减少（元/年）", "benefits lost (CNY a year)"),
    "one_more": ("再多1{unit}，全年净变化（元）", "net change in a year from 1 more{unit} (CNY)"),
    "items": ("涉及项目", "items"),
    "population_cliffs": ("{fact}普遍增加{by}{unit}", "{fact} raised by {by}{unit} for everyone"),
    "losing": (
        "{raised} 户因此增加，其中 {losing} 户全年反而减少，合计少 {lost} 元；{undetermined} 户因信息不全无法判断",
        "it rises in {raised} households; {losing} of them have less in a year, {lost} CNY in all; {undetermined} are undetermined",
    ),
    "households": ("户数", "households"),
    "for": ("对象", "for"),
    "fared": ("谁多得、谁少得：按{income}分组", "Winners and losers by {income}"),
    "per_head": ("1 组最低；按家庭人均分组；变化按下限", "group 1 is the lowest; by amount per household member; changes in lower bounds"),
    "not_per_head": ("1 组最低；按全家合计分组；变化按下限", "group 1 is the lowest; by amount of the whole household; changes in lower bounds"),
    "group": ("组", "group"),
    "income_from": ("从", "from"),
    "income_to": ("到", "to"),
    "winners": ("多得", "better off"),
    "losers": ("少得", "worse off"),
    "unchanged": ("不变", "unchanged"),
    "mean_change": ("平均变化（元/年）", "mean change (CNY a year)"),
    "total_change": ("合计变化（元/年）", "total change (CNY a year)"),
    "change": ("变化（元/年）", "change (CNY a year)"),
}  # fmt: skip


def both(language: str, zh: str, en: str) -> tuple[str, str]:
    """A text in the language, and the same in the other one."""
    return (zh, en) if language == "zh" else (en, zh)


def say(language: str, key: str, **values: object) -> tuple[str, str]:
    """One phrase in the language, and the same in the other one."""
    zh, en = WORDS[key]
    return both(language, zh.format(**values), en.format(**values))
