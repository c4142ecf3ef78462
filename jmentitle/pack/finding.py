"""Where packs lie, and reading one: from the cache where it was read before, else from its YAML."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jmentitle.errors import PackError, fail
from jmentitle.language import arguments
from jmentitle.language.diagnostics import nearest_name
from jmentitle.pack import cache, files
from jmentitle.pack.files import Loaded, PackFile

_PACKAGE = Path(__file__).parent.parent
# A wheel holds the packs next to the code, a checkout at its top.
_PACK_ROOTS = (_PACKAGE / "rules", _PACKAGE.parent / "rules")


def read_pack(
    name_or_folder: str | Path, overlays: Iterable[str | Path] = (), *, from_cache: bool = True
) -> tuple[Loaded, tuple[PackFile, ...]]:
    """What a pack says, with the files in `overlays` laid over it in order, and its own files.

    With `from_cache=False` its YAML is read, though it was compiled and kept before. Raises
    PackError with every mistake.
    """
    laid = arguments.list_of(overlays, "overlays", "a list of files")
    paths = [arguments.file_path(overlay, "overlays") for overlay in laid]
    texts = files.read_files(find_pack(name_or_folder))
    loaded = cache.read(files.digest_of(texts)) if from_cache else None
    if loaded is None:
        # The readers of YAML are imported only when there is YAML to read.
        from jmentitle.pack import loader

        loaded = loader.load(texts)
        cache.write(loaded)
    if paths:
        from jmentitle.pack.overlays import lay_over

        loaded = lay_over(loaded, paths)
    return loaded, texts


def find_pack(name_or_folder: str | Path) -> Path:
    """The folder of a pack. Raises PackError (JM091) for an unknown pack."""
    folder = arguments.file_path(name_or_folder, "pack")
    if isinstance(name_or_folder, str) and name_or_folder.isidentifier():
        for root in _PACK_ROOTS:
            if files.is_file(root / name_or_folder / "pack.yaml"):
                return root / name_or_folder
    if not files.is_folder(folder):
        roots = (path for root in _PACK_ROOTS for path in root.glob("*/pack.yaml"))
        names = sorted({path.parent.name for path in roots})
        fail(
            "JM091",
            f"unknown pack `{name_or_folder}`",
            path="pack",
            expected=f"a folder with a pack.yaml, or one of: {', '.join(names)}",
            suggestion=nearest_name(str(name_or_folder), names),
            error=PackError,
        )
    return folder
