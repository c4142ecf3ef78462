"""Record every golden text anew: `python -m tests.support.record`. Read the difference before
committing it."""

from __future__ import annotations

import os
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.render import test_render
from tests.support import explained, families, golden_messages
from tests.views import test_nearest, test_plan


def record_messages() -> None:
    """The messages of all codes; the mistakes that bring them about stay as they are."""
    for path in sorted(golden_messages.FOLDER.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for case in golden_messages.cases(path.stem):
            with TemporaryDirectory() as folder, chdir(folder):
                text = text.replace(as_content(case.says), as_content(case.said(Path(folder))), 1)
        path.write_text(text, encoding="utf-8")


def as_content(says: str) -> str:
    """A message as a golden file holds it."""
    return "\nsays\n" + "\n".join(f"| {line}".rstrip() for line in says.splitlines()) + "\n"


def main() -> None:
    pack = families.shipped()
    families.write_golden(pack)
    explained.write_golden(pack)
    test_render.write_golden(
        pack, lambda file, text: (test_render.GOLDEN / file).write_text(text, encoding="utf-8")
    )
    for module in (test_plan, test_nearest):
        module.path_of_golden().write_text(module.golden(pack), encoding="utf-8")
    record_messages()


if __name__ == "__main__":
    with TemporaryDirectory() as cache:
        os.environ["JMENTITLE_CACHE"] = cache
        main()
