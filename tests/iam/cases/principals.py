"""Principal and NotPrincipal: who is named."""

from __future__ import annotations

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    DENIED,
    ECS_TASKS,
    NOT_ALLOWED,
    NOT_PRINCIPAL_PAGE,
    OTHER,
    PRINCIPAL_PAGE,
    ROOT,
    SESSION,
    STRANGER,
    TRUSTING,
    UNDECIDABLE,
    Case,
    asks,
    document,
    trusts,
)

_OIDC = f"arn:aws:iam::{TRUSTING}:oidc-provider/token.actions.githubusercontent.com"
_SAML = f"arn:aws:iam::{TRUSTING}:saml-provider/corp"
_FEDERATED_USER = f"arn:aws:sts::{TRUSTING}:federated-user/bob"
_PATH_ROLE = f"arn:aws:iam::{TRUSTING}:role/team/app"
_PATH_USER = f"arn:aws:iam::{TRUSTING}:user/team/alice"
_ORPHAN_ROLE = "AROADBQP57FF2AEXAMPLE"
_ORPHAN_USER = "AIDACKCEVSQ6C2EXAMPLE"

# name of the principal in the policy, the caller, the decision
_AWS = (
    ("an account root covers a user", ROOT, ALICE, ALLOWED),
    ("an account root covers a role", ROOT, APP, ALLOWED),
    ("an account root covers a session", ROOT, SESSION, ALLOWED),
    ("an account root covers the root user", ROOT, ROOT, ALLOWED),
    ("an account root covers a federated user session", ROOT, _FEDERATED_USER, ALLOWED),
    ("an account id is its root", TRUSTING, ALICE, ALLOWED),
    ("an account id covers a caller given as account id", TRUSTING, TRUSTING, ALLOWED),
    ("an account id covers a session", TRUSTING, SESSION, ALLOWED),
    ("an account root covers nobody of another account", ROOT, STRANGER, NOT_ALLOWED),
    ("an account id covers nobody of another account", OTHER, ALICE, NOT_ALLOWED),
    ("an account root does not cover an AWS service", ROOT, ECS_TASKS, NOT_ALLOWED),
    ("an account root does not cover an identity provider of the account", ROOT, _OIDC, NOT_ALLOWED),
    ("an account root does not cover the anonymous", ROOT, {"type": "anonymous"}, NOT_ALLOWED),
    ("an account of another partition is another account", f"arn:aws-cn:iam::{TRUSTING}:root", ALICE, NOT_ALLOWED),
    ("an account covers a caller whose ARN is of no known kind", ROOT, f"arn:aws:iam::{TRUSTING}:mfa/x", ALLOWED),
    ("a user is itself", ALICE, ALICE, ALLOWED),
    ("a user is not another user", f"{ALICE}2", ALICE, NOT_ALLOWED),
    ("a user name is case-sensitive", f"arn:aws:iam::{TRUSTING}:user/Alice", ALICE, NOT_ALLOWED),
    ("a user's path counts", _PATH_USER, ALICE, NOT_ALLOWED),
    ("a user with its path is itself", _PATH_USER, _PATH_USER, ALLOWED),
    ("a user is not a role of its name", f"arn:aws:iam::{TRUSTING}:user/app", APP, NOT_ALLOWED),
    ("a role is itself", APP, APP, ALLOWED),
    ("a role covers its sessions", APP, SESSION, ALLOWED),
    ("a role covers no session of another role", f"{APP}2", SESSION, NOT_ALLOWED),
    ("a role covers no session of its namesake elsewhere", APP, f"arn:aws:sts::{OTHER}:assumed-role/app/s", NOT_ALLOWED),
    ("a role covers no session of its namesake in China", APP, f"arn:aws-cn:sts::{TRUSTING}:assumed-role/app/s", NOT_ALLOWED),
    ("a role with a path covers its sessions, whose ARNs have none", _PATH_ROLE, SESSION, ALLOWED),
    ("a role with a path is itself", _PATH_ROLE, _PATH_ROLE, ALLOWED),
    ("a role's path counts where it is known", _PATH_ROLE, APP, NOT_ALLOWED),
    ("a session is itself", SESSION, SESSION, ALLOWED),
    ("a session is not another session", SESSION, f"{SESSION}2", NOT_ALLOWED),
    ("naming one session grants nothing to the role", SESSION, APP, NOT_ALLOWED),
    ("a session has no wildcard", f"arn:aws:sts::{TRUSTING}:assumed-role/app/*", SESSION, NOT_ALLOWED),
    ("a federated user session is itself", _FEDERATED_USER, _FEDERATED_USER, ALLOWED),
    ("a federated user session is not another", _FEDERATED_USER, f"{_FEDERATED_USER}2", NOT_ALLOWED),
    ("a user does not cover federated user sessions", f"arn:aws:iam::{TRUSTING}:user/bob", _FEDERATED_USER, NOT_ALLOWED),
    ("everyone is a user", "*", ALICE, ALLOWED),
    ("everyone is a stranger", "*", STRANGER, ALLOWED),
    ("everyone is a session", "*", SESSION, ALLOWED),
    ("everyone is the anonymous", "*", {"type": "anonymous"}, ALLOWED),
    ("everyone may be an AWS service: the pages disagree", "*", ECS_TASKS, UNDECIDABLE),
    ("everyone may be a provider: the pages are silent", "*", _OIDC, UNDECIDABLE),
    ("everyone is a caller of no known kind", "*", "a user", ALLOWED),
    ("part of a principal is never a wildcard", f"arn:aws:iam::{TRUSTING}:role/*", APP, NOT_ALLOWED),
    ("a wildcard in the account is none", "arn:aws:iam::*:root", ALICE, NOT_ALLOWED),
    ("a group is no principal", f"arn:aws:iam::{TRUSTING}:group/admins", ALICE, NOT_ALLOWED),
    ("a deleted role's id is no role of the same name", _ORPHAN_ROLE, APP, NOT_ALLOWED),
    ("a deleted role's id is no session", _ORPHAN_ROLE, SESSION, NOT_ALLOWED),
    ("a deleted user's id is no user of the same name", _ORPHAN_USER, ALICE, NOT_ALLOWED),
    ("a unique id is itself", _ORPHAN_ROLE, _ORPHAN_ROLE, ALLOWED),
    ("a unique id covers the sessions of its role", _ORPHAN_ROLE, f"{_ORPHAN_ROLE}:session", ALLOWED),
    ("a user's unique id is itself", _ORPHAN_USER, _ORPHAN_USER, ALLOWED),
    ("a role's ARN does not name a unique id", APP, _ORPHAN_ROLE, NOT_ALLOWED),
    ("a unique id does not say its account", ROOT, _ORPHAN_ROLE, UNDECIDABLE),
    ("role names that differ in case only: the pages disagree", f"arn:aws:iam::{TRUSTING}:role/App", APP, UNDECIDABLE),
    ("but not where the role itself is named too", [APP, f"arn:aws:iam::{TRUSTING}:role/App"], APP, ALLOWED),
    ("and so for sessions", f"arn:aws:iam::{TRUSTING}:role/App", SESSION, UNDECIDABLE),
    ("a caller that is not stated may be anybody", ALICE, None, UNDECIDABLE),
    ("a caller that is not stated is somebody", "*", None, ALLOWED),
)
_SERVICES = (
    ("a service is itself", {"Service": ECS_TASKS}, ECS_TASKS, ALLOWED),
    ("a service in a list", {"Service": ["ecs.amazonaws.com", ECS_TASKS]}, ECS_TASKS, ALLOWED),
    ("ecs is not ecs-tasks", {"Service": "ecs.amazonaws.com"}, ECS_TASKS, NOT_ALLOWED),
    ("ecs-tasks is not ecs", {"Service": ECS_TASKS}, "ecs.amazonaws.com", NOT_ALLOWED),
    ("a service name is case-sensitive", {"Service": "ECS-tasks.amazonaws.com"}, ECS_TASKS, NOT_ALLOWED),
    ("a service of China is another name", {"Service": "ec2.amazonaws.com.cn"}, "ec2.amazonaws.com", NOT_ALLOWED),
    ("a service does not cover a user", {"Service": ECS_TASKS}, ALICE, NOT_ALLOWED),
    ("kinds are ORed: the service", {"Service": ECS_TASKS, "AWS": ROOT}, ECS_TASKS, ALLOWED),
    ("kinds are ORed: the account", {"Service": ECS_TASKS, "AWS": ROOT}, ALICE, ALLOWED),
    ("a provider of a service's name is no service", {"Service": ECS_TASKS}, {"Federated": ECS_TASKS}, NOT_ALLOWED),
    ("a caller may say that it is a service", {"Service": ECS_TASKS}, {"Service": ECS_TASKS}, ALLOWED),
    (
        "the scaling role of ECS trusts its own service",
        {"Service": "application-autoscaling.amazonaws.com"},
        ECS_TASKS,
        NOT_ALLOWED,
    ),
    ("nobody is named", {"AWS": []}, ALICE, NOT_ALLOWED),
    ("the bare * is everyone, though no trust policy may have it", "*", ALICE, ALLOWED),
    ("the bare * is the anonymous", "*", {"type": "anonymous"}, ALLOWED),
    ("a canonical user is itself", {"CanonicalUser": "79a59df900b949e5"}, "79a59df900b949e5", ALLOWED),
    ("a canonical user may be anybody of its account", {"CanonicalUser": "79a59df900b949e5"}, ALICE, UNDECIDABLE),
    ("a canonical user is no service", {"CanonicalUser": "79a59df900b949e5"}, ECS_TASKS, NOT_ALLOWED),
)
_FEDERATED = (
    ("an OIDC provider is itself", _OIDC, _OIDC, "sts:AssumeRoleWithWebIdentity", ALLOWED),
    ("an OIDC provider never calls AssumeRole", _OIDC, _OIDC, "sts:AssumeRole", NOT_ALLOWED),
    ("an OIDC provider never calls AssumeRoleWithSAML", _OIDC, _OIDC, "sts:AssumeRoleWithSAML", NOT_ALLOWED),
    ("an OIDC provider tags its sessions", _OIDC, _OIDC, "sts:TagSession", ALLOWED),
    ("a SAML provider is itself", _SAML, _SAML, "sts:AssumeRoleWithSAML", ALLOWED),
    ("a SAML provider never calls AssumeRoleWithWebIdentity", _SAML, _SAML, "sts:AssumeRoleWithWebIdentity", NOT_ALLOWED),
    ("a SAML provider is not another", _SAML, f"{_SAML}2", "sts:AssumeRoleWithSAML", NOT_ALLOWED),
    ("a built-in provider", "accounts.google.com", "accounts.google.com", "sts:AssumeRoleWithWebIdentity", ALLOWED),
    ("another built-in provider", "accounts.google.com", "graph.facebook.com", "sts:AssumeRoleWithWebIdentity", NOT_ALLOWED),
    ("Cognito", "cognito-identity.amazonaws.com", "cognito-identity.amazonaws.com", "sts:AssumeRoleWithWebIdentity", ALLOWED),
    ("said to be a provider", _OIDC, {"Federated": _OIDC}, "sts:AssumeRoleWithWebIdentity", ALLOWED),
    ("a provider's session on a resource", _OIDC, _OIDC, "s3:GetObject", ALLOWED),
)
# who is excepted from a Deny, the caller, the decision
_EXCEPTED = (
    ("the user named", {"AWS": ALICE}, ALICE, ALLOWED),
    ("the user named beside its account", {"AWS": [ALICE, ROOT]}, ALICE, ALLOWED),
    ("another user", {"AWS": ALICE}, f"{ALICE}2", DENIED),
    ("a stranger", {"AWS": [ALICE, ROOT]}, STRANGER, DENIED),
    ("somebody whose account alone is named", {"AWS": ROOT}, ALICE, UNDECIDABLE),
    ("the root user whose account is named", {"AWS": ROOT}, ROOT, ALLOWED),
    ("the role named", {"AWS": APP}, APP, ALLOWED),
    ("a session whose role alone is named", {"AWS": [APP, ROOT]}, SESSION, UNDECIDABLE),
    ("a session named with its role and account", {"AWS": [SESSION, APP, ROOT]}, SESSION, ALLOWED),
    ("another session of a role of which one is named", {"AWS": SESSION}, f"{SESSION}2", DENIED),
    ("a role of which one session is named", {"AWS": SESSION}, APP, UNDECIDABLE),
    ("a service", {"AWS": ALICE}, ECS_TASKS, DENIED),
    ("the service named", {"Service": ECS_TASKS}, ECS_TASKS, ALLOWED),
    ("everyone", "*", ALICE, ALLOWED),
    ("everyone, which may be a service", "*", ECS_TASKS, UNDECIDABLE),
    ("what IAM refuses as a principal", {"AWS": f"arn:aws:iam::{TRUSTING}:role/*"}, APP, UNDECIDABLE),
)

CASES = (
    *(
        Case(name, document(trusts({"AWS": named})), asks(caller), decision, PRINCIPAL_PAGE)
        for name, named, caller, decision in _AWS
    ),
    *(Case(name, document(trusts(named)), asks(caller), decision, PRINCIPAL_PAGE) for name, named, caller, decision in _SERVICES),
    *(
        Case(name, document(trusts({"Federated": named}, Action="*")), asks(caller, action), decision, PRINCIPAL_PAGE)
        for name, named, caller, action, decision in _FEDERATED
    ),
    *(
        Case(
            f"a Deny excepts {name}",
            document(
                trusts({"AWS": "*", "Service": ECS_TASKS}),
                trusts(effect="Deny", NotPrincipal=named),
            ),
            asks(caller),
            decision,
            NOT_PRINCIPAL_PAGE,
        )
        for name, named, caller, decision in _EXCEPTED
    ),
    Case(
        "a Deny excepts the provider named",
        document(
            trusts({"Federated": _OIDC}, Action="sts:AssumeRoleWithWebIdentity"),
            trusts(effect="Deny", NotPrincipal={"Federated": _OIDC}, Action="*"),
        ),
        asks(_OIDC, "sts:AssumeRoleWithWebIdentity"),
        ALLOWED,
        NOT_PRINCIPAL_PAGE,
    ),
    Case("Allow with NotPrincipal", document(trusts(NotPrincipal={"AWS": ALICE})), asks(STRANGER), ALLOWED, NOT_PRINCIPAL_PAGE),
    Case("and its exception", document(trusts(NotPrincipal={"AWS": ALICE})), asks(ALICE), NOT_ALLOWED, NOT_PRINCIPAL_PAGE),
    Case(
        "a Deny of one session leaves the role open",
        document(trusts(), trusts({"AWS": SESSION}, effect="Deny")),
        asks(APP),
        UNDECIDABLE,
        PRINCIPAL_PAGE,
    ),
    Case(
        "a Deny of what is no principal is not trusted to deny nobody",
        document(trusts(), trusts({"AWS": f"arn:aws:iam::{TRUSTING}:role/*"}, effect="Deny")),
        asks(APP),
        UNDECIDABLE,
        PRINCIPAL_PAGE,
    ),
    Case(
        "nor is a Deny with the other wildcard",
        document(trusts(), trusts({"AWS": f"arn:aws:iam::{TRUSTING}:role/ap?"}, effect="Deny")),
        asks(APP),
        UNDECIDABLE,
        PRINCIPAL_PAGE,
    ),
    Case(
        "a unique id whose account the context tells",
        document(trusts()),
        asks(_ORPHAN_ROLE, context={"aws:PrincipalAccount": TRUSTING}),
        ALLOWED,
        PRINCIPAL_PAGE,
    ),
    Case(
        "a unique id of another account",
        document(trusts()),
        asks(_ORPHAN_ROLE, context={"aws:PrincipalAccount": OTHER}),
        NOT_ALLOWED,
        PRINCIPAL_PAGE,
    ),
    Case(
        "an ARN says its account, whatever the context says",
        document(trusts()),
        asks(ALICE, context={"aws:PrincipalAccount": OTHER}),
        ALLOWED,
        PRINCIPAL_PAGE,
    ),
    Case(
        "a caller whose unique id the context tells",
        document(trusts({"AWS": _ORPHAN_ROLE})),
        asks(SESSION, context={"aws:userid": f"{_ORPHAN_ROLE}:session"}),
        ALLOWED,
        PRINCIPAL_PAGE,
    ),
)
