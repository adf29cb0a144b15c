"""clouddriver's configuration as a whole, from Python or from its files.

load_clouddriver(*paths, environ=None, packaged=True, profiles=DEFAULT_PROFILES, version=None) -> Clouddriver
read_clouddriver(documents, environ=None, packaged=True, profiles=DEFAULT_PROFILES, version=None) -> Clouddriver
Clouddriver(aws=AwsProvider(...), ecs=EcsProvider(...), version=SpinnakerVersion | None, defects=(Defect, ...))
    .mapping(ecs_account) -> AccountMapping     role, session_e, session_a, regions, role_arn, account_id
    .mappings -> (AccountMapping, ...)          one for every ECS account, in file order
    .is_at_least("1.28") -> bool | None         None: no version is stated
    .regions_looked_up -> (name, ...)           asked of AWS at every start, as the managing identity
AwsProvider .accounts .account(name) .near_misses(name) .default_regions .default_regions_are_packaged ...
EcsProvider .accounts .accounts_stated .account(name) .naming_strategy_of(ecs_account)
any model   .written("account_id") -> Written(text, value, quoted, location, members) | None   .where(field)   .location
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.spinnaker.accounts import PACKAGED_FILE, AwsAccount, AwsProvider, EcsAccount, EcsProvider
from ecs_preflight.spinnaker.binding import bind
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.spinnaker.mapping import AccountMapping, mapping_of, regions_looked_up
from ecs_preflight.spinnaker.placeholders import Lookup
from ecs_preflight.spinnaker.profiles import DEFAULT_PROFILES, condition_of, is_active
from ecs_preflight.spinnaker.properties import (
    ReplacedList,
    environment_layer,
    find,
    java_text,
    layered,
    unfolded,
    uniform,
    written_twice,
)
from ecs_preflight.spinnaker.versions import SpinnakerVersion, is_at_least
from ecs_preflight.yamlfile import Mapping, Node, Scalar, Sequence, parse_yaml, parse_yaml_documents, read_text

# clouddriver-web/config/clouddriver.yml, on the classpath of every release from 1.18 on: the part that concerns accounts.
_PACKAGED = """\
default:
  account:
    env: default
aws:
  enabled: ${AWS_ENABLED:false}
  defaultRegions:
    - name: us-east-1
  defaultKeyPairTemplate: "{{name}}-keypair"
  accounts: []
"""


class Clouddriver(BaseModel):
    """What clouddriver would know of its AWS and ECS accounts, and what it would refuse or ignore (`defects`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)

    aws: AwsProvider = AwsProvider()
    ecs: EcsProvider = EcsProvider()
    version: SpinnakerVersion | None = None
    defects: tuple[Defect, ...] = ()

    def mapping(self, ecs_account: EcsAccount) -> AccountMapping:
        """What this ECS account comes to: AWS account, role, sessions, regions."""
        return mapping_of(self.aws, ecs_account, self.version)

    @property
    def mappings(self) -> tuple[AccountMapping, ...]:
        return tuple(self.mapping(account) for account in self.ecs.accounts)

    def is_mapped(self, account: AwsAccount) -> bool:
        """Whether some ECS account maps to this AWS account."""
        return any(ecs_account.aws_account == account.name for ecs_account in self.ecs.accounts)

    def is_at_least(self, release: str) -> bool | None:
        """Whether Spinnaker is of that release or later; None where no version is stated."""
        return is_at_least(self.version, release)

    @property
    def regions_looked_up(self) -> tuple[str, ...]:
        return regions_looked_up(self.aws)


def load_clouddriver(
    *paths: str | Path,
    environ: Dict[str, str] | None = None,
    packaged: bool = True,
    profiles: frozenset[str] = DEFAULT_PROFILES,
    version: SpinnakerVersion | None = None,
) -> Clouddriver:
    """The configuration that these files give, lowest layer first: spinnaker.yml, clouddriver.yml, clouddriver-local.yml.

    `environ` stands above the files, as the process environment does for Spring; nothing of ours is read unless passed. Raises
    `InputError` for a file that cannot be read or is not YAML. What clouddriver would refuse or ignore is in `.defects`.
    """
    documents = [document for path in paths for document in parse_yaml_documents(read_text(path), str(path))]
    return read_clouddriver(documents, environ=environ, packaged=packaged, profiles=profiles, version=version)


def read_clouddriver(
    documents: Iterable[Mapping],
    *,
    environ: Dict[str, str] | None = None,
    packaged: bool = True,
    profiles: frozenset[str] = DEFAULT_PROFILES,
    version: SpinnakerVersion | None = None,
) -> Clouddriver:
    """The same from documents that are parsed already."""
    environ = environ or {}
    defects: list[Defect] = []
    layers = [parse_yaml(_PACKAGED, PACKAGED_FILE)] if packaged else []
    for written in documents:
        document = unfolded(written)
        if is_halconfig(document):
            raise SyntaxInputError(
                "this is a configuration of Halyard's, not of clouddriver's",
                location=document.location,
                hint="Give it as the halconfig (`load_halconfig`).",
            )
        if is_active(document, profiles):
            layers.append(document)
            defects.extend((*_twice(written), *_halyards(document)))
        else:
            defects.extend(_inactive(document, profiles))
    properties, replaced = layered((*layers, environment_layer(environ, ("aws", "ecs"))))
    lookup = _lookup(properties, environ)
    aws, aws_defects = bind(AwsProvider, _block(properties, "aws", defects), "aws", lookup)
    ecs, ecs_defects = bind(EcsProvider, _block(properties, "ecs", defects), "ecs", lookup)
    if not packaged:
        aws = _without_packaged_defaults(aws)
    hidden = (defect for loss in replaced if (defect := _replaced(loss)))
    return Clouddriver(aws=aws, ecs=ecs, version=version, defects=(*defects, *hidden, *aws_defects, *ecs_defects))


def is_halconfig(document: Mapping) -> bool:
    """Whether a document is `~/.hal/config`, by its shape."""
    return document.entry("deploymentConfigurations") is not None


def _block(properties: Mapping, key: str, defects: list[Defect]) -> Mapping:
    node = find(properties, key)
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Sequence) or (isinstance(node, Scalar) and not node.is_blank):
        found = "a list" if isinstance(node, Sequence) else "a single value"
        defects.append(Defect(DefectKind.WRONG_TYPE, key, node.location, found, "a mapping is expected"))
    return Mapping((), properties.location)


def _lookup(properties: Mapping, environ: Dict[str, str]) -> Lookup:
    """Spring asks the environment first, under the name itself and as `AWS_ACCOUNTID`, then the merged files."""

    def lookup(name: str) -> str | None:
        for spelling in (name, name.replace(".", "_").replace("-", "").upper()):
            if spelling in environ:
                return environ[spelling]
        node = find(properties, name)
        return java_text(node.value) if isinstance(node, Scalar) else None

    return lookup


def _without_packaged_defaults(aws: AwsProvider) -> AwsProvider:
    """What the classes alone give: no default region and no key pair template."""
    bare = {"default_regions": (), "default_key_pair_template": None}
    return aws.model_copy(update={field: value for field, value in bare.items() if field not in aws.model_fields_set})


def _replaced(loss: ReplacedList) -> Defect | None:
    """The defect of a list whose entries a higher layer hides; none where everything stands there again."""
    if not uniform(loss.path).startswith(("aws", "ecs")) or loss.lower.location.file == PACKAGED_FILE:
        return None
    again = _names(loss.upper)
    hidden = tuple(name for name in _names(loss.lower) if name not in again)
    if not hidden:
        return None
    return Defect(
        DefectKind.LIST_REPLACED,
        loss.path,
        loss.upper.location,
        f"this list replaces the one of {loss.lower.location}, which had {', '.join(hidden)}",
        "Spring merges no lists: repeat every entry in the last file, or keep the list in one file",
        hidden=hidden,
    )


def _names(node: Node) -> tuple[str, ...]:
    """How a list's entries are called: by their `name`, else by themselves."""
    if not isinstance(node, Sequence):
        return ()
    named = (find(item, "name") if isinstance(item, Mapping) else item for item in node.items)
    return tuple(java_text(name.value) for name in named if isinstance(name, Scalar))


def _twice(document: Mapping) -> Iterator[Defect]:
    for path, first, second in written_twice(document, ""):
        if uniform(path.partition(".")[0]) in ("aws", "ecs"):
            found = f"`{second.key}` is `{first.key}` of line {first.key_location.line} once more"
            expected = "they are one key to Spring, which keeps one of them"
            yield Defect(DefectKind.KEY_WRITTEN_TWICE, path, second.key_location, found, expected)


def _halyards(document: Mapping) -> Iterator[Defect]:
    """Blocks that stand under `providers`, as in Halyard's file: clouddriver reads them at the top alone."""
    providers = document.entry("providers")
    for entry in providers.node.entries if providers and isinstance(providers.node, Mapping) else ():
        if entry.key in ("aws", "ecs"):
            found, expected = (
                f"`{entry.key}` stands under `providers`",
                "clouddriver reads it at the top of the file, in column 1",
            )
            yield Defect(DefectKind.MISPLACED_KEY, f"providers.{entry.key}", entry.key_location, found, expected)


def _inactive(document: Mapping, profiles: frozenset[str]) -> tuple[Defect, ...]:
    """A defect for each block of ours in a document that is not in force."""
    needed = " or ".join(condition_of(document))
    active = ", ".join(sorted(profiles)) or "none"
    return tuple(
        Defect(
            DefectKind.DOCUMENT_NOT_ACTIVE,
            entry.key,
            entry.key_location,
            f"the document is for the profile {needed}",
            f"the profiles taken for active are {active}",
        )
        for entry in document.entries
        if uniform(entry.key) in ("aws", "ecs")
    )
