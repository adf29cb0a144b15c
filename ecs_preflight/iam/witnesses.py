"""Values of a context key that show all that its conditions can tell apart.

Of an unknown value a policy sees only which of its comparisons match. There are endlessly many values and few combinations of
matches; a witness is one value for one combination.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from ecs_preflight.iam.comparisons import (
    AddressComparison,
    ArnComparison,
    BoolComparison,
    Comparison,
    DateComparison,
    NumberComparison,
    TextComparison,
)
from ecs_preflight.iam.context import ANYTHING, RequestContext, Shape
from ecs_preflight.iam.distinct_texts import Pattern, Within, distinct_texts
from ecs_preflight.iam.instants import LARGEST_PLAUSIBLE_SECONDS, Instant
from ecs_preflight.iam.patterns import Glob, Token, Wildcard
from ecs_preflight.iam.truth import Answer

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_UNREADABLE = "?"  # as a number, a date, an address or a boolean
# Decimals of the default precision hold the middle of any two numbers between these.
_LARGEST, _FINEST = Decimal("1e14"), Decimal("1e-12")
_ANY_ARN = ArnComparison.compile("*:*:*:*:*:*", variables=False)
_WITHIN = {Wildcard.ANY_RUN: Within.ANY_RUN, Wildcard.ANY_ONE: Within.ANY_ONE}


def witnesses(comparisons: Sequence[Comparison], context: RequestContext, shape: Shape) -> tuple[str, ...] | None:
    """A value of `shape` for each combination of answers that the comparisons give of any such value.

    None where that cannot be told: comparisons of several types, or with a key that is itself unknown.
    """
    texts = [each for each in comparisons if isinstance(each, (TextComparison, ArnComparison))]
    if len(texts) == len(comparisons):
        caseless = [each for each in texts if isinstance(each, TextComparison) and each.ignore_case]
        if not caseless:
            return _texts(texts, context, shape)
        return _caseless(caseless, context) if len(caseless) == len(texts) and shape is ANYTHING else None
    if shape is not ANYTHING or len(set(map(type, comparisons))) > 1:
        return None
    match comparisons[0]:
        case NumberComparison():
            return _numbers(each.number for each in comparisons if isinstance(each, NumberComparison))
        case DateComparison():
            return _seconds(each.instant for each in comparisons if isinstance(each, DateComparison))
        case AddressComparison():
            return _addresses(each.network for each in comparisons if isinstance(each, AddressComparison))
        case BoolComparison():
            return ("true", "false", _UNREADABLE)
    return None


def _texts(
    comparisons: Sequence[TextComparison | ArnComparison], context: RequestContext, shape: Shape
) -> tuple[str, ...] | None:
    """What is no ARN at all is a case of its own, to negated operators."""
    arns = [each for each in comparisons if isinstance(each, ArnComparison)]
    asked = [_patterns(each, context) for each in dict.fromkeys([*comparisons, *([_ANY_ARN] if arns else [])])]
    if any(patterns is None for patterns in asked):
        return None
    patterns = tuple(pattern for patterns in asked if patterns for pattern in patterns)
    found = distinct_texts((*patterns, *(tuple(glob.symbols()) for glob in shape.alternatives)))
    return found and tuple(text for text in found if any(glob.matches(text) for glob in shape.alternatives))


def _patterns(comparison: TextComparison | ArnComparison, context: RequestContext) -> tuple[Pattern, ...] | None:
    """One; none where the comparison is the same for every text; None where its variables are unknown."""
    if isinstance(comparison, TextComparison):
        glob = comparison.template.resolve(context)
        return None if isinstance(glob, Answer) else (tuple(glob.symbols()),) if glob else ()
    parts = [each.template.resolve(context) for each in comparison.components]
    if any(isinstance(part, Answer) for part in parts):
        return None
    globs = [part for part in parts if isinstance(part, Glob)]
    # A colon that a variable brings into one of the first five components is nowhere in the components of an ARN.
    if len(globs) != 6 or any(":" in glob.symbols() for glob in globs[:5]):
        return ()
    return ((*(sign for glob in globs[:5] for sign in (*map(_within, glob.symbols()), ":")), *globs[5].symbols()),)


def _within(sign: Token) -> Token | Within:
    return _WITHIN[sign] if isinstance(sign, Wildcard) else sign


def _caseless(comparisons: Sequence[TextComparison], context: RequestContext) -> tuple[str, ...] | None:
    globs = [each.template.resolve(context) for each in comparisons]
    if any(isinstance(glob, Answer) for glob in globs):
        return None
    known = ["".join(glob.chunks[0]) for glob in globs if isinstance(glob, Glob)]
    other = "x" * (1 + max(map(len, map(str.casefold, known)), default=0))
    return (*known, other)


def _numbers(numbers: Iterable[Decimal | None]) -> tuple[str, ...] | None:
    """Each number, one below, one above, and one between any two; and what is no number."""
    ordered = sorted({number for number in numbers if number is not None}) or [Decimal(0)]
    if any(abs(number) > _LARGEST or number % _FINEST for number in ordered):
        return None
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    every = (ordered[0] - 1, *ordered, *between, ordered[-1] + 1)
    return (*(format(number, "f") for number in every), _UNREADABLE)


def _seconds(instants: Iterable[Instant | None]) -> tuple[str, ...] | None:
    """As epoch seconds; the same numbers may be milliseconds where they are large, and then too large to be told apart."""
    seconds = {instant.seconds for instant in instants if instant}
    largest = Decimal(LARGEST_PLAUSIBLE_SECONDS)
    return _numbers({*seconds, *(each * 1000 for each in seconds), largest, -largest})


def _addresses(networks: Iterable[_Network | None]) -> tuple[str, ...]:
    """The blocks cut the line of all addresses at their first address and behind their last: one address of each piece."""
    found = {"0.0.0.0", "::"}
    for network in networks:
        if network is not None:
            found.add(str(network.network_address))
            if int(network.broadcast_address) + 1 < 2**network.max_prefixlen:
                found.add(str(network.broadcast_address + 1))
    return (*sorted(found), _UNREADABLE)
