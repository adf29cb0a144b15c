"""Spinnaker's side in its own words: accounts, clouddriver's files, Halyard, and how clouddriver reads a trust policy."""

from ecs_preflight.spinnaker.accounts import AwsAccount, EcsAccount
from ecs_preflight.spinnaker.clouddriver import Clouddriver, load_clouddriver

__all__ = ["AwsAccount", "Clouddriver", "EcsAccount", "load_clouddriver"]
