"""Figures of a small synthetic city for the small pack, in which tests replace one thing and see
what is said about it."""

from __future__ import annotations

from jmentitle.errors import PackError
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.pack.files import PackFile
from jmentitle.synthetic.marginals_reader import parse_marginals
from tests.support.small_pack import small_pack

CITY = """\
note: {zh: 合成数据, en: synthetic data}
on: 2018-06-01
families:
  birth_date_fact: birth_date
  synthetic: true
  share: {alone: 0.4, couple: 0.6}
  kinds:
    alone:
      members:
        elder: {age: {0: 60, 100: 90}}
    couple:
      members:
        husband: {older_than: wife, by: {0: -2, 100: 6}, partner: wife}
        wife: {age: {0: 25, 100: 80}, partner: husband}
household:
  district: {synthetic: true, share: {north: 0.5, south: 0.3, east: 0.2}}
  income: {synthetic: true, where: {any_member: {working: true}}, quantiles: {0: 1000, 50: 2000.5, 100: 9000}, step: 0.5}
person:
  lives_alone: {synthetic: true, cases: [{where: {role: elder}, value: true}, {value: false}]}
  rooms: {synthetic: true, quantiles: {0: 1, 100: 4}}
  illnesses: {synthetic: true, cases: [{where: {household.district: outer}, share: {stroke: 0.1, diabetes: 0.2}}, {value: []}]}
  working: {helper: truth, synthetic: true, where: {age: {from: 16, until: 59}}, share: 0.8}
  disabled: {cite: [circular], where: {rooms: [1, 2]}, same_as: working, partner: true}
receives:
  person:
    meals.grant: {synthetic: true, where: {age: {from: 60}}, share: 0.5}
"""


def small_city(old: str = "", new: str = "") -> str:
    """The figures with one thing replaced."""
    assert not old or CITY.count(old) == 1, old
    return CITY.replace(old, new) if old else CITY


def said_of(text: str) -> list[Diagnostic]:
    """Everything that is said about some figures."""
    try:
        parse_marginals([PackFile("city.yaml", text)], small_pack().content)
    except PackError as problem:
        return list(problem.diagnostics)
    return []
