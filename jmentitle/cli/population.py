"""The commands for whole populations: from tables of households and members to decisions, take-up,
indicators and comparisons."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from jmentitle.api import Pack, load_pack
from jmentitle.cli.commands import DONE, open_pack
from jmentitle.errors import fail

if TYPE_CHECKING:
    from jmentitle.policy.run import Run


def population(options: Namespace) -> int:
    from jmentitle.render.population import totals_text

    pack = open_pack(options)
    result = pack.run_files(
        options.households, options.members, options.out, options.on, replace=options.replace
    )
    items = result.item_totals().to_dicts()
    benefits = result.totals().to_dicts()
    if options.format == "json":
        return _print(
            {
                "folder": str(result.folder),
                "receipt": result.receipt,
                "items": items,
                "benefits": benefits,
            }
        )
    counted = {name: cast("int", result.receipt[name]) for name in ("households", "members")}
    sys.stdout.write(totals_text(pack.content, items, benefits, counted, options.lang))
    print()
    for name in (*cast("dict[str, object]", result.receipt["files"]), "_complete.json"):
        print(result.folder / name)
    return DONE


def take_up(options: Namespace) -> int:
    from jmentitle.population import coverage

    run = _run(open_pack(options), options)
    result = coverage(run, options.item, **_one_group(options))
    if options.format == "json":
        return _print(
            _about(run) | {"items": result.items.to_dicts(), "domains": result.domains.to_dicts()}
        )
    sys.stdout.write(result.to_text(options.lang))
    return DONE


def indicators(options: Namespace) -> int:
    from jmentitle.population import indicators

    run = _run(open_pack(options), options)
    result = indicators(run, **_one_group(options))
    if options.format == "json":
        cannot = {name: {"zh": why.zh, "en": why.en} for name, why in result.why_not.items()}
        return _print(_about(run) | {"indicators": result.frame.to_dicts(), "cannot": cannot})
    sys.stdout.write(result.to_text(options.lang))
    return DONE


def what_if(options: Namespace) -> int:
    if not options.amend:
        fail(
            "JM027",
            "missing pack to compare with",
            path="--amend",
            expected="--amend FILE, once or more",
        )
    before = _run(load_pack(options.pack, options.overlay), options)
    after = open_pack(options).run(before.population, options.on)
    comparison = before.compare(after)
    groups = dict(_group_and_bands(text) for text in options.by)
    if options.format == "json":
        record: dict[str, object] = {
            "before": _about(before),
            "after": _about(after),
            "items": comparison.items().to_dicts(),
        }
        record |= {"groups": comparison.by(*groups, **groups).to_dicts()} if groups else {}
        record |= (
            {"winners": comparison.winners_and_losers(options.income).to_dicts()}
            if options.income
            else {}
        )
        return _print(record)
    tables_text = comparison.tables(*groups, **groups).to_text(options.lang)
    sys.stdout.write(
        "\n".join(
            [
                tables_text,
                *(
                    [comparison.winners_and_losers_report(options.income).to_text(options.lang)]
                    if options.income
                    else []
                ),
            ]
        )
    )
    return DONE


def _run(pack: Pack, options: Namespace) -> Run:
    return pack.run(pack.population(options.households, options.members, options.on), options.on)


def _one_group(options: Namespace) -> dict[str, Any]:
    name, bands = (None, None) if options.by is None else _group_and_bands(options.by)
    return {"by": name, "bands": bands}


def _group_and_bands(text: str) -> tuple[str, list[Any] | None]:
    """`age=18,60` as a name and its bands; what is no number is left for the library to refuse."""
    name, sign, bands = text.partition("=")
    return name, [_number(band) for band in bands.split(",")] if sign else None


def _number(text: str) -> object:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _about(run: Run) -> dict[str, object]:
    """The data needed to repeat a run."""
    content = run.pack.content
    people = run.population
    layers = [layer.id for layer in (*content.overlays, *content.amendments)]
    rules = {
        "pack": content.id,
        "pack_version": content.version,
        "pack_digest": run.pack.digest,
        "laid_over": layers,
        "on": run.on.isoformat(),
    }
    return rules | {"households": len(people), "members": len(people.member_ids)}


def _print(found: Mapping[str, object]) -> int:
    """JSON; money is exact, so it is written as text."""
    print(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    return DONE
