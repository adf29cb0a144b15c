"""Who must allow a request: same account or across accounts, trust policies, boundaries, session policies, SCPs, RCPs.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ecs_preflight.arn import Arn
from ecs_preflight.iam.caller import PARTITIONS, Caller, CallerKind
from ecs_preflight.iam.layers import Layer
from ecs_preflight.iam.naming import Reach
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.truth import NO, YES, Answer, Truth, all_of, any_of, doubtful

_ASSUMING = frozenset({"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
_BESIDES_ASSUMING = frozenset({"sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})
# The API refuses the credentials of the account's root user, and those of GetFederationToken, whatever the policies say.
_NEVER_ASSUME = frozenset({CallerKind.ROOT, CallerKind.FEDERATED_USER, CallerKind.ANONYMOUS})
_SERVICE_LINKED_PATH = "/aws-service-role/"
_SERVICE_LINKED_NAME = "AWSServiceRoleFor"


@dataclass(frozen=True, slots=True)
class Layers:
    """What each kind of policy says; None where there is no policy of the kind. `scp` and `rcp` hold one layer a level."""

    identity: Layer
    resource: Layer | None = None
    boundary: Layer | None = None
    session: Layer | None = None
    scp: tuple[Layer, ...] = ()
    rcp: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must allow the request, and the sentence for when it does not."""

    answer: Answer
    otherwise: str


def is_assuming(action: str) -> bool:
    """Whether the action (lower-cased) is one of those that only a role's trust policy can allow."""
    return action in _ASSUMING


def is_service_linked(request: AccessRequest) -> bool:
    """Neither SCPs nor RCPs restrict service-linked roles."""
    caller = request.question.context.caller
    if caller.kind is CallerKind.SESSION:
        known = request.question.context.text("aws:PrincipalArn")
        return caller.name.startswith(_SERVICE_LINKED_NAME) if known is None else f":role{_SERVICE_LINKED_PATH}" in known
    return caller.role_path.startswith(_SERVICE_LINKED_PATH)


def acts_for_itself(caller: Caller) -> bool:
    """AWS services, federated providers and the anonymous have no identity-based policies and no organization."""
    return caller.kind not in (CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS)


def identity_requirements(layers: Layers, request: AccessRequest) -> list[Requirement]:
    """What the caller's own side must allow."""
    return [
        Requirement(_identity_grant(layers, request.question.context.caller), "its identity-based policies do not allow it"),
        *_caps(layers),
        *_levels(layers.scp, "service control policies"),
    ]


def requirements(layers: Layers, request: AccessRequest) -> list[Requirement]:
    """All that must allow the request; the caller's and the resource's account may share the work or both be needed."""
    caller = request.question.context.caller
    guards = [
        *_impossible(request),
        *_levels(layers.scp, "service control policies"),
        *_levels(layers.rcp, "resource control policies"),
    ]
    resource = _resource_name(request)
    if not acts_for_itself(caller):
        allow = layers.resource.allow if layers.resource else NO
        return [*guards, Requirement(allow, f"{resource} does not allow it")]
    account = request.account_of_resource
    if account == caller.account:
        return [*guards, *_same_account(layers, request)]
    if not caller.account:
        within = all_of(need.answer for need in _same_account(layers, request))
        across = all_of(need.answer for need in _cross_account(layers, request))
        unsure = doubtful("it is not known whether caller and resource are of one account", within, across)
        return [*guards, Requirement(within if within == across else unsure, "neither side allows it")]
    return [*guards, *_cross_account(layers, request)]


def _cross_account(layers: Layers, request: AccessRequest) -> list[Requirement]:
    """Both accounts must allow it, whatever the resource's policy names."""
    caller = request.question.context.caller
    resource = _resource_name(request)
    return [
        Requirement(
            layers.resource.allow if layers.resource else NO, f"{resource} does not allow it, and it is another account's"
        ),
        Requirement(
            _identity_grant(layers, caller), "its identity-based policies do not allow it, and the resource is another account's"
        ),
        *_caps(layers),
    ]


def _same_account(layers: Layers, request: AccessRequest) -> list[Requirement]:
    """Either side may allow it; a trust or key policy must, and hands over to identity policies by naming the account."""
    caller = request.question.context.caller
    resource = layers.resource or Layer()
    capped = all_of([_identity_grant(layers, caller), *(cap.answer for cap in _caps(layers))])
    direct = _direct_grant(resource, layers, request)
    if not _needs_resource_policy(layers, request):
        return [Requirement(any_of((capped, direct)), f"neither its own policies nor {_resource_name(request)} allow it")]
    delegated = resource.allow_by(Reach.ACCOUNT)
    if delegated.possible and not direct.possible and not capped.possible:
        sentence = f"{_resource_name(request)} names the account only, and the caller's own policies do not allow it"
        return [Requirement(NO, sentence)]
    return [Requirement(any_of((direct, all_of((delegated, capped)))), f"{_resource_name(request)} does not allow it")]


def _direct_grant(resource: Layer, layers: Layers, request: AccessRequest) -> Answer:
    """What naming the caller itself allows without any identity policy.

    Implicit denies of boundaries and session policies limit what a role is granted, not what names a user's or session's own ARN.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    caller = request.question.context.caller
    boundary = layers.boundary.allow if layers.boundary else YES
    session = layers.session.allow if layers.session else YES
    is_user = caller.kind is CallerKind.USER
    everyone = all_of((boundary, session))
    if is_user:
        everyone = _open_unless(everyone, 'AWS does not document whether a boundary limits what a user gets through "*"')
    user = YES
    if is_assuming(request.question.action):
        user = _open_unless(boundary, "AWS's pages disagree on whether a user named by ARN needs sts:AssumeRole in its boundary")
    own_session = _open_unless(
        session, "AWS's pages disagree on whether a session policy limits what names the session's own ARN"
    )
    return any_of(
        (
            all_of((resource.allow_by(Reach.USER), user)),
            all_of((resource.allow_by(Reach.SESSION), own_session)),
            all_of((resource.allow_by(Reach.ROLE), boundary, session)),
            all_of((resource.allow_by(Reach.EVERYONE, Reach.OUTSIDER), everyone)),
        )
    )


def _identity_grant(layers: Layers, caller: Caller) -> Answer:
    if caller.kind is CallerKind.ROOT:
        return YES  # the root user needs no policy
    if caller.kind is CallerKind.FEDERATED_USER and layers.session is None:
        return NO  # without a session policy such a session has no permissions of its own
    return layers.identity.allow


def _caps(layers: Layers) -> list[Requirement]:
    caps = []
    if layers.boundary is not None:
        caps.append(Requirement(layers.boundary.allow, "its permissions boundary does not allow it"))
    if layers.session is not None:
        caps.append(Requirement(layers.session.allow, "its session policy does not allow it"))
    return caps


def _levels(levels: tuple[Layer, ...], name: str) -> list[Requirement]:
    return [Requirement(level.allow, f"the {name} of level {number} do not allow it") for number, level in enumerate(levels, 1)]


def _impossible(request: AccessRequest) -> list[Requirement]:
    caller = request.question.context.caller
    found = []
    if is_assuming(request.question.action) and caller.kind in _NEVER_ASSUME:
        found.append(Requirement(NO, f"AWS lets no {caller.kind.value} assume a role"))
    arn = Arn.parse(request.resource or "")
    if arn and {caller.partition, arn.partition} <= PARTITIONS and caller.partition != arn.partition:
        found.append(Requirement(NO, f"no access crosses from partition {caller.partition} to {arn.partition}"))
    return found


def _needs_resource_policy(layers: Layers, request: AccessRequest) -> bool:
    """Role trust policies and KMS key policies: without their word, an identity policy allows nothing."""
    action = request.question.action
    if is_assuming(action):
        return True
    arn = Arn.parse(request.resource or "")
    is_role = arn is not None and arn.service == "iam" and arn.resource_type == "role"
    return (action in _BESIDES_ASSUMING and is_role) or (action.startswith("kms:") and layers.resource is not None)


def _resource_name(request: AccessRequest) -> str:
    if is_assuming(request.question.action):
        return "the role's trust policy"
    return "the resource's policy"


def _open_unless(answer: Answer, sentence: str) -> Answer:
    return answer if answer.truth is Truth.YES else doubtful(sentence, answer)
