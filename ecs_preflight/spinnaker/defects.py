"""What clouddriver or Halyard would refuse, ignore or silently replace: found while reading, judged by checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ecs_preflight.errors import Location


class DefectKind(str, Enum):
    """What is wrong with a value, independent of how bad that is."""

    UNKNOWN_KEY = "unknown-key"  # no field of that name; `near_miss` is the field that may have been meant
    MISPLACED_KEY = "misplaced-key"  # a field of another place; `expected` says which
    KEY_WRITTEN_TWICE = "key-written-twice"  # `awsAccount` and `aws-account`: one key to Spring, and it keeps one of them
    KEY_IGNORED = "key-ignored"  # a real key that clouddriver does not read there
    WRONG_TYPE = "wrong-type"
    BARE_STRING_REGION = "bare-string-region"  # `regions: [us-east-1]`
    REGION_WITHOUT_NAME = "region-without-name"
    ENTRY_WITHOUT_NAME = "entry-without-name"
    BLANK_ENTRY = "blank-entry"  # `- ` with nothing behind it
    UNKNOWN_AUTHORIZATION = "unknown-authorization"  # `permissions: {ADMIN: [...]}`
    BLANK_VALUE = "blank-value"  # `assumeRole:` is the empty string and defeats the default
    AMBIGUOUS_NUMBER = "ambiguous-number"  # an unquoted 0089: text to one release of SnakeYAML, a double to another
    UNRESOLVED_PLACEHOLDER = "unresolved-placeholder"  # stays in the value, letter by letter
    CIRCULAR_PLACEHOLDER = "circular-placeholder"
    OPAQUE_VALUE = "opaque-value"  # encrypted, where a number or a switch is needed to go on
    LIST_REPLACED = "list-replaced"  # a later file has the whole list; `hidden` names what is gone
    DOCUMENT_NOT_ACTIVE = "document-not-active"  # its profile is not among the active ones
    REFUSED_BY_HALYARD = "refused-by-halyard"  # Halyard's strict mapper knows no such key


# Spring fails to bind these, and clouddriver does not start.
_STOPS_CLOUDDRIVER = frozenset(
    {
        DefectKind.WRONG_TYPE,
        DefectKind.BARE_STRING_REGION,
        DefectKind.REGION_WITHOUT_NAME,
        DefectKind.ENTRY_WITHOUT_NAME,
        DefectKind.BLANK_ENTRY,
        DefectKind.UNKNOWN_AUTHORIZATION,
        DefectKind.CIRCULAR_PLACEHOLDER,
    }
)


@dataclass(frozen=True, slots=True)
class Defect:
    """One such place. `path` is dotted, as the file spells it: `ecs.accounts[0].awsAccount`. No field holds a secret."""

    kind: DefectKind
    path: str
    location: Location
    found: str
    expected: str
    near_miss: str | None = None
    hidden: tuple[str, ...] = ()
    """Of LIST_REPLACED: the names that are gone."""

    @property
    def stops_clouddriver(self) -> bool:
        return self.kind in _STOPS_CLOUDDRIVER

    def __str__(self) -> str:
        meant = f" (did you mean `{self.near_miss}`?)" if self.near_miss else ""
        return f"{self.location}: {self.path}: {self.found}; {self.expected}{meant}"
