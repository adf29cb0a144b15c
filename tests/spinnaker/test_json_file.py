"""A JSON file keeps the place of each part, in its parts too."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.spinnaker.json_file import parse_json

TEXT = '{\n  "stages": [\n    {"type": "deploy",\n     "clusters": [{"a": 1}]}\n  ]\n}\n'


def test_a_part_knows_where_it_stands() -> None:
    whole = parse_json(TEXT, "p.json")
    cluster = whole.part("stages", 0, "clusters", 0)
    assert cluster.value == {"a": 1}
    assert cluster.location == Location("p.json", 4, 19)
    assert cluster.places[("a",)] == Location("p.json", 4, 20)
    assert whole.location == Location("p.json", 1, 1)
    assert whole.elements("stages") == (whole.part("stages", 0),)
    assert whole.part("stages").elements()[0].elements("clusters") == (cluster,)


def test_errors_do_not_speak_of_policies() -> None:
    with pytest.raises(SyntaxInputError) as refused:
        parse_json('{"a": 1,}', "p.json")
    assert str(refused.value).startswith("p.json:1:8: a comma stands before the closing `}`\n")
