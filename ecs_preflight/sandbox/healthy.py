"""The healthy world: what AWS would hold if everything that the user's configuration needs had been set up well.

Accounts and roles are those of the configuration. Each managed role trusts the managing identity, ECS and Application
Auto Scaling, and ECS tasks where Fargate falls back to it; it has PowerUserAccess, and may read IAM and pass roles. The
task roles and readers that preflight.yml names are there, both service-linked roles too. Each ECS cluster that is named
exists (`default` in every region, where none is), with room for its workloads three times over. Where no managing
identity is stated, it is the role SpinnakerAuthRole of the first managed account. What the configuration leaves open (a
role that is no ARN, a region that does not exist) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil

from ecs_preflight.arn import Arn, partition_of_region
from ecs_preflight.checks.fargate_execution import is_execution_role
from ecs_preflight.checks.workload_facts import workloads_of_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.requirements import TaskRequirements, task_requirements
from ecs_preflight.preflight_file import Reader
from ecs_preflight.sandbox.healthy_deployments import Stocks, services_of
from ecs_preflight.sandbox.healthy_network import network_of, zones_for
from ecs_preflight.sandbox.regions import regions_of
from ecs_preflight.sandbox.world import (
    Account,
    CapacityProvider,
    Cluster,
    Instances,
    Region,
    Role,
    StrategyItem,
    User,
    World,
    permission_policy,
)
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_ECS_SERVICES = ("ecs.amazonaws.com", "application-autoscaling.amazonaws.com")
_READ_IAM = permission_policy("iam:Get*", "iam:List*", "iam:SimulatePrincipalPolicy")
# What a registered task definition is taken for, of which only the name is known.
USUAL_TASK = {"containerDefinitions": [{"name": "main", "cpu": 256, "memoryReservation": 512}]}
# Room for what runs, for the same again while it is replaced, and for a third of reserve.
_TIMES_OVER = 3
_FARGATE_VCPU = "fargate/L-3032A538"
# How much of everything makes larger instances worth their while.
_MANY = 16
# Type, CPU units, MiB, network interfaces for tasks.
_ORDINARY = ("m5.2xlarge", 8192, 31_000, 3)
_LARGE = ("m5.24xlarge", 98_304, 370_000, 14)
_WITH_GPUS = ("g4dn.12xlarge", 49_152, 180_000, 7)
_LONGEST_SESSION = 43200


def healthy_world(config: PreflightConfig) -> World:
    """The world in which a configuration works."""
    managing = config.managing_identity_arn or _invented_managing_identity(config)
    builder = _Builder(managing)
    for account in config.ecs_accounts:
        builder.add(config, account.name)
    builder.add_managing_identity()
    return builder.world()


class _Builder:
    """Accounts as they fill up: several ECS accounts may share one."""

    def __init__(self, managing_identity_arn: str) -> None:
        self._managing_identity_arn = managing_identity_arn
        self._partitions: dict[str, str] = {}
        self._roles: dict[str, dict[str, Role]] = {}
        self._users: dict[str, dict[str, User]] = {}
        self._regions: dict[str, dict[str, dict[str, Cluster]]] = {}
        self._fargate: Counter[tuple[str, str]] = Counter()
        """CPU units that are wanted of Fargate, by account and region."""
        self._workloads: dict[tuple[str, str], list[Workload]] = {}
        """By account and region."""
        self._stocks = Stocks()
        self._managed: list[str] = []
        self._profiles: dict[str, str] = {}

    def add(self, config: PreflightConfig, ecs_account: str) -> None:
        """What one ECS account needs."""
        mapping = config.mapping_or_none(ecs_account)
        arn = Arn.parse(mapping.role_arn or "") if mapping else None
        if mapping is None or arn is None or not config.role_is_known(ecs_account):
            return
        sessions = [session for session in (mapping.session_e, mapping.session_a) if session]
        longest = max((session.duration_seconds for session in sessions), default=0)
        services = (*_ECS_SERVICES, ECS_TASKS) if is_execution_role(config, str(arn)) else _ECS_SERVICES
        self._add_role(str(arn), _managed_role((self._managing_identity_arn, *services), longest))
        self._managed.append(str(arn))
        for name, execution in _task_roles(config, ecs_account):
            attached = ("AmazonECSTaskExecutionRolePolicy",) if execution else ()
            self._add_role(_role_arn(arn, name), Role(trusts=(ECS_TASKS,), attached=attached))
        self._add_reader(config.reader(ecs_account), arn)
        for region in config.regions(ecs_account):
            if region in regions_of(arn.partition):
                self._add_clusters(config, ecs_account, region, arn.account_id)

    def add_managing_identity(self) -> None:
        """It may assume every managed role, list regions and zones as clouddriver does at its start, and read IAM."""
        arn = Arn.parse(self._managing_identity_arn)
        assert arn is not None
        policies = {
            "spinnaker": permission_policy("ec2:DescribeRegions", "ec2:DescribeAvailabilityZones"),
            "read-iam": _READ_IAM,
        }
        if self._managed:
            policies["assume-managed-roles"] = permission_policy("sts:AssumeRole", resource=[*dict.fromkeys(self._managed)])
        if arn.resource_type == "role":
            self._add_role(str(arn), Role(trusts=("ec2.amazonaws.com", ECS_TASKS), policies=policies))
        else:
            self._partitions.setdefault(arn.account_id, arn.partition)
            self._users.setdefault(arn.account_id, {})[arn.resource_name] = User(path=_path(arn), policies=policies)

    def world(self) -> World:
        for account_id, region in self._stocks.places():  # images may be of another account or region
            self._partitions.setdefault(account_id, partition_of_region(region))
            self._regions.setdefault(account_id, {}).setdefault(region, {})
        return World(
            managing_identity_arn=self._managing_identity_arn,
            accounts={
                account_id: Account(
                    partition=partition,
                    roles=self._roles.get(account_id, {}),
                    users=self._users.get(account_id, {}),
                    regions={
                        name: Region(
                            clusters=clusters,
                            capacity_providers=_providers_of(clusters.values()),
                            quotas=self._quotas(account_id, name),
                            **network_of(self._workloads.get((account_id, name), ()), name),
                            **self._stocks.of(account_id, name).held(),
                        )
                        for name, clusters in self._regions.get(account_id, {}).items()
                    },
                )
                for account_id, partition in self._partitions.items()
                if partition in ("aws", "aws-cn", "aws-us-gov")
            },
            profiles=self._profiles,
        )

    def _add_role(self, role_arn: str, role: Role) -> None:
        arn = Arn.parse(role_arn)
        assert arn is not None
        self._partitions.setdefault(arn.account_id, arn.partition)
        roles = self._roles.setdefault(arn.account_id, {})
        roles.setdefault(arn.resource_name, role.model_copy(update={"path": _path(arn)}))

    def _add_reader(self, reader: Reader | None, managed_role: Arn) -> None:
        """A role that Spinnaker may assume, or a user of the managed account whose keys the profile holds."""
        if reader is None:
            return
        if reader.role_arn:
            self._add_role(reader.role_arn, Role(trusts=(self._managing_identity_arn,), policies={"read-iam": _READ_IAM}))
            self._managed.append(reader.role_arn)
        else:
            assert reader.profile  # it is one or the other
            users = self._users.setdefault(managed_role.account_id, {})
            users[reader.profile] = User(policies={"read-iam": _READ_IAM})
            user_arn = f"arn:{managed_role.partition}:iam::{managed_role.account_id}:user/{reader.profile}"
            self._profiles.setdefault(reader.profile, user_arn)

    def _add_clusters(self, config: PreflightConfig, ecs_account: str, region: str, account_id: str) -> None:
        clusters = self._regions.setdefault(account_id, {}).setdefault(region, {})
        named = config.clusters(ecs_account, region)
        for name in named or (() if config.names_clusters_of(ecs_account) else ("default",)):
            workloads = config.workloads(Target(ecs_account, region, name))
            clusters.setdefault(name.rpartition("/")[2], _roomy_cluster(workloads, region))
            self._workloads.setdefault((account_id, region), []).extend(workloads)
            for workload in workloads:
                self._stocks.add(workload, account_id, region)
            on_fargate = (workload for workload in workloads if workload.runs_on_fargate)
            self._fargate[account_id, region] += sum(_needs(workload).cpu * workload.desired_count for workload in on_fargate)

    def _quotas(self, account_id: str, region: str) -> dict[str, float]:
        """Enough vCPU of Fargate, where any are wanted."""
        wanted = self._fargate[account_id, region]
        return {_FARGATE_VCPU: float(max(64, _share(wanted, 1024)))} if wanted else {}


def _invented_managing_identity(config: PreflightConfig) -> str:
    arns = (
        Arn.parse(mapping.role_arn or "") for account in config.ecs_accounts if (mapping := config.mapping_or_none(account.name))
    )
    first = next((arn for arn in arns if arn and len(arn.account_id) == 12 and arn.account_id.isdigit()), None)
    partition, account_id = (first.partition, first.account_id) if first else ("aws", "100000000001")
    return f"arn:{partition}:iam::{account_id}:role/SpinnakerAuthRole"


def _managed_role(trusts: tuple[str, ...], longest_session: int) -> Role:
    return Role(
        trusts=trusts,
        attached=("PowerUserAccess",),
        policies={"pass-roles": permission_policy("iam:PassRole"), "read-iam": _READ_IAM},
        max_session_duration=min(max(longest_session, 3600), _LONGEST_SESSION),
    )


def _task_roles(config: PreflightConfig, ecs_account: str) -> Iterator[tuple[str, bool]]:
    """The roles that containers run with, and whether each is an execution role."""
    for name in config.described(ecs_account).task_roles:
        yield name, False
    for _, workload in workloads_of_account(config, ecs_account):
        if workload.execution_role:
            yield workload.execution_role, True
        if workload.task_role:
            yield workload.task_role, False


def _providers_of(clusters: Iterable[Cluster]) -> dict[str, CapacityProvider]:
    """Those that the instances of the clusters belong to."""
    groups = (group for cluster in clusters for group in cluster.instances)
    return {group.capacity_provider: CapacityProvider(instance_type=group.type) for group in groups if group.capacity_provider}


def _roomy_cluster(workloads: tuple[Workload, ...], region: str) -> Cluster:
    fargate = any(workload.runs_on_fargate for workload in workloads)
    providers = ("FARGATE", "FARGATE_SPOT") if fargate else ()
    strategy = (StrategyItem(provider="FARGATE"),) if fargate and all(w.runs_on_fargate for w in workloads) else ()
    on_instances = tuple(workload for workload in workloads if not workload.runs_on_fargate)
    instances = _roomy_instances(on_instances)  # two even where all is Fargate's: a cluster without any is warned about
    theirs = tuple(dict.fromkeys(name for workload in on_instances for name in workload.providers))
    return Cluster(
        instances=tuple(
            group.model_copy(update={"capacity_provider": name})
            for group in _in_zones(instances, on_instances, region)
            for name in theirs or (None,)
        ),
        capacity_providers=(*providers, *theirs),
        default_strategy=strategy,
        services=services_of(workloads),
    )


def _in_zones(instances: Instances, workloads: tuple[Workload, ...], region: str) -> Iterator[Instances]:
    """As many in a zone of each awsvpc server group, whose interfaces are in its zones; else wherever instances stand."""
    with_zones = (workload for workload in workloads if workload.network_mode == "awsvpc" and workload.server_group)
    zones = dict.fromkeys(zone for workload in with_zones for zone in zones_for(workload, region)[:1])
    for zone in zones:
        yield instances.model_copy(update={"attributes": {"ecs.availability-zone": zone}})
    if not zones:
        yield instances


def _roomy_instances(workloads: tuple[Workload, ...]) -> Instances:
    """Of a type on which even the largest task is small, and as many as the most demanding wish needs."""
    wanted = [(_needs(workload), workload.desired_count) for workload in workloads]
    cpu = sum(needs.cpu * count for needs, count in wanted)
    memory = sum(needs.memory * count for needs, count in wanted)
    large = any(needs.cpu > 4096 or needs.memory > 15_000 for needs, _ in wanted)
    large = large or cpu > _MANY * _ORDINARY[1] or memory > _MANY * _ORDINARY[2]
    instance_type, units, mebibytes, interfaces = (
        ("m5.24xlarge", 98_304, 370_000, 14) if large else ("m5.2xlarge", 8192, 31_000, 3)
    )
    gpus = sum(needs.gpus * count for needs, count in wanted)
    if gpus:
        instance_type, units, mebibytes, interfaces = _WITH_GPUS
    apart = sum(workload.desired_count for workload in workloads if _one_to_an_instance(workload))
    awsvpc = sum(workload.desired_count for workload in workloads if workload.network_mode == "awsvpc")
    needed = (2, apart, _share(cpu, units), _share(memory, mebibytes), _share(awsvpc, interfaces), _share(gpus, 4))
    return Instances(type=instance_type, count=max(needed))


def _share(demand: int, each: int) -> int:
    return ceil(demand * _TIMES_OVER / each)


def _one_to_an_instance(workload: Workload) -> bool:
    needs = _needs(workload)
    fixed_ports = bool(needs.ports or needs.ports_udp)
    return fixed_ports or any(constraint.get("type") == "distinctInstance" for constraint in workload.placement_constraints)


def _needs(workload: Workload) -> TaskRequirements:
    """What one copy takes; of what is to be looked up, and exists nowhere but here, a task of the usual size."""
    definition = workload.task_definition or USUAL_TASK
    return task_requirements(definition)


def _role_arn(beside: Arn, name: str) -> str:
    """A role named by name, or by ARN, beside another role."""
    return name if name.startswith("arn:") else f"arn:{beside.partition}:iam::{beside.account_id}:role/{name.lstrip('/')}"


def _path(arn: Arn) -> str:
    """`/` or `/path/`, of a role or user."""
    return arn.resource.removeprefix(arn.resource_type).removesuffix(arn.resource_name) or "/"
