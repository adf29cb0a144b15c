"""Halyard's `~/.hal/config`: the deployment in force, read as the clouddriver.yml that Halyard would write of it.

halyard: `Halconfig`, `AwsProvider`, `AwsAccount`, `EcsProvider`, `EcsAccount`, `StrictObjectMapper` (an unknown key is refused),
`ClouddriverProfileFactory` (the providers become the top-level keys of clouddriver.yml).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dict
from pathlib import Path

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider, near_misses
from ecs_preflight.spinnaker.clouddriver import Clouddriver, is_halconfig, read_clouddriver
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.spinnaker.misplaced import spelling_of
from ecs_preflight.spinnaker.properties import java_text
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from ecs_preflight.yamlfile import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    parse_yaml,
    parse_yaml_documents,
    read_text,
    read_yaml,
)

HALYARD_DEFAULTS_FILE = "Halyard's defaults"

# AwsProvider.java and EcsProvider.java: what the objects hold where the file says nothing, and what is dumped all the same.
_DEFAULTS = """\
aws:
  enabled: false
  defaultRegions: [{name: us-west-2}]
  defaultKeyPairTemplate: "{{name}}-keypair"
  accounts: []
ecs:
  enabled: false
  accounts: []
"""

_ACCOUNT_KEYS = ("name", "environment", "requiredGroupMembership", "permissions", "providerVersion")
# Jackson compares keys letter by letter; there is no relaxed spelling here.
_KEYS: Dict[str, tuple[str, ...]] = {
    "aws": (
        *("enabled", "accounts", "primaryAccount", "bakeryDefaults", "accessKeyId", "secretAccessKey", "defaultAssumeRole"),
        *("defaultKeyPairTemplate", "defaultRegions", "defaults", "features", "lambda", "providerVersion"),
    ),
    "aws.accounts[]": (
        *_ACCOUNT_KEYS,
        *("defaultKeyPair", "edda", "discovery", "accountId", "regions", "assumeRole", "externalId", "sessionName"),
        *("lifecycleHooks", "lambdaEnabled"),
    ),
    "aws.accounts[].regions[]": ("name",),
    "aws.defaultRegions[]": ("name",),
    "ecs": ("enabled", "accounts", "primaryAccount", "awsAccount", "providerVersion"),
    "ecs.accounts[]": (*_ACCOUNT_KEYS, "awsAccount"),
}
# What clouddriver knows there and Halyard does not: no misspelling, whatever it looks like.
_ONLY_CLOUDDRIVERS: Dict[str, tuple[str, ...]] = {
    place: tuple(spelling_of(model, field) for field in model.model_fields)
    for place, model in (
        ("aws", AwsProvider),
        ("aws.accounts[]", AwsAccount),
        ("ecs", EcsProvider),
        ("ecs.accounts[]", EcsAccount),
    )
}


def load_halconfig(path: str | Path, *overlays: str | Path, environ: Dict[str, str] | None = None) -> Clouddriver:
    """clouddriver's configuration as Halyard would deploy it, under the `overlays` (`profiles/clouddriver-local.yml`) given.

    `.version` is the deployment's; `.defects` holds what Halyard refuses too. Raises `InputError` for a file that cannot be read,
    that is no halconfig, or whose `currentDeployment` it does not hold.
    """
    documents = [document for overlay in overlays for document in parse_yaml_documents(read_text(overlay), str(overlay))]
    return read_halconfig(read_yaml(path), *documents, environ=environ)


def read_halconfig(halconfig: Mapping, *overlays: Mapping, environ: Dict[str, str] | None = None) -> Clouddriver:
    """The same from documents that are parsed already."""
    deployment = _current_deployment(halconfig)
    providers = deployment.get("providers")
    blocks = _blocks(providers) if isinstance(providers, Mapping) else ()
    refused = tuple(defect for entry in blocks for defect in _refused(entry.node, entry.key, f"providers.{entry.key}"))
    version, unreadable = _version_of(deployment)
    written = Mapping(blocks, deployment.location)
    whole = read_clouddriver((parse_yaml(_DEFAULTS, HALYARD_DEFAULTS_FILE), written, *overlays), environ=environ, version=version)
    told = {defect.location for defect in refused}
    others = tuple(defect for defect in whole.defects if defect.location not in told and not _of_defaults(defect))
    return whole.model_copy(update={"defects": (*refused, *unreadable, *others)})


def _current_deployment(halconfig: Mapping) -> Mapping:
    deployments = halconfig.get("deploymentConfigurations")
    if not is_halconfig(halconfig) or not isinstance(deployments, Sequence):
        raise SyntaxInputError(
            "this is no configuration of Halyard's: it has no list `deploymentConfigurations`",
            location=halconfig.location,
            hint="Give clouddriver.yml as such, or the file `~/.hal/config`.",
        )
    current = halconfig.get("currentDeployment")
    wanted = java_text(current.value) if isinstance(current, Scalar) and not current.is_blank else "default"
    named = {_text_of(item, "name") or "default": item for item in deployments.items if isinstance(item, Mapping)}
    if wanted not in named:
        near = near_misses(wanted, tuple(named))
        known = ", ".join(named) or "none"
        raise SyntaxInputError(
            f"the current deployment `{wanted}` is not in the file; its deployments: {known}",
            location=current.location if current else halconfig.location,
            hint=f"Write `currentDeployment: {near[0] if near else next(iter(named), 'default')}`.",
        )
    return named[wanted]


def _blocks(providers: Mapping) -> tuple[Entry, ...]:
    return tuple(entry for entry in providers.entries if entry.key in ("aws", "ecs"))


def _refused(node: Node, place: str, path: str) -> Iterator[Defect]:
    """Every key that Halyard's mapper does not know; for one of them it refuses the whole file."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _refused(item, f"{place}[]", f"{path}[{index}]")
        return
    known = _KEYS.get(place)
    if not isinstance(node, Mapping) or known is None:
        return
    for entry in node.entries:
        if entry.key in known:
            yield from _refused(entry.node, f"{place}.{entry.key}", f"{path}.{entry.key}")
            continue
        near = None if entry.key in _ONLY_CLOUDDRIVERS.get(place, ()) else next(iter(near_misses(entry.key, known)), None)
        found = f"`{entry.key}` is no key of Halyard's"
        expected = "Halyard refuses the whole file; what only clouddriver knows goes to profiles/clouddriver-local.yml"
        yield Defect(DefectKind.REFUSED_BY_HALYARD, f"{path}.{entry.key}", entry.key_location, found, expected, near)


def _version_of(deployment: Mapping) -> tuple[SpinnakerVersion | None, tuple[Defect, ...]]:
    node = deployment.get("version")
    if not isinstance(node, Scalar):
        return None, ()
    try:
        # As written: an unquoted 1.10 is the number 1.1 to YAML, and 1.10 to whoever wrote it.
        return SpinnakerVersion.parse(node.text), ()
    except SyntaxInputError as error:
        return None, (Defect(DefectKind.WRONG_TYPE, "version", node.location, error.message, error.hint or ""),)


def _text_of(node: Mapping, key: str) -> str | None:
    value = node.get(key)
    return java_text(value.value) if isinstance(value, Scalar) and not value.is_blank else None


def _of_defaults(defect: Defect) -> bool:
    """Only Halyard's own default was replaced."""
    return defect.kind is DefectKind.LIST_REPLACED and HALYARD_DEFAULTS_FILE in defect.found
