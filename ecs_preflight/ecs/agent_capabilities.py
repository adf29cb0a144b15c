"""The capabilities that a recent agent on Linux registers as attributes of its container instance.

amazon-ecs-agent agent/app/agent_capability.go
"""

from __future__ import annotations

_OLD = "com.amazonaws.ecs.capability."
_NEW = "ecs.capability."
LINUX_CAPABILITIES = (
    *(f"{_OLD}docker-remote-api.1.{minor}" for minor in range(17, 45)),
    *(f"{_OLD}logging-driver.{driver}" for driver in ("awsfirelens", "awslogs", "fluentd", "json-file", "none", "syslog")),
    *(_OLD + name for name in ("ecr-auth", "privileged-container", "task-iam-role", "task-iam-role-network-host")),
    *(
        _NEW + name
        for name in (
            "aws-appmesh", "container-health-check", "container-ordering", "container-port-range", "container-restart-policy",
            "cni-plugin-version", "docker-plugin.local", "efs", "efsAuth", "env-files.s3", "execution-role-awslogs",
            "execution-role-ecr-pull", "fault-injection", "firelens.fluentbit", "firelens.fluentd", "full-sync",
            "increased-task-cpu-limit", "network.container-port-range", "pid-ipc-namespace-sharing",
            "private-registry-authentication.secretsmanager", "secrets.asm.bootstrap.log-driver",
            "secrets.asm.environment-variables", "secrets.ssm.bootstrap.log-driver", "secrets.ssm.environment-variables",
            "storage.ebs-task-volume-attach", "task-cpu-mem-limit", "task-eia", "task-eni", "task-eni-block-instance-metadata",
        )
    ),
)  # fmt: skip
