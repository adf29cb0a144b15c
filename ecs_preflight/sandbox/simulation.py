"""moto at work: empty, seeded, its answers overridden; in this process, or behind an HTTP server on this machine.

moto reads the environment while it is imported: import this only once the user's own is put aside, as run.py does.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.models import botocore_stubber
from moto.moto_api._internal import mock_random

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.errors import AccessError, UsageError
from ecs_preflight.sandbox import answers_sts
from ecs_preflight.sandbox.answers_deployments import deployment_answerers
from ecs_preflight.sandbox.answers_ecs import cluster_answerers
from ecs_preflight.sandbox.answers_iam import simulate_principal_policy
from ecs_preflight.sandbox.answers_instances import instance_answerers
from ecs_preflight.sandbox.answers_quotas import quota_answerers
from ecs_preflight.sandbox.calls import Call
from ecs_preflight.sandbox.environment import profile_keys
from ecs_preflight.sandbox.fleet import Fleet
from ecs_preflight.sandbox.keyring import Keyring
from ecs_preflight.sandbox.loopback import keep_inside
from ecs_preflight.sandbox.overrides import Answerer, overriding
from ecs_preflight.sandbox.regions import describe_regions
from ecs_preflight.sandbox.seed import seed
from ecs_preflight.sandbox.world import World

# The state of the one random source that moto has: with it, every run gives the same ids.
_RANDOM_SEED = 20270101
_KEEP_CREDENTIALS: Any = {"core": {"mock_credentials": False, "reset_boto3_session": False}}


@dataclass(frozen=True)
class SandboxAccess(AwsAccess):
    """Reaches the moto of this process, and nothing else."""

    source: str = "sandbox"

    def __getstate__(self) -> dict[str, Any]:
        raise AccessError("the sandbox lives in this process alone", hint="Carry its shards on threads, or use serve().")

    def client_session(self) -> Any:
        session = super().client_session()
        keep_inside(session)
        return session


@contextmanager
def in_process(world: World) -> Iterator[AwsAccess]:
    """Every client that botocore makes in this process talks to moto, as long as the block lasts."""
    with _simulated(world) as fleet, mock_aws(config=_KEEP_CREDENTIALS):
        seed(world, fleet)
        yield SandboxAccess()


@contextmanager
def over_http(world: World, port: int) -> Iterator[str]:
    """moto's own server on 127.0.0.1; its address."""
    try:
        from moto.server import ThreadedMotoServer
    except ModuleNotFoundError as error:
        raise UsageError(f"the server of the sandbox needs {error.name}", hint="pip install 'moto[server]'") from error
    _require_free(port)
    with _simulated(world) as fleet, ExitStack() as open_server:
        requests = logging.getLogger("werkzeug")
        open_server.callback(requests.setLevel, requests.level)
        requests.setLevel(logging.WARNING)  # it would tell of every request on stderr
        server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
        server.start()
        open_server.callback(server.stop)
        host, chosen = server.get_host_and_port()
        endpoint_url = f"http://{host}:{chosen}"
        seed(world, fleet, endpoint_url)
        yield endpoint_url


@contextmanager
def _simulated(world: World) -> Iterator[Fleet]:
    """moto empty, its random source set, its answers overridden; and all of that undone."""
    if botocore_stubber.enabled or _open:
        raise UsageError("AWS is mocked in this process already", hint="Leave mock_aws, or the other sandbox, first.")
    fleet, keyring = Fleet(), Keyring(world.managing_identity_arn)
    for name, access_key in profile_keys(world.profiles).items():
        keyring.give_key(access_key, world.profiles[name])
    disabled = {account_id: frozenset(account.disabled_regions) for account_id, account in world.accounts.items()}
    answerers: dict[tuple[str, str], Answerer] = {
        ("sts", "GetCallerIdentity"): answers_sts.get_caller_identity,
        ("sts", "AssumeRole"): partial(answers_sts.assume_role, keyring),
        ("ec2", "DescribeRegions"): describe_regions(disabled),
        ("ec2", "DescribeReservedInstances"): _no_reserved_instances,
        ("iam", "SimulatePrincipalPolicy"): simulate_principal_policy,
        **quota_answerers(world),
        **cluster_answerers(fleet),
        **instance_answerers(fleet),
        **deployment_answerers(world),
    }
    random_state = mock_random.getstate()
    BackendDict.reset()
    mock_random.seed(_RANDOM_SEED)
    _open.append(world)
    try:
        with overriding(keyring, answerers, disabled):
            yield fleet
    finally:
        _open.clear()
        BackendDict.reset()
        mock_random.setstate(random_state)


_open: list[World] = []


def _no_reserved_instances(_: Call) -> dict[str, Any]:
    """moto does not know the operation."""
    return {"ReservedInstances": []}


def _require_free(port: int) -> None:
    """moto's server waits for ever for a port that it does not get."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(f"port {port} of 127.0.0.1 cannot be had: {error.strerror}", hint="Port 0 takes any.") from error
