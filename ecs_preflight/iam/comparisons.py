"""What one value of a policy says of one value of a request, by the type of its condition operator.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from ecs_preflight.iam.context import RequestContext, Shape
from ecs_preflight.iam.instants import Instant
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.truth import MALFORMED, NO, YES, Answer, all_of, doubt, unknown_key
from ecs_preflight.iam.variables import Template, parse_template, split_outside_variables


class Comparison(Protocol):
    """One value of a policy, read once, compared with many requests."""

    def answer(self, value: str, context: RequestContext, /) -> Answer:
        """YES, NO, MALFORMED, or unknown."""

    def answer_shape(self, key: str, shape: Shape, context: RequestContext, /) -> Answer:
        """The same for a value of which only the shape is known."""


class _NeedsValue:
    """Nothing can be said of a value of which only the shape is known."""

    def answer_shape(self, key: str, _shape: Shape, _context: RequestContext, /) -> Answer:
        return unknown_key(key)


@dataclass(frozen=True, slots=True)
class TextComparison:
    """StringEquals (no wildcards), StringEqualsIgnoreCase, StringLike."""

    template: Template
    ignore_case: bool

    @classmethod
    def equals(cls, text: str, variables: bool) -> TextComparison:
        return cls(parse_template(text, variables=variables, wildcards=False), ignore_case=False)

    @classmethod
    def equals_ignoring_case(cls, text: str, variables: bool) -> TextComparison:
        return cls(parse_template(text, variables=variables, wildcards=False), ignore_case=True)

    @classmethod
    def like(cls, text: str, variables: bool) -> TextComparison:
        return cls(parse_template(text, variables=variables), ignore_case=False)

    def answer(self, value: str, context: RequestContext, /) -> Answer:
        glob = self.template.resolve(context)
        if glob is None:
            return NO  # a variable without a value equals nothing
        if isinstance(glob, Answer):
            return glob if self.ignore_case or self.template.outline.matches(value) else NO
        if self.ignore_case:
            return YES if "".join(glob.chunks[0]).casefold() == value.casefold() else NO
        return YES if glob.matches(value) else NO

    def answer_shape(self, key: str, shape: Shape, context: RequestContext, /) -> Answer:
        glob = self.template.resolve(context)
        if glob is None:
            return NO
        if isinstance(glob, Answer):
            return all_of((unknown_key(key), glob))
        if self.ignore_case:
            return unknown_key(key)
        return _of_alternatives(glob, shape.alternatives, key)


@dataclass(frozen=True, slots=True)
class ArnComparison:
    """ArnEquals and ArnLike are the same: six components, wildcards inside each; the last may hold colons."""

    components: tuple[TextComparison, ...]

    @classmethod
    def compile(cls, text: str, variables: bool) -> ArnComparison:
        parts = split_outside_variables(text, ":", 5) if variables else text.split(":", 5)
        return cls(tuple(TextComparison.like(part, variables) for part in parts))

    def answer(self, value: str, context: RequestContext, /) -> Answer:
        parts = value.split(":", 5)
        if len(self.components) != 6 or len(parts) != 6:
            return MALFORMED
        return all_of(mine.answer(part, context) for mine, part in zip(self.components, parts, strict=True))

    def answer_shape(self, key: str, shape: Shape, context: RequestContext, /) -> Answer:
        if len(self.components) != 6:
            return MALFORMED
        split = [_split_arn(alternative) for alternative in shape.alternatives]
        if None in split:
            return unknown_key(key)
        return all_of(
            mine.answer_shape(key, Shape(tuple(parts[place] for parts in split if parts)), context)
            for place, mine in enumerate(self.components)
        )


@dataclass(frozen=True, slots=True)
class NumberComparison(_NeedsValue):
    """Integers and decimals, compared as numbers: "9" is less than "10"."""

    number: Decimal | None
    compare: Callable[[Decimal, Decimal], bool]

    def answer(self, value: str, _context: RequestContext, /) -> Answer:
        number = read_number(value)
        if number is None or self.number is None:
            return MALFORMED
        return YES if self.compare(number, self.number) else NO


@dataclass(frozen=True, slots=True)
class DateComparison(_NeedsValue):
    """ISO 8601 dates and epoch seconds; whether epoch milliseconds are meant is asked only where it matters."""

    instant: Instant | None
    compare: Callable[[Decimal, Decimal], bool]

    def answer(self, value: str, _context: RequestContext, /) -> Answer:
        instant = Instant.read(value)
        if instant is None or self.instant is None:
            return MALFORMED
        as_seconds = self.compare(instant.seconds, self.instant.seconds)
        as_milliseconds = self.compare(instant.if_milliseconds, self.instant.if_milliseconds)
        if as_seconds != as_milliseconds:
            return doubt(f'AWS documents epoch seconds; "{value}" looks like milliseconds')
        return YES if as_seconds else NO


@dataclass(frozen=True, slots=True)
class BoolComparison(_NeedsValue):
    """true or false in any case of letters. AWS's pages disagree on variables here, so one leaves the answer open."""

    text: str
    has_variable: bool

    def answer(self, value: str, _context: RequestContext, /) -> Answer:
        if self.has_variable:
            return doubt("AWS's pages disagree on policy variables with Bool")
        if self.text not in ("true", "false") or value.lower() not in ("true", "false"):
            return MALFORMED
        return YES if value.lower() == self.text else NO


@dataclass(frozen=True, slots=True)
class BinaryComparison(_NeedsValue):
    """Bytes, written in base64 in the policy and, as SimulatePrincipalPolicy takes them, in the request."""

    bytes: bytes | None

    def answer(self, value: str, _context: RequestContext, /) -> Answer:
        if self.bytes is None:
            return MALFORMED
        if read_base64(value) == self.bytes:
            return YES
        if value.encode(errors="surrogatepass") == self.bytes:
            return doubt("AWS does not say whether a request's binary value is given raw or in base64")
        return NO


@dataclass(frozen=True, slots=True)
class AddressComparison(_NeedsValue):
    """A CIDR block or a single address; IPv4 never matches IPv6."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None

    def answer(self, value: str, _context: RequestContext, /) -> Answer:
        if self.network is None:
            return MALFORMED
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return MALFORMED
        return YES if address in self.network else NO


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_CIDR = re.compile(r"[0-9A-Fa-f:.]+(/\d{1,3})?")


def read_number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def write_number(number: float) -> str:
    """A bare number of a policy or request as text; the language has no exponents, and Python writes some ("1e+20")."""
    text = str(number)
    return format(Decimal(text), "f") if "e" in text else text


def read_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if not _CIDR.fullmatch(text):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def read_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _of_alternatives(glob: Glob, alternatives: tuple[Glob, ...], key: str) -> Answer:
    if all(glob.covers(alternative) for alternative in alternatives):
        return YES
    if any(glob.overlaps(alternative) for alternative in alternatives):
        return unknown_key(key)
    return NO


def _split_arn(glob: Glob) -> list[Glob] | None:
    """The six components of a pattern whose first five hold no wildcard."""
    head, *tail = glob.chunks
    parts = head[0].split(":", 5)
    if len(head) != 1 or len(parts) != 6:
        return None
    return [*map(Glob.literal, parts[:5]), Glob(((parts[5],), *tail))]
