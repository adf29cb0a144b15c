"""Keys that clouddriver's classes do not have where they stand: where they belong, or why nobody reads them."""

from __future__ import annotations

from ecs_preflight.spinnaker.accounts import (
    AwsAccount,
    AwsProvider,
    EcsAccount,
    EcsProvider,
    LifecycleHook,
    LoadAccounts,
    Permissions,
    Region,
)
from ecs_preflight.spinnaker.properties import uniform
from ecs_preflight.spinnaker.written import WrittenModel

ModelClass = type[WrittenModel]

# Where each class is bound, as a person would say it.
PLACES: dict[ModelClass, str] = {
    AwsProvider: "aws",
    AwsAccount: "aws.accounts[]",
    Region: "aws.accounts[].regions[]",
    LoadAccounts: "aws.loadAccounts",
    LifecycleHook: "aws.accounts[].lifecycleHooks[]",
    Permissions: "aws.accounts[].permissions",
    EcsProvider: "ecs",
    EcsAccount: "ecs.accounts[]",
}

# Other beans of clouddriver on the prefix `aws` (AwsConfigurationProperties, DeployDefaults, AWSProxy, feature flags), and what
# Halyard writes there for Orca, Rosco and Deck: read by somebody, so nothing to report.
_READ_BY_OTHERS: dict[ModelClass, frozenset[str]] = {
    AwsProvider: frozenset(
        {"bakerydefaults", "cleanup", "client", "cloudformation", "defaults", "edda", "features", "health", "lambda"}
        | {"launchtemplates", "lifecyclesubscribers", "primaryaccount", "proxy", "ratelimits"}
    ),
    AwsAccount: frozenset({"providerversion"}),
    EcsProvider: frozenset({"primaryaccount"}),
    EcsAccount: frozenset({"providerversion"}),
}

# Where to look for the owner of a key, nearest first: an entry's key written beside the list, or the block's key inside an entry.
_NEIGHBOURS: dict[ModelClass, tuple[ModelClass, ...]] = {
    AwsProvider: (AwsAccount, LoadAccounts, EcsProvider, EcsAccount),
    AwsAccount: (AwsProvider, Region, EcsAccount),
    Region: (AwsAccount, AwsProvider),
    EcsProvider: (EcsAccount, AwsProvider, AwsAccount),
    EcsAccount: (EcsProvider,),
}


def fields_of(model: ModelClass) -> dict[str, str]:
    """Field names by the form in which Spring compares keys."""
    return {uniform(spelling_of(model, name)): name for name in model.model_fields}


def spelling_of(model: ModelClass, field: str) -> str:
    """clouddriver's own spelling of a field."""
    return model.model_fields[field].alias or field


def is_read_by_others(model: ModelClass, key: str) -> bool:
    return uniform(key) in _READ_BY_OTHERS.get(model, frozenset())


def ignored_because(model: ModelClass, key: str) -> str | None:
    """Why a key that looks right has no effect there."""
    if model is EcsAccount and uniform(key) in fields_of(AwsAccount):
        return "clouddriver reads only name, awsAccount and namingStrategy there and takes the rest from the AWS account"
    if model is AwsAccount and uniform(key) == "shieldenabled":
        return "clouddriver has no such field and always takes it for false"
    return None


def owner_of(model: ModelClass, key: str) -> ModelClass | None:
    """The class whose field this is, near the place where it stands."""
    return next((other for other in _NEIGHBOURS.get(model, ()) if uniform(key) in fields_of(other)), None)
