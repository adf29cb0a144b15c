"""The healthy world holds what its workloads name."""

from __future__ import annotations

from ecs_preflight.sandbox.healthy_deployments import Stocks, services_of
from ecs_preflight.workloads.workload import Workload

ECR = "100000000009.dkr.ecr.eu-west-1.amazonaws.com"


def test_everything_is_put_where_it_is_looked_for() -> None:
    arn = "arn:aws:secretsmanager:us-west-2:1:secret:team/registry-AbCdEf"
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/web", "awslogs-region": "us-west-2"}}
    containers = [
        {"image": f"{ECR}/web:7", "repositoryCredentials": {"credentialsParameter": arn}, "logConfiguration": logs},
        {"image": f"{ECR}/web:8", "repositoryCredentials": {"credentialsParameter": "plain"}},
    ]
    stocks = Stocks()
    images = (f"{ECR}/web:7", f"{ECR}/web:8", "nginx:1")
    stocks.add(Workload("a", task_definition={"containerDefinitions": containers}, images=images), "1", "us-east-1")
    stocks.add(Workload("b", registered="arn:aws:ecs:us-east-1:1:task-definition/web:7"), "1", "us-east-1")
    stocks.add(Workload("c", service="api-v001"), "1", "us-east-1")
    assert stocks.of("100000000009", "eu-west-1").repositories == {"web": ("7", "8")}
    assert stocks.of("1", "us-west-2").held()["log_groups"] == ("/web",)
    assert stocks.of("1", "us-west-2").held()["secrets"] == ("team/registry",)
    here = stocks.of("1", "us-east-1").held()
    assert here["secrets"] == ("plain",)
    assert {family: found.revision for family, found in here["task_definitions"].items()} == {"web": 7, "task-of-api-v001": 1}


def test_services_run_that_workloads_are_more_of() -> None:
    services = services_of((Workload("a", service="api-v001"), Workload("b")))
    assert {name: service.task_definition for name, service in services.items()} == {"api-v001": "task-of-api-v001:1"}
