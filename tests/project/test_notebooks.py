"""The notebooks in `examples/` run, and what is stored in them is what comes out today; pictures
apart."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import matplotlib
import nbformat
import pytest

from jmentitle.errors import ExtraMissingError
from jmentitle.policy.plots import fonts
from tests.support.paths import EXAMPLES

_specification = importlib.util.spec_from_file_location("notebooks", EXAMPLES / "notebooks.py")
assert _specification is not None
assert _specification.loader is not None
notebooks = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(notebooks)
MOST = 600_000
"""bytes"""


def told(book: nbformat.NotebookNode) -> list[tuple[str, str, str]]:
    """What each cell says: its source, the kind of an output, and its text; of a picture only that
    there is one."""
    found = []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                found.append((cell.source, output["name"], output["text"]))
            for kind, text in sorted(output.get("data", {}).items()):
                found.append(
                    (
                        cell.source,
                        kind,
                        "" if kind.startswith("image/") or "image/png" in output["data"] else text,
                    )
                )
    return found


@pytest.mark.parametrize("name", notebooks.NOTEBOOKS)
def test_a_notebook_runs_and_its_outputs_have_not_drifted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        fonts.families("zh")
    except ExtraMissingError:
        # Pictures are not compared: where no Chinese font is installed they are drawn without.
        monkeypatch.setenv(
            "JMENTITLE_FONT", str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
        )
    stored = notebooks.read(name)
    fresh = [one for one in told(notebooks.execute(notebooks.read(name))) if one[1] != "stderr"]
    for now, before in zip(fresh, told(stored), strict=True):
        assert now == before, "`make generated` executes the notebooks anew"


@pytest.mark.parametrize("name", notebooks.NOTEBOOKS)
def test_a_stored_notebook_is_small_and_says_nothing_of_the_machine(name: str) -> None:
    path = EXAMPLES / f"{name}.ipynb"
    assert path.stat().st_size < MOST
    text = path.read_text(encoding="utf-8")
    book = json.loads(text)
    assert book["metadata"] == notebooks.METADATA
    assert not re.search(r"/(home|root|tmp|work|Users)/", re.sub(r'"image/png": "[^"]*"', "", text))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not any(
        output.get("name") == "stderr" or output["output_type"] == "error"
        for cell in code
        for output in cell["outputs"]
    )
    assert all(cell["metadata"] == {} for cell in book["cells"])
