"""A small valid pack as texts, in which tests replace one thing and see what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jmentitle.api import Pack
from jmentitle.author.examples import read_examples, run_example
from jmentitle.errors import PackError
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.pack import loader
from jmentitle.pack.files import PackFile

ON = date(2018, 6, 1)

FILES: dict[str, str] = {
    "pack.yaml": (
        """\
id: small
language: "1"
version: "1"
name: {zh: 小试, en: Small}
validity: {from: 2018-01-01, until: 2019-12-31}
units: {visit: {zh: 次, en: visit}}
domains: {care: {zh: 照料, en: Care}}
payers: {city: {zh: 市, en: city}}
answerers: {family: {zh: 家庭, en: the family}}
"""
    ),
    "sources.yaml": (
        """\
sources:
  circular: {grade: notice, issuer: {zh: 市民政局, en: civil affairs bureau}, title: {zh: 通知, en: Circular}}
"""
    ),
    "documents.yaml": (
        """\
documents:
  identity_card: {zh: 身份证, en: identity card}
  disability_card: {zh: 残疾证, en: disability card}
"""
    ),
    "offices.yaml": (
        """\
duties:
  desk: {zh: 受理, en: desk}
offices:
  counter:
    name: {zh: 窗口, en: counter}
    level: city
    duties: [{duty: desk}]
    phone: null
    address: null
    reason: {zh: 未公布, en: not published}
    cite: [circular]
"""
    ),
    "vocabulary/enums.yaml": (
        """\
enums:
  district:
    members: {north: {zh: 北, en: North}, south: {zh: 南, en: South}, east: {zh: 东, en: East}}
    groups: {outer: [south, east]}
  illness:
    members: {stroke: {zh: 中风, en: stroke}, diabetes: {zh: 糖尿病, en: diabetes}}
"""
    ),
    "vocabulary/facts.yaml": (
        """\
facts:
  household:
    district: {type: district, label: {zh: 区, en: district}, ask: {zh: 哪个区?, en: Which?}, who: family}
    income: {type: money, unit: CNY/month, label: {zh: 收入, en: income}, ask: {zh: 多少?, en: How much?}, who: family}
  person:
    birth_date: {type: date, label: {zh: 出生, en: birth}, ask: {zh: 何日?, en: When?}, who: family}
    lives_alone: {type: bool, label: {zh: 独居, en: alone}, ask: {zh: 独居吗?, en: Alone?}, who: family}
    rooms: {type: integer, unit: none, max: 9, label: {zh: 房间, en: rooms}, ask: {zh: 几间?, en: How many?}, who: family}
    illnesses: {type: set of illness, label: {zh: 疾病, en: illnesses}, ask: {zh: 哪些?, en: Which?}, who: family}
"""
    ),
    "vocabulary/statuses.yaml": (
        """\
statuses:
  senior:
    for: person
    label: {zh: 老年人, en: older person}
    when: age >= 60
    cite: [circular]
  disabled:
    for: person
    label: {zh: 残疾人, en: disabled person}
    certificate: disability_card
    cite: [circular]
  meals_recipient:
    for: person
    label: {zh: 助餐对象, en: receives meals}
    cite: [circular]
"""
    ),
    "vocabulary/quantities.yaml": (
        """\
quantities:
  age: {for: person, label: {zh: 年龄, en: age}, value: years_since(birth_date), unit: year, cite: [circular]}
"""
    ),
    "parameters/values.yaml": (
        """\
parameters:
  meal_grant:
    label: {zh: 助餐标准, en: meal grant}
    unit: CNY/month
    by: [household.district]
    values:
      - {until: 2018-12-31, value: {north: 100, outer: 80}, cite: [circular]}
      - {from: 2019-01-01, value: {north: 120, outer: null}, reason: {zh: 未公布, en: not published}, cite: [circular]}
  home_grant:
    label: {zh: 住房补, en: home grant}
    unit: CNY/year
    steps_of: rooms
    values:
      - {value: {0: 0, 2: 200, 4: 400}, cite: [circular]}
"""
    ),
    "conflicts.yaml": (
        """\
conflicts:
  meals_or_visits:
    kind: exclusive
    between: [meals.grant, visits]
    text: {zh: 二选一, en: one of the two}
    cite: [circular]
"""
    ),
    "items/care/meals.yaml": (
        """\
id: meals
number: 1
domain: care
name: {zh: 助餐, en: Meals}
for: person
reach: targeted
summary: {zh: 老年人助餐。, en: Meals for older people.}
cite: [circular]
when: senior
benefits:
  grant:
    name: {zh: 餐补, en: meal grant}
    kind: cash
    when: {all: [lives_alone, household.income <= 3000 CNY/month]}
    pays: {amount: meal_grant, payer: city}
    grants: [meals_recipient]
apply: {at: desk, bring: [identity_card], cite: [circular]}
given:
  household: {district: north, income: 1000}
examples:
  - name: an old woman alone
    on: 2018-06-01
    members: [{birth_date: 1950-01-01, lives_alone: true}]
    expect: {grant: 100 CNY/month}
"""
    ),
    "items/care/visits.yaml": (
        """\
id: visits
number: 2
domain: care
name: {zh: 探访, en: Visits}
for: person
reach: targeted
summary: {zh: 上门探访。, en: Visits at home.}
cite: [circular]
benefits:
  home:
    name: {zh: 探访, en: visits at home}
    kind: service
    when:
      any: [stroke in illnesses, disabled, rooms > 8]
      none: [meals_recipient]
    gives: {zh: 探访, en: visits}
    volume: {amount: 4, unit: visit/year}
    pays: {amount: home_grant}
apply: {at: desk, bring: [identity_card], cite: [circular]}
"""
    ),
}


def pack_files(overrides: Mapping[str, str | None] | None = None) -> tuple[PackFile, ...]:
    """The small pack with some files replaced or added; None leaves a file out."""
    texts: dict[str, str | None] = {**FILES, **(overrides or {})}
    return tuple(PackFile(path, text) for path, text in sorted(texts.items()) if text is not None)


def small_pack(overrides: Mapping[str, str | None] | None = None) -> Pack:
    files = pack_files(overrides)
    return Pack(loader.load(files), files)


def replaced(path: str, old: str, new: str) -> dict[str, str | None]:
    """One file in which `old`, which it holds exactly once, is `new`."""
    assert FILES[path].count(old) == 1, f"{old!r} is in {path} {FILES[path].count(old)} times"
    return {path: FILES[path].replace(old, new)}


def diagnostics_of(overrides: Mapping[str, str | None]) -> list[Diagnostic]:
    """Everything said about the pack: errors and warnings of loading, then what its examples
    show."""
    try:
        pack = small_pack(overrides)
    except PackError as problem:
        return list(problem.diagnostics)
    collector = Collector()
    ran = [run_example(pack, example, collector) for example in read_examples(pack, collector)]
    return [*pack.warnings, *collector, *(problem for one in ran for problem in one.problems)]


def write(folder: Path, overrides: Mapping[str, str | None] | None = None) -> Path:
    """The pack as a folder."""
    for file in pack_files(overrides):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return folder
