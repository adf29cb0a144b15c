"""Where a regular expression without quotes ends: at white space, or at a parenthesis that it did not open.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.query_text import QueryText


@pytest.mark.parametrize(
    ("pattern", "rest"),
    [
        ("t2.*", ""),
        ("t2.*", " and attribute:a exists"),
        ("t2.*", ")"),
        ("(a|b)c", ") and x"),
        ("((a)b)c", ")"),
        ("(a)", ")) and x"),
        # What an escape or a class makes a letter opens and closes nothing.
        (r"a\)b", ")"),
        (r"a\.", ")"),
        (r"a\(b", ")"),
        (r"a\ b", " and x"),
        ("a\\", ""),
        ("[)]a", ")"),
        ("[a)]b", ")"),
        ("[(]a", ")"),
        ("[a]", ") and x"),
        (r"[\])]a", ")"),
    ],
)
def test_a_bare_regular_expression_ends_where_it_must(pattern: str, rest: str) -> None:
    text = QueryText(f"  {pattern}{rest}")
    assert text.take_regex() == (pattern, 2)
    assert text.rest == rest.strip()
