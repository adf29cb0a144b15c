"""What checks are planned on. Where an account has no known regions, the account itself stands for them: nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.config import PreflightConfig
from ecs_preflight.targets import EVERY_CLUSTER, Target


def whole_config(config: PreflightConfig) -> Iterator[Target]:
    """The configuration as a whole."""
    yield Target()


def each_account(config: PreflightConfig) -> Iterator[Target]:
    """Every ECS account."""
    for account in config.ecs_accounts:
        yield Target(account.name)


def each_account_and_the_unmapped(config: PreflightConfig) -> Iterator[Target]:
    """Every ECS account, for its AWS account; and the configuration as a whole, for AWS accounts that no ECS account maps to."""
    yield from each_account(config)
    if config.unmapped_aws_accounts:
        yield Target()


def each_region(config: PreflightConfig) -> Iterator[Target]:
    """Every region of every ECS account."""
    for target in each_account(config):
        regions = config.regions(target.account)
        yield from (Target(target.account, region) for region in regions)
        if not regions:
            yield target


def each_cluster(config: PreflightConfig) -> Iterator[Target]:
    """The ECS clusters that are named for an account; where none is, every cluster of each of its regions.

    A region that preflight.yml writes without a cluster means every cluster of it, too.
    """
    for target in each_region(config):
        named = config.clusters(target.account, target.region)
        yield from (Target(target.account, target.region, cluster) for cluster in named)
        is_written = target.region in config.described(target.account).regions
        if not config.names_clusters_of(target.account) or (is_written and not named):
            yield Target(target.account, target.region, EVERY_CLUSTER) if target.region else target


def each_workload(config: PreflightConfig) -> Iterator[Target]:
    """Every workload that will be deployed."""
    for target in each_cluster(config):
        for workload in config.workloads(target):
            yield Target(target.account, target.region, target.cluster, workload.name)
