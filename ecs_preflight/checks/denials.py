"""What AWS's own words tell of a denial: which policy denied, and who can mend it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Layer(Enum):
    """The kinds of policy that an access-denied message names."""

    IDENTITY = "identity-based policy"
    TRUST = "trust policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"


@dataclass(frozen=True, slots=True)
class Denial:
    """Who denied. `is_explicit`: a Deny statement applies; else nothing of that layer allows."""

    layer: Layer
    is_explicit: bool

    @property
    def own_words(self) -> str:
        """The same, found by evaluating policies: `its permissions boundary does not allow it`."""
        in_boundary = self.layer is Layer.BOUNDARY
        if self.is_explicit:
            return f"a Deny in {'its permissions boundary' if in_boundary else 'its own policies'} applies"
        return "its permissions boundary does not allow it" if in_boundary else "its own policies do not allow it"

    @property
    def sentence(self) -> str:
        if self.is_explicit:
            return f"AWS says that a Deny statement applies: {_WHERE[self.layer]}."
        return f"AWS says that no Allow statement applies: {_WHERE[self.layer]}."


_WHERE = {
    Layer.IDENTITY: "among the caller's own policies (its groups' included)",
    Layer.TRUST: "in the role's trust policy",
    Layer.BOUNDARY: "in the permissions boundary of the caller",
    Layer.SESSION: "in the session policy that the caller's session was made with",
    Layer.SCP: "in a service control policy of the caller's organization, which its administrators alone can change",
    Layer.RCP: "in a resource control policy of the role's organization, which its administrators alone can change",
    Layer.ENDPOINT: "in the policy of the VPC endpoint that the call went through",
}
_EXPLICIT = re.compile(r"with an explicit deny in (?:an?|the) (?P<layer>[\w -]+?)(?: policy)?(?:$|[:.,;]|\s+(?=arn))", re.I)
_IMPLICIT = re.compile(r"because (?:no|the) (?P<layer>[\w -]+?)(?: policy)? (?:allows|does not allow)", re.I)
_LAYER_OF_WORDS = {
    "identity-based": Layer.IDENTITY,
    "resource-based": Layer.TRUST,
    "role trust": Layer.TRUST,
    "trust": Layer.TRUST,
    "permissions boundary": Layer.BOUNDARY,
    "session": Layer.SESSION,
    "service control": Layer.SCP,
    "resource control": Layer.RCP,
    "vpc endpoint": Layer.ENDPOINT,
}


def read_denial(message: str) -> Denial | None:
    """The layer that an access-denied message names; None where it names none, as STS often does not."""
    for pattern, is_explicit in ((_EXPLICIT, True), (_IMPLICIT, False)):
        match = pattern.search(message)
        layer = _LAYER_OF_WORDS.get(match["layer"].lower()) if match else None
        if layer:
            return Denial(layer, is_explicit)
    return None
