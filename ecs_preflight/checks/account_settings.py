"""CLUSTER: the ECS settings of the managed account let Spinnaker write what its naming strategy needs."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import require_role_and_region, some_of
from ecs_preflight.checks.scopes import each_region
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.questions import ACCOUNT_SETTINGS, account_settings
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target

_NEEDED = ("serviceLongArnFormat", "taskLongArnFormat")


def _strategy_writes_tags(config: PreflightConfig, account: str) -> bool:
    """clouddriver finds the strategy whatever its case: kork NamerRegistry.java:52-60."""
    return (_strategy(config, account) or "").casefold() == "tags"


def _strategy(config: PreflightConfig, account: str) -> str | None:
    return config.clouddriver.ecs.naming_strategy_of(config.ecs_account(account))


def _tagged(config: PreflightConfig, target: Target) -> list[str]:
    """The workloads of a region whose server groups have tags of their own."""
    clusters = config.clusters(target.account, target.region)
    workloads = (workload for name in clusters for workload in config.workloads(Target(target.account, target.region, name)))
    return [workload.name for workload in workloads if workload.server_group and workload.server_group.tags]


def _settings(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not target.region or not config.role_is_known(target.account):
        return
    if _strategy_writes_tags(config, target.account) or _tagged(config, target):
        yield account_settings(target.account, target.region)


@check(
    "CLUSTER009",
    "account-setting-blocks-tags",
    Severity.ERROR,
    on=each_region,
    needs=_settings,
    asks=(ACCOUNT_SETTINGS,),
)
def account_settings_allow_tags(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where an ECS account has the naming strategy `tags`, or a server group has tags of its own: serviceLongArnFormat and
    taskLongArnFormat are enabled for the managed role in each such region. Else nothing needs them.

    ## Why it matters
    That strategy puts tags on every service, and ECS tags only what has the long ARN. Each such deployment fails after its task
    definition is registered: `ECS account settings for account X do not allow tagging as serviceLongArnFormat and
    taskLongArnFormat are not enabled.`

    ## How to fix it
    Enable both settings as the default of the managed account, in every region; or use the `default` naming strategy.
    """
    strategy = _strategy(config, target.account)
    tagged = _tagged(config, target)
    if is_opaque(strategy) and not tagged:
        raise Undetermined(f"the naming strategy is read by Spinnaker alone ({strategy})")
    if not _strategy_writes_tags(config, target.account) and not tagged:
        raise NotApplicable("its naming strategy writes no tags, and no server group has any")
    require_role_and_region(config, target)
    settings = facts[account_settings(target.account, target.region)].require()
    off = [name for name in _NEEDED if settings.get(name) != "enabled"]
    if off:
        commands = (f"aws ecs put-account-setting-default --name {name} --value enabled --region {target.region}" for name in off)
        yield Problem(
            f"{' and '.join(off)} {'is' if len(off) == 1 else 'are'} not enabled in {target.region}",
            remediation="\n".join((f"In account {config.mapping(target.account).account_id}:", *commands)),
            evidence="ecs:ListAccountSettings: "
            + ", ".join(f"{name} {settings.get(name, 'is not listed')}" for name in _NEEDED)
            + (f"; tags are on {some_of(tagged)}" if tagged else ""),
        )
