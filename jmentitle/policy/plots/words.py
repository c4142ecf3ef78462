"""The words of plots, in Simplified Chinese and English. A test holds that both are complete."""

from __future__ import annotations

from jmentitle.render.words import check

WORDS: dict[str, tuple[str, str]] = {
    "pack": ("规则包：{name}", "pack: {name}"),
    "on": ("日期：{on}", "on {on}"),
    "size": ("{households} 户，{people} 人", "{households} households, {people} people"),
    "synthetic": ("合成数据，不描述任何真实的人", "synthetic data, not about real people"),
    "not_synthetic": ("实际数据", "administrative data"),
    "not_said": ("未说明数据是否合成", "whether the data are synthetic is not stated"),
    "coverage": ("享受率：各领域，按{by}", "Take-up by domain and {by}"),
    "coverage_note": (
        (
            "格中是符合条件的人次里已享受的比例；第二行是不详之处可能的上下限。不含人人可享的项目。"
            "“·”：没有符合条件的；“?”：没有一人的情况是清楚的。"
        ),
        (
            "Cells: share of eligible cases that receive the benefit; second line: bounds given the"
            " unknown facts. Without items for everyone. “·”: nobody is eligible; “?”: no case is"
            " fully known."
        ),
    ),
    "share_received": ("已享受的比例（%）", "share received (%)"),
    "budget": ("一年的金额：各项目", "Amount of each item in a year"),
    "million": ("百万元/年（对数刻度）", "million CNY a year (logarithmic)"),
    "budget_note": (
        (
            "实心点：已知部分的下限，横线到上限；空心点：再加上判断不了的人。▸：有的金额没有公布，"
            "实际更高。不含贷款。"
        ),
        (
            "Dot: lower bound, whisker: upper bound; hollow: with undetermined cases. ▸: some"
            " amounts are not published; the sum is higher. No loans."
        ),
    ),
    "budget_hidden": (
        "另有 {count} 个项目没有已公布的金额。",
        "{count} more items have no published amount.",
    ),
    "winners": ("谁多得、谁少得：按收入分组", "Winners and losers by income"),
    "group": ("按{label}分组，1 最低", "groups by {label}, 1 the lowest"),
    "income_of": ("收入", "income"),
    "households": ("户数", "households"),
    "income_unknown": ("收入不详", "not known"),
    "share_of_households": ("家庭的比例（%）", "share of households (%)"),
    "gain": ("多得", "better off"),
    "lose": ("少得", "worse off"),
    "same": ("不变", "unchanged"),
    "undetermined": ("判断不了", "undetermined"),
    "mean_change": ("平均变化（元/年）", "mean change (CNY a year)"),
    "cliffs": ("收入增加，待遇怎样变", "Benefits as income grows"),
    "a_month": ("{label}（元/月）", "{label} (CNY a month)"),
    "income": ("家庭收入（元/月）", "income of the household (CNY a month)"),
    "yearly": ("待遇（元/年）", "benefits (CNY a year)"),
    "fall": ("少 {amount} 元", "−{amount} CNY"),
    "falls_hidden": ("另有 {count} 处下降没有标出。", "{count} more falls are not marked."),
    "range_of": ("不详之处的范围", "range due to unknown facts"),
    "least": ("至少", "at least"),
    "ages": ("符合条件的比例：各项目，按{by}", "Share eligible for each item, by {by}"),
    "ages_note": (
        (
            "格中是该组的人里符合条件的百分比（现在就符合，或由经办机关决定）；“·”：不足0.5%。"
            "不含人人可享的和面向家庭的项目。"
        ),
        (
            "Cells: percent of the group eligible now or subject to the office's decision; “·”:"
            " less than 0.5. Only items for persons."
        ),
    ),
    "share_due": ("符合条件的比例（%）", "share eligible (%)"),
    "rule": ("{item}：依据什么，带来什么", "{item}: what it depends on and what it leads to"),
    "rule_note": (
        "白框：要填的情况；浅蓝框：由情况推算或者有凭证的身份和数值。虚线：有这种情形的不给。",
        (
            "White: facts; light blue: statuses and numbers, derived from facts or certified."
            " Dashed: rules the benefit out."
        ),
    ),
    "facts": ("推算用的情况", "facts used"),
    "definitions": ("条件直接看的", "conditions use"),
    "benefits": ("待遇", "benefits"),
    "grants": ("办成后的身份", "granted"),
    "opens": ("接着可以办", "leads to"),
    "more": ("另有 {count} 项", "{count} more"),
}


def say(language: str, key: str, **values: object) -> str:
    """One phrase in the language (`zh` or `en`). Raises ArgumentError for another one."""
    zh, en = WORDS[key]
    return (zh if check(language) == "zh" else en).format(**values)
