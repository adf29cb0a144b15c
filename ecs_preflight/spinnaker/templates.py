"""clouddriver's own templates: `{{name}}`, `{{accountId}}`, `{{environment}}` and `{{accountType}}` in an account's values.

clouddriver: `AmazonCredentialsParser.StringTemplater.render`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_ROUNDS = 10
_LEFT_OVER = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """`text`, or the `problem` for which clouddriver drops the account. `unresolved` are the `{{...}}` that stay in the text."""

    text: str | None
    unresolved: tuple[str, ...] = ()
    problem: str | None = None


def render(template: str, substitutions: Mapping[str, str]) -> Rendered:
    """The template as clouddriver renders it: all names in turn, again while something changes, ten rounds at most."""
    text = template
    for _ in range(MAX_ROUNDS):
        before = text
        for name, value in substitutions.items():
            if f"{{{{{name}}}}}" in text:
                if "$" in value or "\\" in value:
                    # Java's replaceAll reads both in the replacement: `$x` throws, a backslash is swallowed.
                    return Rendered(None, (), f"the value of {name} holds `$` or `\\`, which the template cannot take")
                text = text.replace(f"{{{{{name}}}}}", value)
        if text == before:
            return Rendered(text, tuple(dict.fromkeys(_LEFT_OVER.findall(text))))
    return Rendered(None, (), "too many levels of templatery")
