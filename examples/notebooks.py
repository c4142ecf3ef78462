"""The notebooks of this folder, executed in place: `python examples/notebooks.py`. Needs nbclient,
nbformat and ipykernel."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

FOLDER = Path(__file__).parent
NOTEBOOKS = ("caseworker_family", "whole_city")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
COLOURS = 256
"""As many as a plot needs; pictures take a third of the room."""


def read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def execute(book: NotebookNode) -> NotebookNode:
    """Run all cells anew, in this folder and with the package beside it. Raises
    CellExecutionError."""
    paths = [str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    client = NotebookClient(
        book,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(FOLDER)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    client.execute(env=environment)
    return book


def smaller(picture: str) -> str:
    """A PNG in base64 with fewer colours."""
    with Image.open(BytesIO(b64decode(picture))) as image:
        kept = image.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    written = BytesIO()
    kept.save(written, "PNG", optimize=True)
    return b64encode(written.getvalue()).decode("ascii")


def write(name: str, book: NotebookNode) -> None:
    book.metadata = nbformat.from_dict(METADATA)
    for cell in book.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = smaller(data["image/png"])
                output.metadata = nbformat.from_dict({})
    nbformat.write(book, FOLDER / f"{name}.ipynb")


if __name__ == "__main__":
    for name in NOTEBOOKS:
        write(name, execute(read(name)))
