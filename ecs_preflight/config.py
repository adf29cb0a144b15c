"""What a run is about: Spinnaker's own configuration, and what preflight.yml adds to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from ecs_preflight.errors import InputError, Location, UsageError
from ecs_preflight.findings import Blocked, Undetermined
from ecs_preflight.preflight_file import AccountFile, ClusterFile, PreflightFile, Reader, Thresholds, Waiver
from ecs_preflight.preflight_reader import read_preflight_file
from ecs_preflight.spinnaker.accounts import AwsAccount, EcsAccount
from ecs_preflight.spinnaker.clouddriver import Clouddriver, is_halconfig, read_clouddriver
from ecs_preflight.spinnaker.halyard import load_halconfig
from ecs_preflight.spinnaker.mapping import AccountMapping
from ecs_preflight.spinnaker.properties import uniform
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from ecs_preflight.targets import EVERY_CLUSTER, Target
from ecs_preflight.workloads.listing import WorkloadList, list_workloads
from ecs_preflight.workloads.reading import WorkloadFiles, read_workload_files
from ecs_preflight.workloads.workload import Workload
from ecs_preflight.yamlfile import Mapping as YamlMapping
from ecs_preflight.yamlfile import parse_yaml_documents, read_text

# A path takes every printable character of ASCII, a name does not.
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::[0-9]{12}:role/(?:[!-~]+/)?[\w+=,.@-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class PreflightConfig:
    """One run's input, read and joined. Make it with load_config, or of parts in Python."""

    clouddriver: Clouddriver
    preflight: PreflightFile = field(default_factory=PreflightFile)
    extra_clusters: tuple[Target, ...] = ()
    """ECS clusters named on the command line."""
    offline: bool = False
    """Plan only what needs no AWS."""
    workload_files: WorkloadFiles = field(default_factory=WorkloadFiles)
    """What preflight.yml names for its workloads, and the pipelines of the command line, as they were read."""

    @property
    def version(self) -> SpinnakerVersion | None:
        """Spinnaker's version where it is stated anywhere; None where it is not."""
        return self.clouddriver.version

    @property
    def thresholds(self) -> Thresholds:
        return self.preflight.thresholds

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        return self.preflight.waivers

    @property
    def managing_identity_arn(self) -> str | None:
        """Who Spinnaker is; None where it is not stated and the caller is taken for it."""
        return self.preflight.managing_identity_arn

    @property
    def ecs_accounts(self) -> tuple[EcsAccount, ...]:
        """The ECS accounts, each name once: of two the last, as clouddriver keeps it. A blank name is nobody's target."""
        return tuple({account.name: account for account in self.clouddriver.ecs.accounts if account.name.strip()}.values())

    @property
    def unmapped_aws_accounts(self) -> tuple[AwsAccount, ...]:
        """The AWS accounts that clouddriver would load and no ECS account maps to."""
        mapped = {account.aws_account for account in self.ecs_accounts}
        loaded = {account.name: account for account in self.clouddriver.aws.accounts if account.enabled}
        return tuple(account for name, account in loaded.items() if name not in mapped)

    def ecs_account(self, name: str) -> EcsAccount:
        """The ECS account of a target; a KeyError for a name that no target can have."""
        found = self.clouddriver.ecs.account(name)
        if found is None:
            raise KeyError(name)
        return found

    def mapping(self, account: str) -> AccountMapping:
        """What clouddriver makes of an ECS account; Blocked, or Undetermined, where its AWS account is not found."""
        mapping = self.clouddriver.mapping(self.ecs_account(account))
        name = mapping.ecs_account.aws_account
        if mapping.aws_account is not None:
            return mapping
        if name is None or not name.strip():
            raise Blocked(f"the ECS account {account!r} names no AWS account")
        self.require_readable_names(name)
        raise Blocked(f"its AWS account {name!r} is not in aws.accounts")

    def require_readable_names(self, name: str) -> None:
        """Undetermined where `name`, or that of an AWS account that it may mean, holds what only Spinnaker can read."""
        for text in (name, *(account.name for account in self.clouddriver.aws.accounts)):
            if is_opaque(text):
                raise Undetermined(f"{text!r}, the name of an AWS account, is read by Spinnaker alone")

    def mapping_or_none(self, account: str) -> AccountMapping | None:
        """The same for planning, where what is missing asks no questions."""
        mapping = self.clouddriver.mapping(self.ecs_account(account))
        return mapping if mapping.aws_account else None

    def role_is_known(self, account: str) -> bool:
        """Whether the configuration gives a role that STS can be asked for: an ARN of a role in a twelve-digit account."""
        mapping = self.mapping_or_none(account)
        return bool(mapping and mapping.role_arn and _ROLE_ARN.fullmatch(mapping.role_arn))

    def reader(self, account: str) -> Reader | None:
        """Who reads IAM for an ECS account, or for the managing account where `account` is empty."""
        described = self.preflight.accounts.get(account)
        return (described.reader if described else None) or self.preflight.reader

    def described(self, account: str) -> AccountFile:
        """What preflight.yml says of an ECS account."""
        return self.preflight.accounts.get(account) or AccountFile()

    def spinnaker_regions(self, account: str) -> tuple[str, ...]:
        """The regions that clouddriver will use for an ECS account."""
        return tuple(dict.fromkeys(region.name for region in self.clouddriver.mapping(self.ecs_account(account)).regions))

    def regions(self, account: str) -> tuple[str, ...]:
        """Those, and the regions that an ECS cluster was named in."""
        named = (target.region for target in self._clusters_beside if target.account == account)
        return tuple(dict.fromkeys((*self.spinnaker_regions(account), *self.described(account).regions, *named)))

    def clusters(self, account: str, region: str) -> tuple[str, ...]:
        """The ECS clusters that are named for an account and region; none named means that all are looked at."""
        described = self.described(account).regions.get(region)
        beside = (t.cluster for t in self._clusters_beside if (t.account, t.region) == (account, region))
        return tuple(dict.fromkeys((*(described.clusters if described else ()), *beside)))

    @cached_property
    def _clusters_beside(self) -> tuple[Target, ...]:
        """The ECS clusters of the command line, and those that pipelines deploy to."""
        return tuple(dict.fromkeys((*self.extra_clusters, *self._workloads.by_cluster)))

    def names_clusters_of(self, account: str) -> bool:
        """Whether any ECS cluster is named for an account. With none, all its clusters are looked at."""
        return any(self.clusters(account, region) for region in self.regions(account))

    def workloads(self, target: Target) -> tuple[Workload, ...]:
        """The workloads that will be deployed to an ECS cluster."""
        return self._workloads.by_cluster.get(Target(target.account, target.region, target.cluster), ())

    def workload(self, target: Target) -> Workload:
        return next(workload for workload in self.workloads(target) if workload.name == target.workload)

    @property
    def unplaced_workloads(self) -> tuple[Workload, ...]:
        """What a pipeline deploys to an ECS account that there is not, or to a place that an expression decides."""
        return self._workloads.unplaced

    @cached_property
    def _workloads(self) -> WorkloadList:
        accounts = tuple(account.name for account in self.ecs_accounts)
        return list_workloads(self.preflight, self.workload_files, accounts, self._managed_role_of)

    def _managed_role_of(self, account: str) -> str | None:
        found = self.clouddriver.ecs.account(account)
        return self.clouddriver.mapping(found).role_arn if found and self.role_is_known(account) else None

    def where(self, target: Target) -> Location | None:
        """Where preflight.yml names the ECS cluster of a target; None where it does not."""
        cluster = self._described_cluster(target)
        return cluster.location if cluster else None

    def _described_cluster(self, target: Target) -> ClusterFile | None:
        """What preflight.yml says of the ECS cluster of a target."""
        region = self.described(target.account).regions.get(target.region)
        return region.clusters.get(target.cluster) if region else None

    @property
    def aws_region(self) -> str:
        """Where clouddriver calls STS: its environment's region, else the AWS SDK's default.

        clouddriver-aws SpinnakerAwsRegionProvider.java:27-54; Regions.DEFAULT_REGION of the AWS SDK for Java 1.
        """
        return self.preflight.spinnaker.aws_region or "us-west-2"


def load_config(
    *paths: str | Path,
    preflight: str | Path | None = None,
    clusters: Sequence[str] = (),
    pipelines: Sequence[str | Path] = (),
    spinnaker_version: str | None = None,
    aws_region: str | None = None,
    environ: Mapping[str, str] | None = None,
    offline: bool = False,
) -> PreflightConfig:
    """Read clouddriver.yml with its overlays in order, or a Halyard config; and preflight.yml.

    `clusters` are ids such as account/region/cluster, `pipelines` files as `spin pipeline get` prints them;
    `spinnaker_version` and `aws_region` outweigh preflight.yml;
    `environ` is the environment of clouddriver's process, which `${NAME}` placeholders and its region are taken from. Raises
    InputError where a file cannot be read: not YAML, not a mapping, a duplicate key, an unknown key in preflight.yml.
    """
    if not paths:
        raise UsageError("no configuration was given", hint="Name clouddriver.yml, or a Halyard config.")
    settings = read_preflight_file(preflight) if preflight else PreflightFile()
    stated = spinnaker_version or settings.spinnaker.version
    version = SpinnakerVersion.parse(stated) if stated else None
    clouddriver = _load_spinnaker(paths, environ, version)
    if stated:
        clouddriver = clouddriver.model_copy(update={"version": version})
    region = aws_region or settings.spinnaker.aws_region or _region_of(environ or {})
    spinnaker = settings.spinnaker.model_copy(update={"aws_region": region})
    settings = settings.model_copy(update={"spinnaker": spinnaker})
    files = read_workload_files(settings, Path(preflight).parent if preflight else Path(), pipelines)
    config = PreflightConfig(clouddriver, settings, tuple(_cluster_target(text) for text in clusters), offline, files)
    _require_known_accounts(config)
    _require_fitting_workloads(config)
    return config


def _require_fitting_workloads(config: PreflightConfig) -> None:
    """Lists the workloads once, so that what is put under another ECS cluster than it is for is said while reading."""
    config.workloads(Target())


def _load_spinnaker(
    paths: Sequence[str | Path], environ: Mapping[str, str] | None, version: SpinnakerVersion | None
) -> Clouddriver:
    """A Halyard config is recognised by its shape; it states a version of its own."""
    files = [parse_yaml_documents(read_text(path), str(path)) for path in paths]
    for path, documents in zip(paths, files, strict=True):
        _refuse_preflight_file(documents[0], path)
    if is_halconfig(files[0][0]):
        return load_halconfig(*paths, environ=environ)
    return read_clouddriver((document for documents in files for document in documents), environ=environ, version=version)


def _region_of(environ: Mapping[str, str]) -> str | None:
    """What clouddriver's SpinnakerAwsRegionProvider finds in its environment."""
    return environ.get("EC2_REGION") or environ.get("AWS_REGION") or None


def _refuse_preflight_file(document: YamlMapping, path: str | Path) -> None:
    """preflight.yml among Spinnaker's files would do nothing at all, and say nothing of it."""
    keys = set(document.keys)
    if keys and keys <= set(PreflightFile.model_fields):
        raise UsageError(
            f"this looks like preflight.yml, not like a file of clouddriver's: its keys are {', '.join(sorted(keys))}",
            location=Location(str(path), 1),
            hint=f"Give it with --preflight {path}.",
        )


def _cluster_target(text: str) -> Target:
    target = Target.parse(text)
    if not target.cluster or target.workload or target.cluster == EVERY_CLUSTER:
        raise UsageError(f"{text!r} names no ECS cluster", hint="Expected ACCOUNT/REGION/CLUSTER.")
    return target


def _require_known_accounts(config: PreflightConfig) -> None:
    """What is said of an account that does not exist would never be looked at: that is a key that cannot be read."""
    if _has_lost_ecs_accounts(config.clouddriver):
        return  # ACCOUNT003 or ACCOUNT022 says so, and what is lost may be the very account
    known = [account.name for account in config.ecs_accounts]
    for name in (*config.preflight.accounts, *(target.account for target in config.extra_clusters)):
        if name not in known:
            described = config.preflight.accounts.get(name)
            near = get_close_matches(name, known, n=1)
            raise InputError(
                f"{name!r} is not the name of an ECS account in ecs.accounts",
                location=described.location if described else None,
                hint=f"Did you mean {near[0]!r}?" if near else f"The ECS accounts are: {', '.join(known) or 'none'}.",
            )


def _has_lost_ecs_accounts(clouddriver: Clouddriver) -> bool:
    """Whether the key is missing, or an entry of it cannot be bound or referred to: clouddriver does not start then."""
    ecs = clouddriver.ecs
    unbound = (defect for defect in clouddriver.defects if defect.stops_clouddriver)
    return (
        (ecs.enabled and not ecs.accounts_stated)
        or any(not account.name.strip() for account in ecs.accounts)
        or any(uniform(defect.path).startswith("ecsaccounts") for defect in unbound)
    )
