"""DEPLOY013 to DEPLOY020: the task definition that clouddriver would register, from inputs or from an artifact."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.server_groups import described_workloads, each_server_group, judged_by
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import NotApplicable, Severity, Undetermined
from ecs_preflight.spinnaker.rules import artifact, containers, sizes
from ecs_preflight.spinnaker.rules.violation import Broken
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@check("DEPLOY013", "inputs-incomplete", Severity.ERROR, on=each_server_group)
def inputs_are_complete(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Without a task definition artifact, an image, computeUnits and reservedMemory are there, and not below 0:
    `dockerImageAddress.not.nullable`, `computeUnits.*`, `reservedMemory.*`. RegisterTaskDefinition wants 4 MiB at least.

    ## Why it matters
    clouddriver's validator refuses the stage.

    ## How to fix it
    Write all three, or use a task definition artifact.
    """
    yield from judged_by(config, target, lambda _, group: sizes.inputs_are_complete(group))


@check("DEPLOY014", "artifact-not-given", Severity.ERROR, on=each_server_group)
def artifact_is_given(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    With `useTaskDefinitionArtifact`, the artifact is named, and containers are mapped to images.

    ## Why it matters
    Orca fails before clouddriver is asked: `No task definition artifact found in context for operation.`; clouddriver itself
    fails with `Task definition artifact can not be null`, or with a NullPointerException.

    ## How to fix it
    Name the artifact, and map at least one container.
    """
    yield from judged_by(config, target, lambda _, group: artifact.artifact_is_given(group))


@check("DEPLOY015", "artifact-unusable", Severity.ERROR, on=each_server_group)
def artifact_is_usable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The task definition artifact has only members that clouddriver's AWS SDK knows, the network mode of the server group, and
    exactly one container for each mapping; on Fargate it has sizes for the task. Its file is named in preflight.yml, as
    `task_definition` beside the pipeline or the server group, or it is embedded in the stage.

    ## Why it matters
    clouddriver fails with `Task definition networkMode does not match server group value`, `Invalid number of matching
    containers found for mapping`, or with an UnrecognizedPropertyException for what DescribeTaskDefinition adds.

    ## How to fix it
    Give the artifact the shape of RegisterTaskDefinition, and let it agree with the stage.
    """
    if not any(group.use_task_definition_artifact for _, group in described_workloads(config, target)):
        raise NotApplicable("its task definition comes from inputs")
    for workload, group in described_workloads(config, target):
        if group.use_task_definition_artifact and workload.task_definition is None:
            yield Undetermined(f"{workload.name}: {workload.unknown.get('task_definition', 'the artifact was not given')}")
    yield from judged_by(config, target, _artifact_fits)


def _artifact_fits(workload: Workload, group: ServerGroup) -> Broken:
    if group.is_from_artifact and workload.task_definition is not None:
        yield from artifact.artifact_fits(group, workload.task_definition)


@check("DEPLOY016", "environment-variable-reserved", Severity.ERROR, on=each_server_group)
def environment_variables_are_free(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No environment variable is called SERVER_GROUP, CLOUD_STACK or CLOUD_DETAIL: `environmentVariables.invalid`.

    ## Why it matters
    Spinnaker sets these three itself, and clouddriver's validator refuses the stage.

    ## How to fix it
    Call them otherwise.
    """
    yield from judged_by(config, target, lambda _, group: containers.environment_is_free(group))


@check("DEPLOY017", "task-role-not-a-name", Severity.ERROR, on=each_server_group)
def task_role_is_a_name(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `iamRole` is the bare name of a role, without path or ARN; and it is not given beside an artifact, where it is ignored
    (WARNING). clouddriver's validator looks at neither.

    ## Why it matters
    clouddriver gives it to iam:GetRole as it stands, and the stage fails with `The specified value for roleName is invalid`.

    ## How to fix it
    Write the name alone; of an artifact, write taskRoleArn into the artifact.
    """
    yield from judged_by(config, target, lambda _, group: containers.task_role_is_a_name(group))


@check("DEPLOY018", "registry-secret-unreadable", Severity.ERROR, on=each_server_group)
def registry_secret_is_readable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    A registry secret of a server group with inputs is used on Fargate: there clouddriver gives the task an execution role, which
    reads it, and nowhere else.

    ## Why it matters
    On EC2, RegisterTaskDefinition refuses repositoryCredentials without an execution role.

    ## How to fix it
    Use a task definition artifact, with executionRoleArn and repositoryCredentials in it.
    """
    yield from judged_by(config, target, lambda _, group: containers.registry_secret_can_be_read(group))


@check("DEPLOY019", "log-configuration-invalid", Severity.ERROR, on=each_server_group)
def log_configuration_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The log driver is one of ECS's, on Fargate one of Fargate's; awslogs has a group and a region, which is that of the tasks
    (WARNING where it is another), and on Fargate a stream prefix. clouddriver's validator looks at none of it.

    ## Why it matters
    RegisterTaskDefinition refuses it, or no task starts: `failed to initialize logging driver`.

    ## How to fix it
    Complete logOptions with what is named.
    """
    yield from judged_by(config, target, lambda _, group: containers.logs_are_well_configured(group))


@check("DEPLOY020", "tags-invalid", Severity.ERROR, on=each_server_group)
def tags_are_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The tags are such as ECS takes, and none is one that the naming strategy `tags` writes itself.

    ## Why it matters
    CreateService refuses them, after the task definition has been registered. That tags are allowed at all is CLUSTER009's.

    ## How to fix it
    At most 50 tags, keys of up to 128 and values of up to 256 characters, none beginning with aws:.
    """
    account = config.ecs_account(target.account) if target.account else None
    strategy = config.clouddriver.ecs.naming_strategy_of(account) if account else None
    yield from judged_by(config, target, lambda _, group: containers.tags_are_well_formed(group, strategy))
