"""What the sandbox's Service Quotas answers: moto knows those of VPC alone.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ServiceQuota.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.world import World

# Code, name and AWS's default, of the quotas that a deployment to ECS runs into.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
_DEFAULTS: dict[str, dict[str, tuple[str, float]]] = {
    "ecs": {
        "L-21C621EB": ("Clusters per account", 10_000),
        "L-86C34207": ("Container instances per cluster", 5_000),
        "L-9EF96962": ("Services per cluster", 5_000),
        "L-92E49DE3": ("Tasks per service", 5_000),
        "L-A24B7D58": ("Capacity providers per cluster", 20),
        "L-B7718569": ("Tasks in the PROVISIONING state per cluster", 500),
    },
    "fargate": {
        "L-3032A538": ("Fargate On-Demand vCPU resource count", 6),
        "L-36FBB829": ("Fargate Spot vCPU resource count", 6),
    },
    "ec2": {"L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5)},
}
_SERVICE_NAMES = {
    "ecs": "Amazon Elastic Container Service (Amazon ECS)",
    "fargate": "AWS Fargate",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
}


def quota_answerers(world: World) -> dict[tuple[str, str], Callable[[Call], dict[str, Any]]]:
    """The answerers, by service and operation: the world's own quotas, and AWS's defaults."""

    def applied(call: Call, service: str, code: str) -> dict[str, Any]:
        account = world.accounts.get(call.account_id)
        region = account.regions.get(call.region) if account else None
        own = region.quotas.get(f"{service}/{code}") if region else None
        return _quota(call, service, code, own)

    def get_service_quota(call: Call) -> dict[str, Any]:
        return {"Quota": applied(call, *_asked(call))}

    def get_default(call: Call) -> dict[str, Any]:
        return {"Quota": _quota(call, *_asked(call))}

    def list_service_quotas(call: Call) -> dict[str, Any]:
        service = _service(call)
        return {"Quotas": [applied(call, service, code) for code in _DEFAULTS[service]]}

    def list_defaults(call: Call) -> dict[str, Any]:
        service = _service(call)
        return {"Quotas": [_quota(call, service, code) for code in _DEFAULTS[service]]}

    return {
        ("service-quotas", "GetServiceQuota"): get_service_quota,
        ("service-quotas", "GetAWSDefaultServiceQuota"): get_default,
        ("service-quotas", "ListServiceQuotas"): list_service_quotas,
        ("service-quotas", "ListAWSDefaultServiceQuotas"): list_defaults,
    }


def _asked(call: Call) -> tuple[str, str]:
    service, code = _service(call), call.get("QuotaCode", "")
    if code not in _DEFAULTS[service]:
        raise _missing()
    return service, code


def _service(call: Call) -> str:
    service = call.get("ServiceCode", "")
    if service not in _DEFAULTS:
        raise _missing()
    return str(service)


def _missing() -> Refusal:
    return Refusal("NoSuchResourceException", "The request failed because the specified service or quota does not exist.")


def _quota(call: Call, service: str, code: str, own: float | None = None) -> dict[str, Any]:
    name, default = _DEFAULTS[service][code]
    return {
        "ServiceCode": service,
        "ServiceName": _SERVICE_NAMES[service],
        "QuotaArn": f"arn:{call.partition}:servicequotas:{call.region}:{call.account_id}:{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(default if own is None else own),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
