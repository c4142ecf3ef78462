"""Why and why not: proofs equal the engines' answers, rest on what they say they rest on, and read
in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from hypothesis import given

from jmentitle import InputError, Pack
from jmentitle.chain.outcome import NEVER, NOW
from jmentitle.chain.specification import World
from jmentitle.cli.main import main
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, UNKNOWN, TruthBounds
from jmentitle.pack.text import LANGUAGES
from jmentitle.profile.facts import Facts
from jmentitle.views.counterfactual.models import Counterfactuals
from jmentitle.views.explain import words
from jmentitle.views.explain.explanation import Explainer, Explanation
from jmentitle.views.explain.proof import (
    CONDITION_KINDS,
    FIGURE_KINDS,
    WAYS,
    Figure,
    Proof,
    parts,
    walk,
)
from tests.support.cases import cases, thinned
from tests.support.engines import engines
from tests.support.explained import CASES, DIBAO, VILLAGER, Explained, golden
from tests.support.families import FAMILIES, family
from tests.support.paths import EXAMPLES
from tests.support.random_packs import DICE, RandomPack, random_day, random_household

ANSWERS = {"eligible": TRUE, "discretionary": TRUE, "undetermined": UNKNOWN, "ineligible": FALSE}
UNKNOWN_RATES = (0.0, 0.1, 0.4, 0.8)
SOME = cases(15)


def explainers(dice: Random, engine_name: str = "native") -> Iterator[Explainer]:
    pack = RandomPack(dice).pack()
    for rate in UNKNOWN_RATES:
        on = random_day(dice)
        profile = pack.read(random_household(dice, pack, rate), on)
        yield Explainer(
            pack.ruleset(on), profile.facts, on, pack.decide(profile, on, engine_name=engine_name)
        )


# proofs


@pytest.mark.parametrize("engine_name", [*engines(), "specification"])
@pytest.mark.no_cover
@SOME
@given(dice=DICE)
def test_every_benefit_is_explained_as_the_engine_answered(engine_name: str, dice: Random) -> None:
    for explainer in explainers(dice, engine_name):
        found = list(explainer.all())
        people = len(explainer.facts.members)
        assert len(found) == len(explainer.outcome.household_benefits) + people * len(
            explainer.outcome.person_benefits
        )
        for one in found:
            layers, place = (
                explainer.outcome.layers_of(one.entity.member),
                explainer.outcome.benefits(one.entity.member).index(one.benefit.reference),
            )
            answer = (layers.certain[place] != NEVER, layers.possible[place] != NEVER)
            assert ANSWERS[one.decision] == answer
            assert answer == (TRUE if one.proof is None else one.proof.bounds)


@pytest.mark.no_cover
@SOME
@given(dice=DICE)
def test_the_needed_nodes_alone_determine_the_answer(dice: Random) -> None:
    for explainer in explainers(dice):
        for one in explainer.all():
            if one.proof is not None:
                for node, needed in walk(one.proof, everything=True):
                    if needed and isinstance(node, Proof):
                        assert again(node) == node.bounds == evaluated(node)


def again(proof: Proof) -> TruthBounds:
    """The answer worked out anew in Kleene's logic, with unknown in the place of every part that is
    not needed."""
    values = [
        child.bounds if needed else UNKNOWN
        for child, needed in parts(proof, needed=True, everything=True)
        if isinstance(child, Proof)
    ]
    complete = proof.entity.members_complete
    match proof.kind:
        case "all":
            return all(low for low, _ in values), all(high for _, high in values)
        case "any" | "status":
            return any(low for low, _ in values), any(high for _, high in values)
        case "none":
            return not any(high for _, high in values), not any(low for low, _ in values)
        case "any_member":
            return any(low for low, _ in values), any(high for _, high in values) or not complete
        case "all_members":
            return all(low for low, _ in values) and complete, all(high for _, high in values)
    return proof.bounds


def evaluated(proof: Proof) -> TruthBounds:
    return proof.bounds if proof.way is not None else evaluator.truth(proof.node, proof.entity)


@pytest.mark.no_cover
@SOME
@given(dice=DICE)
def test_the_facts_used_alone_determine_the_answer(dice: Random) -> None:
    """A household of which only the facts named by the needed nodes are known gets the same
    answer."""
    for explainer in explainers(dice):
        for one in explainer.all():
            if one.proof is None or one.layer != NOW:
                continue
            used = {(fact.member, fact.name) for node, _ in walk(one.proof) for fact in node.facts}
            facts = explainer.facts
            kept = [
                [
                    value if (member, name) in used else None
                    for name, value in zip(order, facts.row(member), strict=True)
                ]
                for member, order in (
                    (None, facts.order.household),
                    *((place, facts.order.person) for place in range(len(facts.members))),
                )
            ]
            known = Facts(facts.order, kept[0], kept[1:], facts.ids, facts.members_complete)
            entity = World(explainer.ruleset, known, explainer.on, {}).of(one.entity.member)
            assert entity.condition(one.benefit.reference) == one.proof.bounds


@pytest.mark.no_cover
@SOME
@given(dice=DICE)
def test_figures_equal_the_evaluator_and_of_two_branches_the_one_taken_is_needed(
    dice: Random,
) -> None:
    for explainer in explainers(dice):
        for one in explainer.all():
            for node, _ in walk(one.proof, everything=True) if one.proof is not None else ():
                if isinstance(node, Figure) and node.kind == "conditional":
                    test, *branches = node.because
                    assert isinstance(test, Proof)
                    assert (len(branches) == 1) == (test.bounds != UNKNOWN)
                elif isinstance(node, Figure) and not node.is_day:
                    assert node.bounds == evaluator.number(node.node, node.entity)


def test_what_comes_after_the_part_that_settles_is_not_evaluated(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = pack.explain(family(DIBAO), "senior_high_tuition_waiver", member="father")
    asked: list[tree.Node] = []
    truth = evaluator.truth
    monkeypatch.setattr(
        evaluator, "truth", lambda node, env: asked.append(node) or truth(node, env)
    )
    assert found.proof is not None
    assert found.proof.bounds == FALSE
    assert len(asked) == 1
    assert [child.kind for child in found.proof.because] == ["choice"]
    assert len(found.proof.children) == 3
    assert found.proof.children[0] is found.proof.because[0]


def test_no_representation_shows_a_value(pack: Pack) -> None:
    for found in pack.explain(family(VILLAGER), "destitute_support"):
        assert found.proof is not None
        shown = [
            repr(found),
            *(repr(node) + repr(node.facts) for node, _ in walk(found.proof, everything=True)),
        ]
        assert not [
            text for text in shown if "1934" in text or "zhongxiang" in text or "True" in text
        ]


def test_a_grant_names_what_opens_it(pack: Pack) -> None:
    (found,) = pack.explain(
        family(VILLAGER), "elderly_welfare_subsidy", benefit="poor_elderly_subsidy"
    )
    assert found.layer == 1
    assert found.after == ("minimum_living_guarantee.gap_payment",)


# the public entry


def test_explain_gives_every_benefit_for_everybody(pack: Pack) -> None:
    found = pack.explain(family(DIBAO), "disabled_living_and_care_subsidies")
    assert [(one.subject, one.benefit.name) for one in found] == [
        (member, benefit)
        for member in ("father", "mother", "daughter")
        for benefit in ("living_subsidy", "care_subsidy")
    ]
    assessment = pack.assess(family(DIBAO))
    for one in found:
        results = assessment.result(one.benefit.item, one.subject).benefits
        assert one.decision == next(
            result.decision for result in results if result.benefit == one.benefit.name
        )


def test_a_benefit_that_does_not_exist_on_the_day_says_so(pack: Pack) -> None:
    home = {"household": {}, "members": [{"id": "pupil", "school_stage": "senior_general"}]}
    (found,) = pack.explain(home, "senior_high_tuition_waiver", date(2016, 8, 31))
    assert (found.decision, found.in_force, found.proof) == ("ineligible", False, None)
    assert "2016-09-01起" in found.to_text("zh")
    assert "from 2016-09-01" in found.to_text("en")


@pytest.mark.parametrize(
    ("arguments", "words_of_it"),
    [
        ({"item": "disaster_releif"}, "did you mean: disaster_relief"),
        ({"item": "disaster_relief", "benefit": "nothing"}, "unknown benefit of `disaster_relief`"),
        ({"item": "disaster_relief", "member": "fathr"}, "did you mean: father"),
    ],
)
def test_unknown_names_are_errors(pack: Pack, arguments: dict[str, str], words_of_it: str) -> None:
    with pytest.raises(InputError, match=words_of_it):
        pack.explain(family(DIBAO), **arguments)


@pytest.mark.parametrize(("name", "everything"), [(DIBAO, False), (VILLAGER, True)])
def test_the_record_is_plain_and_complete(pack: Pack, name: str, everything: bool) -> None:
    for item in pack.content.items:
        for found in pack.explain(family(name), item):
            record = json.loads(json.dumps(found.to_dict(everything=everything)))
            assert record["decision"] == found.decision
            if record["proof"] is not None:
                assert record["proof"]["holds"] == {TRUE: True, FALSE: False}.get(
                    ANSWERS[found.decision]
                )
            nodes = list(below(record["proof"])) + (
                list(below(record["amount"]["formula"])) if record["amount"] else []
            )
            assert {text for node in nodes for text in node.get("cite", [])} <= set(
                record["sources"]
            )
            assert everything or all(node["needed"] for node in nodes)


def below(node: dict[str, object] | None) -> Iterator[dict[str, object]]:
    if node is not None:
        yield node
        for child in node.get("children", []):  # type: ignore[attr-defined]
            yield from below(child)


def test_the_record_shows_threshold_window_grade_and_fact(pack: Pack) -> None:
    (found,) = pack.explain(family(DIBAO), "minimum_living_guarantee", benefit="gap_payment")
    record = found.to_dict()
    nodes = list(below(record["proof"]))  # type: ignore[arg-type]
    standard = next(node for node in nodes if node.get("name") == "dibao_urban")
    assert (standard["low"], standard["unit"], standard["from"], standard["until"]) == (
        "620.00",
        "CNY/person/month",
        "2018-04-01",
        "2018-12-31",
    )
    assert record["sources"]["jingmen_4_2018"]["grade"] == "notice"  # type: ignore[index]
    assert {"path": "members[1].wage_income", "name": "wage_income", "value": "900.00"} in [
        fact for node in nodes for fact in node.get("facts", [])
    ]  # type: ignore[attr-defined]


# words


def test_the_words_are_complete_in_both_languages() -> None:
    tables = [
        words.LEADS,
        words.GROUPS,
        words.LEAVES,
        words.SIGNS,
        words.WAYS,
        words.FIGURES,
        words.SAYINGS,
        words.UNITS,
        words.PER,
    ]
    assert [words.complete(table) for table in tables] == [[]] * len(tables)


def test_every_kind_of_node_has_words() -> None:
    leaves = {"status": "truth", "fact": "truth", "choice": "choice", "overlaps": "overlaps"}
    groups = {
        "all": "all",
        "any": "any",
        "none": "all",
        "any_member": "some_member",
        "all_members": "every_member",
    }
    for kind in CONDITION_KINDS.values():
        if kind in groups:
            assert groups[kind] in words.GROUPS
        else:
            names = (
                [f"{negated}{leaves[kind]}" for negated in ("", "not_")]
                if kind in leaves
                else ["comparison"]
            )
            assert {
                f"{name}_{state}" for name in names for state in ("held", "failed", "unknown")
            } <= set(words.LEAVES)
    assert set(FIGURE_KINDS.values()) <= set(words.FIGURES)
    assert set(WAYS) <= set(words.WAYS)
    assert {
        f"{prefix}{sign}" for prefix in ("", "since", "day") for sign in tree.Comparator.__args__
    } == set(words.SIGNS)  # type: ignore[attr-defined]
    assert set(ANSWERS) <= set(words.LEADS)


@SOME
@given(dice=DICE)
def test_every_explanation_can_be_read_in_both_languages(dice: Random) -> None:
    for explainer in explainers(dice):
        for one in explainer.all():
            for everything in (False, True):
                zh, en = (one.to_text(language, everything=everything) for language in LANGUAGES)
                assert zh.count("\n") == en.count("\n")
                assert not chinese(en)
                assert "None" not in zh + en and "{" not in zh + en


@pytest.mark.no_cover
def test_every_explanation_of_the_shipped_pack_can_be_read(pack: Pack) -> None:
    for name in thinned(FAMILIES, 3):
        for found in every(pack, name):
            zh, en = (found.to_text(language) for language in LANGUAGES)
            assert not chinese(en), found
            assert zh.count("\n") == en.count("\n")


def every(pack: Pack, name: str) -> Iterator[Explanation]:
    profile = pack.read(family(name))
    assert profile.on is not None
    yield from Explainer(
        pack.ruleset(profile.on), profile.facts, profile.on, pack.decide(profile, profile.on)
    ).all()


def chinese(text: str) -> list[str]:
    """Lines with Chinese in them; the numbers of documents have no other form."""
    return [
        line
        for line in text.splitlines()
        if re.search(r"[\u4e00-\u9fff]", re.sub(r"\w+〔\d{4}〕\d+号", "", line))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_wording(pack: Pack, case: Explained, language: str) -> None:
    assert case.text(pack, language) == golden(case, language).read_text(encoding="utf-8")


def test_the_golden_files_are_short_enough_to_review() -> None:
    for case in CASES:
        for language in LANGUAGES:
            assert len(golden(case, language).read_text(encoding="utf-8").splitlines()) <= 30


# command line


def test_why_prints_the_tree_and_why_not_says_that_nothing_stands_in_the_way(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [
        "minimum_living_guarantee",
        str(EXAMPLES / f"{DIBAO}.yaml"),
        "--benefit",
        "gap_payment",
    ]
    assert main(["why", *arguments]) == 0
    why = capsys.readouterr().out
    assert "620 × 3 − 900 = 960，每月960元" in why
    assert main(["why-not", *arguments]) == 0
    assert capsys.readouterr().out.replace("没有排除它的情形。", "") == why


def test_why_not_says_what_would_open_it_and_why_does_not_look_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [
        "disabled_living_and_care_subsidies",
        str(EXAMPLES / f"{DIBAO}.yaml"),
        "--member",
        "mother",
        "--benefit",
        "care_subsidy",
    ]
    assert main(["why-not", *arguments, "--lang", "en"]) == 0
    assert (
        "  How to become eligible (any one of these):\n    • the family can do it: disability"
        " grade: must be" in capsys.readouterr().out
    )
    assert main(["why-not", *arguments, "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["explanations"]
    assert Counterfactuals.model_validate(record["counterfactuals"]).of("mother").suggestions
    monkeypatch.setattr("jmentitle.views.counterfactual.find.counterfactuals", None)
    assert main(["why", *arguments, "--lang", "en"]) == 0
    assert "would open" not in capsys.readouterr().out


def test_why_all_shows_more_and_json_is_the_same_in_every_engine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [
        "why",
        "disabled_living_and_care_subsidies",
        str(EXAMPLES / f"{DIBAO}.yaml"),
        "--member",
        "mother",
    ]
    main(arguments)
    short = capsys.readouterr().out
    main([*arguments, "--all"])
    assert len(capsys.readouterr().out) > 2 * len(short)
    printed = set()
    for engine_name in [*engines(), "specification"]:
        main([*arguments, "--format", "json", "--engine", engine_name])
        printed.add(capsys.readouterr().out)
    (text,) = printed
    assert {one["subject"] for one in json.loads(text)["explanations"]} == {"mother"}


def test_traditional_characters(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "why",
        "elderly_welfare_subsidy",
        str(EXAMPLES / f"{VILLAGER}.yaml"),
        "--lang",
        "zh-Hant",
    ]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "老年人福利補貼 · 高齡津貼" in out
    assert not set(out) & set("补贴龄户县为")
    for command in (
        ["items"],
        ["item", "disaster_relief"],
        ["facts"],
        ["assess", str(EXAMPLES / f"{VILLAGER}.yaml")],
    ):
        assert main([*command, "--lang", "zh-Hant"]) == 0
        assert not set(capsys.readouterr().out) & set("补贴龄户县为")
    assert main([*arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["explanations"][0]["subject"] == "villager"
