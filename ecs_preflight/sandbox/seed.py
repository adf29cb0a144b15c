"""Puts a world into the simulated AWS, through AWS's own API: the only code of this package that writes to an AWS at all.

Its clients are its own, not those of aws/, and refuse every endpoint but the moto of this process and this machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random

from ecs_preflight.arn import region_of_iam
from ecs_preflight.errors import InputError
from ecs_preflight.sandbox.attributes import Place, agent_attributes, cpu_of, gpus_of, memory_of
from ecs_preflight.sandbox.fleet import RESERVED_PORTS, Fleet
from ecs_preflight.sandbox.keyring import SEEDING_KEY
from ecs_preflight.sandbox.loopback import keep_inside, require_loopback
from ecs_preflight.sandbox.managed_policies import provide_managed_policy
from ecs_preflight.sandbox.overrides import SEEDED_ACCOUNT_HEADER
from ecs_preflight.sandbox.regions import regions_of
from ecs_preflight.sandbox.seed_network import NetworkSeeder
from ecs_preflight.sandbox.world import Account, Cluster, Instances, Principal, Region, Role, Tasks, World, trust_policy

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
_SERVICE_LINKED = {
    "ecs": ("AWSServiceRoleForECS", "ecs.amazonaws.com", "AmazonECSServiceRolePolicy"),
    "autoscaling": (
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "ecs.application-autoscaling.amazonaws.com",
        "AWSApplicationAutoscalingECSServicePolicy",
    ),
}


def seed(world: World, fleet: Fleet, endpoint_url: str | None = None) -> None:
    """Create everything that the world describes. Without an endpoint it goes to the moto of this process."""
    require_loopback(endpoint_url)
    session = botocore.session.Session()
    keep_inside(session)
    for account_id, account in world.accounts.items():
        try:
            Seeder(session, account_id, account.partition, fleet, endpoint_url).seed(account)
        except ClientError as error:  # such as a policy that IAM refuses
            raise InputError(f"account {account_id} cannot be seeded: {error}") from error


class Seeder:
    """Seeds one account."""

    def __init__(self, session: Any, account_id: str, partition: str, fleet: Fleet, endpoint_url: str | None) -> None:
        self._session = session
        self._account_id = account_id
        self._partition = partition
        self._fleet = fleet
        self._endpoint_url = endpoint_url
        self.client = cache(self._made)
        self.places = cache(self._places)

    def seed(self, account: Account) -> None:
        for region in account.regions:
            self._make_default_vpc(region)
        mock_random.seed(self._account_id)
        for name, user in account.users.items():
            self._iam.create_user(UserName=name, Path=user.path)
            self._permit("user", name, user)
        for kind in account.service_linked_roles:
            name, service, policy = _SERVICE_LINKED[kind]
            role = Role(path=f"/aws-service-role/{service}/", trust_policy=trust_policy(service), attached=(policy,))
            self._create_role(name, role)
        for name, role in account.roles.items():
            self._create_role(name, role)
        for region, described in account.regions.items():
            self._seed_region(region, described)

    def _make_default_vpc(self, region: str) -> None:
        """moto makes it when it first looks at a region, with ids that differ from wire to wire: here it is made once more."""
        if region not in regions_of(self._partition):
            raise InputError(f"{region!r} is not a region of the partition {self._partition!r}")
        backend = ec2_backends[self._account_id][region]
        mock_random.seed(f"{self._account_id}/{region}")
        backend.reset()

    @property
    def _iam(self) -> Any:
        return self.client("iam", region_of_iam(self._partition))

    def _create_role(self, name: str, role: Role) -> None:
        bounded: dict[str, Any] = {}
        if role.boundary is not None:
            policy = self._iam.create_policy(PolicyName=f"boundary-of-{name}", PolicyDocument=role.boundary)
            bounded = {"PermissionsBoundary": policy["Policy"]["Arn"]}
        self._iam.create_role(
            RoleName=name,
            Path=role.path,
            AssumeRolePolicyDocument=role.trust_document,
            MaxSessionDuration=role.max_session_duration,
            **bounded,
        )
        self._permit("role", name, role)

    def _permit(self, kind: str, name: str, principal: Principal) -> None:
        owner = {f"{kind.capitalize()}Name": name}
        for policy, document in principal.policies.items():
            getattr(self._iam, f"put_{kind}_policy")(**owner, PolicyName=policy, PolicyDocument=document)
        for policy in principal.attached:
            arn = provide_managed_policy(policy, self._account_id, self._partition)
            getattr(self._iam, f"attach_{kind}_policy")(**owner, PolicyArn=arn)

    def _seed_region(self, region: str, described: Region) -> None:
        ecs = self.client("ecs", region)
        for name, value in described.account_settings.items():
            ecs.put_account_setting(name=name, value=value)
        groups = {name: self._create_group(region, described, name) for name in described.capacity_providers}
        for name, cluster in described.clusters.items():
            self._create_cluster(region, name, cluster, groups)
        mock_random.seed(f"{self._account_id}/{region}/network")  # as for the groups
        NetworkSeeder(self.client("ec2", region), self.client("elbv2", region), region).seed(described)

    def _create_cluster(self, region: str, name: str, cluster: Cluster, groups: dict[str, Iterator[str]]) -> None:
        ecs = self.client("ecs", region)
        ecs.create_cluster(
            clusterName=name,
            capacityProviders=list(cluster.capacity_providers),
            defaultCapacityProviderStrategy=[
                {"capacityProvider": item.provider, "weight": item.weight, "base": item.base} for item in cluster.default_strategy
            ],
        )
        number = 0
        for group in cluster.instances:
            for _ in range(group.count):
                ids = groups.get(group.capacity_provider or "")
                instance_id = next(ids) if ids else f"i-{self._fleet.new_id()[:17]}"
                places = self.places(region)
                self._register(region, name, group, instance_id, places[number % len(places)])
                number += 1
        if cluster.status == "INACTIVE":
            ecs.delete_cluster(cluster=name)

    def _register(self, region: str, cluster: str, group: Instances, instance_id: str, place: Place) -> None:
        ecs = self.client("ecs", region)
        attributes = dict(agent_attributes(group.type, place)) | group.attributes
        answer = ecs.register_container_instance(
            cluster=cluster,
            instanceIdentityDocument=json.dumps({"instanceId": instance_id}),
            totalResources=list(_resources(group)),
            attributes=[_attribute(name, value) for name, value in attributes.items() if name not in group.lacks],
        )
        arn = answer["containerInstance"]["containerInstanceArn"]
        for tasks in group.tasks:
            self._start(region, cluster, arn, tasks)
        if group.status == "DRAINING":
            ecs.update_container_instances_state(cluster=cluster, containerInstances=[arn], status="DRAINING")
        # Two things that no call of the API sets: the agent keeps the one, ECS the other.
        instance = self._fleet.instances(self._account_id, region, cluster)[arn]
        instance.agent_connected = group.agent_connected
        instance.capacity_provider = group.capacity_provider

    def _start(self, region: str, cluster: str, instance_arn: str, tasks: Tasks) -> None:
        ecs = self.client("ecs", region)
        ports = [{"containerPort": port, "hostPort": port} for port in tasks.host_ports]
        container = {"name": tasks.family, "image": tasks.family, "cpu": tasks.cpu, "memoryReservation": tasks.memory}
        definition = ecs.register_task_definition(
            family=tasks.family, networkMode=tasks.network_mode, containerDefinitions=[{**container, "portMappings": ports}]
        )["taskDefinition"]["taskDefinitionArn"]
        for _ in range(tasks.count):
            failures = ecs.start_task(cluster=cluster, taskDefinition=definition, containerInstances=[instance_arn])["failures"]
            if failures:
                raise InputError(
                    f"not all {tasks.count} tasks of {tasks.family!r} fit on an instance of {cluster!r}: {failures[0]['reason']}",
                    hint="Let fewer run there, or make the instances larger.",
                )

    def _create_group(self, region: str, described: Region, name: str) -> Iterator[str]:
        """The capacity provider with its Auto Scaling group, and the ids of the group's instances."""
        provider = described.capacity_providers[name]
        members = sum(
            group.count
            for cluster in described.clusters.values()
            for group in cluster.instances
            if group.capacity_provider == name
        )
        scaling = self.client("autoscaling", region)
        scaling.create_launch_configuration(
            LaunchConfigurationName=name, ImageId="ami-0ec50000000000001", InstanceType=provider.instance_type
        )
        desired = members + provider.unregistered
        mock_random.seed(f"{self._account_id}/{region}/{name}")  # moto draws more or less before, from wire to wire
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=0,
            MaxSize=max(provider.max_size, desired),
            DesiredCapacity=desired,
            AvailabilityZones=[place.zone for place in self.places(region)],
            Tags=[{"Key": "AmazonECSManaged", "Value": "true", "PropagateAtLaunch": True}],  # as ECS does it, and moto does not
        )
        group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
        self.client("ecs", region).create_capacity_provider(
            name=name,
            autoScalingGroupProvider={
                "autoScalingGroupArn": group["AutoScalingGroupARN"],
                "managedScaling": {
                    "status": "ENABLED" if provider.managed_scaling else "DISABLED",
                    "targetCapacity": provider.target_capacity,
                },
                "managedTerminationProtection": "DISABLED",
            },
        )
        return iter([instance["InstanceId"] for instance in group["Instances"]])

    def _places(self, region: str) -> tuple[Place, ...]:
        """Where instances stand in turn: up to three zones, each with the subnet that moto has in its default VPC."""
        subnets = self.client("ec2", region).describe_subnets()["Subnets"]
        places = (Place(subnet["AvailabilityZone"], subnet["SubnetId"], subnet["VpcId"]) for subnet in subnets)
        return tuple(sorted(places, key=lambda place: place.zone))[:3]

    def _made(self, service: str, region: str) -> Any:
        client = self._session.create_client(
            service,
            region_name=region,
            endpoint_url=self._endpoint_url,
            aws_access_key_id=SEEDING_KEY,
            aws_secret_access_key="no-secret-at-all",
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-call", self._name_account)
        return client

    def _name_account(self, params: Any, **_: Any) -> None:
        params["headers"][SEEDED_ACCOUNT_HEADER] = self._account_id


def _resources(group: Instances) -> Iterator[dict[str, Any]]:
    gpus = gpus_of(group.type) if group.gpus is None else group.gpus
    yield {"name": "CPU", "type": "INTEGER", "integerValue": cpu_of(group.type) if group.cpu is None else group.cpu}
    yield {"name": "MEMORY", "type": "INTEGER", "integerValue": memory_of(group.type) if group.memory is None else group.memory}
    yield {"name": "PORTS", "type": "STRINGSET", "stringSetValue": [str(port) for port in RESERVED_PORTS]}
    yield {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []}
    if gpus:
        yield {"name": "GPU", "type": "STRINGSET", "stringSetValue": [f"GPU-{number:08x}" for number in range(gpus)]}


def _attribute(name: str, value: str | None) -> dict[str, str]:
    return {"name": name} if value is None else {"name": name, "value": value}
