"""Resource and NotResource: ARNs of six components, wildcards inside a component, variables in the last.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecs_preflight.iam.context import RequestContext
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.truth import NO, YES, Answer, all_of, any_of, doubt
from ecs_preflight.iam.variables import Template, has_variable, parse_template, split_outside_variables

_NOT_STATED = doubt("the request does not say which resource it is about")


@dataclass(frozen=True, slots=True)
class AskedResource:
    """The resource of a request, cut into its components once; `globs` only where it has wildcards itself."""

    text: str | None
    components: tuple[str, ...]
    globs: tuple[Glob, ...]

    @classmethod
    def of(cls, text: str | None) -> AskedResource:
        components = tuple(text.split(":", 5)) if text is not None else ()
        has_wildcards = text is not None and ("*" in text or "?" in text)
        return cls(text, components, tuple(map(Glob.of, components)) if has_wildcards else ())

    def may_be(self, pattern: Glob, number: int) -> bool:
        """Whether a component of the resource, or of one of the resources meant, is matched."""
        return pattern.overlaps(self.globs[number]) if self.globs else pattern.matches(self.components[number])


@dataclass(frozen=True, slots=True)
class ResourcePatterns:
    """The patterns of one element; plain ARNs are one set look-up."""

    everything: bool
    exact: frozenset[str]
    patterns: tuple[_Pattern, ...]

    @classmethod
    def compile(cls, patterns: Sequence[str], *, variables: bool) -> ResourcePatterns:
        everything, exact, rest = False, set(), []
        for pattern in patterns:
            whole = parse_template(pattern, variables=variables)
            if whole.fixed is not None and whole.fixed.is_everything:
                everything = True
            elif whole.fixed is not None and whole.fixed.is_literal:
                exact.add("".join(whole.fixed.chunks[0]))
            if not everything:
                rest.append(_Pattern.compile(pattern, variables=variables))
        return cls(everything, frozenset(exact), tuple(rest))

    def answer(self, asked: AskedResource, context: RequestContext) -> Answer:
        """Whether the resource is one of these. `*` is the resource of actions that have none: only `*` matches it."""
        if self.everything:
            return YES
        if asked.text is None:
            return _NOT_STATED
        if asked.text == "*":
            return NO
        if asked.text in self.exact:
            return YES
        return any_of(pattern.answer(asked, context) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One ARN; a shorter one is completed with `*`, as IAM does ("arn:aws:sqs" means "arn:aws:sqs:*:*:*:*").

    What `whole` does not match, its components do not match either.
    """

    text: str
    whole: Glob
    components: tuple[Template, ...]
    doubtful: bool

    @classmethod
    def compile(cls, text: str, *, variables: bool) -> _Pattern:
        parts = split_outside_variables(text, ":", 5) if variables else text.split(":", 5)
        if len(parts) > 2 or parts[0] == "arn":
            parts += ["*"] * (6 - len(parts))
        # Variables are documented for the part after the fifth colon only.
        doubtful = variables and any(has_variable(part) for part in parts[:5]) and len(parts) == 6
        whole = parse_template(":".join(parts), variables=variables).outline
        return cls(text, whole, tuple(parse_template(part, variables=variables) for part in parts), doubtful)

    def answer(self, asked: AskedResource, context: RequestContext) -> Answer:
        if len(self.components) != len(asked.components) or not (asked.globs or self.whole.matches(asked.text or "")):
            return NO
        answer = all_of(self._component(number, asked, context) for number in range(len(self.components)))
        if self.doubtful and answer is YES:
            return doubt(f"AWS documents variables only after the fifth colon of a resource, and {self.text} has one before")
        return answer

    def _component(self, number: int, asked: AskedResource, context: RequestContext) -> Answer:
        template = self.components[number]
        glob = template.resolve(context)
        if glob is None or not asked.may_be(template.outline if isinstance(glob, Answer) else glob, number):
            return NO
        if isinstance(glob, Answer):
            return glob
        if not asked.globs or glob.covers(asked.globs[number]):
            return YES
        return doubt(f"{self.text} covers only some of the resources of {asked.text}")
