"""Java's regular expressions: what RE2 judges as Java would, what only Java can judge, what Java refuses.

https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
"""

from __future__ import annotations

import sys

import pytest

from ecs_preflight.ecs import java_regex
from ecs_preflight.ecs.java_regex import compile_java_regex


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("t2.*", "t2.micro", True),
        ("t2", "t2.micro", False),  # String.matches: the whole value
        ("t2|t3", "t3", True),
        (".*large", "m5.2xlarge", True),
        (".*large", "m5.largest", False),
        (r"m5\.large", "m5.large", True),
        (r"m5\.large", "m5xlarge", False),
        ("(g4|p3).*", "p3.8xlarge", True),
        ("[cm]5.*", "m5.large", True),
        ("[^cm]5.*", "m5.large", False),
        ("[]a]+", "]a", True),
        ("[^]a]", "b", True),
        (r"[\]a]+", "]a", True),
        ("a{2,3}", "aaa", True),
        ("a{2}b?", "aab", True),
        ("a+?", "aaa", True),
        ("(?i)PROD", "prod", True),
        ("(?:a|b)c", "bc", True),
        (r"\Qa.b\E", "a.b", True),
        (r"\Qa.b", "axb", False),
        (r"a\\1", r"a\1", True),
        (r"\p{L}+", "abc", True),
        (r"\x41", "A", True),
        (r"\d+\.\d+", "1.2", True),
        (r"a\++", "a++", True),
        ("[+*?]+", "*+?", True),
        ("", "", True),
    ],
)
def test_whole_values_are_matched(pattern: str, text: str, matches: bool) -> None:
    regex = compile_java_regex(pattern)
    assert regex.undecided == ""
    assert regex.matches(text) is matches


@pytest.mark.parametrize(
    ("pattern", "construct"),
    [
        ("(?=a)a", "(?="),
        ("(?!a)b", "(?!"),
        ("(?<=a)b", "(?<="),
        ("(?<!a)b", "(?<!"),
        ("(?>a+)b", "(?>"),
        ("a++", "++"),
        ("a*+b", "*+"),
        ("a?+b", "?+"),
        ("a{2}+b", "}+"),
        (r"(a)\1", r"\1"),
        (r"(?<n>a)\k<n>", r"\k"),
        (r"\p{Alpha}+", r"\p"),
        (r"\h", r"\h"),
        (r"a\Z", r"\Z"),
        ("(?x)a b", "(?x"),
        ("[a-z&&[^b]]", "&&"),
        ("[a-z&&b-d]", "&&"),
        ("[a[bc]]", "["),
        (r"a\v", r"\v"),
        ("(?U)a", "(?U"),
        (r"(?i)\C", r"\C"),
        ("(?P<n>a)", "(?P"),
    ],
)
def test_what_only_java_can_judge_is_not_decided(pattern: str, construct: str) -> None:
    regex = compile_java_regex(pattern)
    assert repr(construct) in regex.undecided
    assert regex.matches("a") is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[", "unclosed character class"),
        ("[^", "unclosed character class"),
        ("[a[b]", "unclosed character class"),
        ("(", "unclosed group"),
        ("(a", "unclosed group"),
        ("a)", "unmatched closing parenthesis"),
        ("*a", "dangling '*': there is nothing to repeat"),
        ("a|*", "dangling '*': there is nothing to repeat"),
        ("(+)", "dangling '+': there is nothing to repeat"),
        ("a{", "illegal repetition: '{' wants a count such as {2} or {1,3}"),
        ("a{x}", "illegal repetition: '{' wants a count such as {2} or {1,3}"),
        ("a\\", "a backslash at the end escapes nothing"),
        ("[a\\", "a backslash at the end escapes nothing"),
        # A quotation ends at its own \E, and what follows is pattern again.
        (r"\Qa\E(", "unclosed group"),
        (r"\Qa\E)", "unmatched closing parenthesis"),
        (r"\Qa\E(\Qb\E", "unclosed group"),
        # In RE2's words.
        ("[z-a]", "invalid character class range: z-a"),
        ("a**", "bad repetition operator: **"),
    ],
)
def test_what_java_refuses_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ValueError) as refused:
        compile_java_regex(pattern)
    assert str(refused.value) == why


def test_re2_itself_says_nothing_of_what_it_refuses(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="invalid character class range"):
        compile_java_regex("[y-x]")
    assert capfd.readouterr() == ("", "")


def test_without_re2_nothing_is_decided_and_what_is_broken_is_still_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    java_regex._re2.cache_clear()
    try:
        regex = compile_java_regex("t2.*")
        assert regex.pattern == "t2.*"
        assert regex.undecided == "google-re2 is not installed (pip install 'ecs_preflight[capacity]')"
        assert regex.matches("t2.micro") is None
        with pytest.raises(ValueError, match="unclosed group"):
            compile_java_regex("(")
    finally:
        java_regex._re2.cache_clear()


@pytest.mark.parametrize(
    ("pattern", "undecided"),
    [
        ("a++b", "only Java's own engine can judge '++' in 'a++b'"),
        ("[a[b]]", "Java reads '[' in '[a[b]]' in its own way"),
        ("[a&&b]", "Java reads '&&' in '[a&&b]' in its own way"),
        ("a\\vb", "Java reads '\\\\v' in 'a\\\\vb' in its own way"),
        ("a.*b", ""),
    ],
)
def test_why_a_pattern_is_not_decided(pattern: str, undecided: str) -> None:
    regex = compile_java_regex(pattern)
    assert (regex.pattern, regex.undecided) == (pattern, undecided)
    assert (regex.matches("a") is None) is bool(undecided)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a\\\\vb", "a\\vb"),  # a backslash, and a letter of its own
        ("((a)b)+", "abab"),
        ("(a(b(c)))", "abc"),
        ("(a)(b)", "ab"),
        ("a|b*", "bb"),
        ("(?:a)+", "aa"),
        ("[]a]+", "]a"),
        ("[^]!]+", "bc"),
        ("[\\]a]+", "]a"),
        ("\\Qa+b\\E*", "a+bb"),
        ("a{2}b{1,}c{0,1}", "aabb"),
        ("\\p{Lu}x", "Ax"),
        (r"\p{L}a\d", "ba1"),
        (r"\d(a)", "1a"),
        ("Xa", "Xa"),
        ("(?:a)()b", "ab"),
        ("(?)a", "a"),
        # What would open or close a group, in quotation and in a class.
        (r"\Q(\E", "("),
        (r"\Q(", "("),
        (r"\Qa\E\Q(\E", "a("),
        ("[(]", "("),
        ("[](]", "("),
        ("[^](]", "b"),
    ],
)
def test_well_formed_patterns_match(pattern: str, text: str) -> None:
    regex = compile_java_regex(pattern)
    assert regex.undecided == ""
    assert regex.matches(text) is True
    assert regex.matches(f"{text}!") is False
