"""One source of truth: models, schema and typed classes all come from the vocabulary."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from jmentitle import Pack
from jmentitle.author.typed_profile import typed_profile
from jmentitle.profile.models import household_model
from jmentitle.profile.schema import household_schema
from jmentitle.typed import jingmen
from tests.support.paths import EXAMPLES

TYPED = Path(jingmen.__file__)
ON = date(2018, 10, 15)


def test_the_typed_profile_has_not_drifted_from_the_vocabulary(pack: Pack) -> None:
    assert TYPED.read_text(encoding="utf-8") == typed_profile(pack.content), "run `make generated`"


def test_models_schema_and_typed_classes_have_the_same_facts(pack: Pack) -> None:
    dynamic = household_model(pack.content)
    schema = household_schema(pack.content)["properties"]
    for entity, typed in (("household", jingmen.Household), ("members", jingmen.Person)):
        found = dynamic.model_json_schema()["$defs"][
            "Household" if entity == "household" else "Person"
        ]["properties"]
        listed = (
            schema[entity]["properties"]
            if entity == "household"
            else schema[entity]["items"]["properties"]
        )  # type: ignore[index]
        assert set(typed.model_fields) == set(found) == set(listed)


def test_a_typed_household_is_assessed_like_a_file(pack: Pack) -> None:
    person = jingmen.Person(
        id="father", birth_date=date(1950, 3, 1), disability_grade="grade_1", receives=[]
    )
    typed = jingmen.HouseholdFile(
        members=[person], household=jingmen.Household(hukou_county="dongbao", receives=[])
    )
    raw = {
        "household": {"hukou_county": "dongbao", "receives": []},
        "members": [
            {
                "id": "father",
                "birth_date": "1950-03-01",
                "disability_grade": "grade_1",
                "receives": [],
            }
        ],
    }
    assert pack.assess(typed, ON) == pack.assess(raw, ON)


def test_pydantic_models_show_no_values() -> None:
    with pytest.raises(ValidationError) as caught:
        jingmen.Person.model_validate({"birth_date": "Zhang San"})
    assert "Zhang" not in str(caught.value)
    assert "1950" not in repr(jingmen.Person(birth_date=date(1950, 3, 1)))


def test_the_schema_accepts_the_example_families(pack: Pack) -> None:
    import jsonschema

    from jmentitle.profile.validation import parse_text

    schema = json.loads(json.dumps(household_schema(pack.content)))
    for path in sorted(EXAMPLES.glob("*.yaml")):
        if "overlay" in path.name:
            continue
        raw = parse_text(path.read_text(encoding="utf-8"))
        jsonschema.validate(json.loads(json.dumps(raw, default=str)), schema)


def test_people_who_import_the_library_get_type_checking(tmp_path: Path) -> None:
    """A wrong fact name and a wrong enum member are found by mypy, a right use is not."""
    program = tmp_path / "use.py"
    program.write_text(
        "from datetime import date\n"
        "from jmentitle import load_pack\n"
        "from jmentitle.typed.jingmen import HouseholdFile, Person\n"
        "good = Person(birth_date=date(1950, 3, 1), disability_grade='grade_1')\n"
        "load_pack().assess(HouseholdFile(members=[good]), date(2018, 10, 15)).results\n"
        "bad = Person(disability_grade='grade_9')\n"
        "worse = Person(brith_date=date(1950, 3, 1))\n"
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--cache-dir",
        str(tmp_path / "cache"),
        str(program),
    ]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(TYPED.parents[2])},
    )
    lines = [line for line in ran.stdout.splitlines() if "error" in line and "use.py" in line]
    assert [line.split(":")[1] for line in lines] == ["6", "7"], ran.stdout
