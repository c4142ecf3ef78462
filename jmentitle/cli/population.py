"""The command for whole populations: it has a file of its own because it prints what it wrote."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import cast

from jmentitle.cli.commands import DONE, open_pack


def population(options: Namespace) -> int:
    from jmentitle.render.population import totals_text

    pack = open_pack(options)
    found = pack.run_files(options.households, options.members, options.out, options.on, replace=options.replace)
    rows = found.item_totals().to_dicts()
    if options.format == "json":
        print(json.dumps({"folder": str(found.folder), "receipt": found.receipt, "items": rows}, ensure_ascii=False, indent=2))
        return DONE
    counted = {name: cast("int", found.receipt[name]) for name in ("households", "members")}
    sys.stdout.write(totals_text(pack.content, rows, counted, options.lang))
    print()
    for name in (*cast("dict[str, object]", found.receipt["files"]), "_complete.json"):
        print(found.folder / name)
    return DONE
