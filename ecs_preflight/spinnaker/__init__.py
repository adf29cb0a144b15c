"""Spinnaker's side in its own words: accounts, clouddriver's files, Halyard, and how clouddriver reads a trust policy."""

from ecs_preflight.spinnaker.accounts import AwsAccount, EcsAccount
from ecs_preflight.spinnaker.clouddriver import Clouddriver, load_clouddriver
from ecs_preflight.spinnaker.halyard import load_halconfig
from ecs_preflight.spinnaker.pipelines import Pipeline, read_pipelines
from ecs_preflight.spinnaker.rollouts import RolloutDemand, rollout_demand
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.trust_reader import trusted_services_as_clouddriver_reads_them

__all__ = [
    "AwsAccount",
    "Clouddriver",
    "EcsAccount",
    "Pipeline",
    "RolloutDemand",
    "ServerGroup",
    "load_clouddriver",
    "load_halconfig",
    "read_pipelines",
    "rollout_demand",
    "trusted_services_as_clouddriver_reads_them",
]
