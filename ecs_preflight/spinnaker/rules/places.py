"""Rules of where a server group goes: account, region, zones, ECS cluster, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from ecs_preflight.spinnaker.opaque import Opaque, is_blank
from ecs_preflight.spinnaker.rules.violation import Broken, Undecided, Violation, refused, undecided
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_names import ServerGroupName, family_of

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html ("serviceName")
_SERVICE_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


def account_is_known(group: ServerGroup, accounts: Sequence[str]) -> Broken:
    """`accounts` are the names of the ECS accounts."""
    key = "credentials" if group.credentials is not None and group.account is None else "account"
    name = group.account_name
    if isinstance(name, Opaque):
        yield Undecided((key,), name.text)
    elif name is None:
        yield refused("credentials.not.nullable", (), "no account is named", f'Write "account": "{_one_of(accounts)}".')
    elif name not in accounts:
        near = get_close_matches(name, accounts, n=1)
        yield Violation(
            (key,),
            f"account {name!r} is no ECS account",
            "clouddriver finds no credentials of that name: the account must be in ecs.accounts, not in aws.accounts",
            f'Write "{key}": "{near[0] if near else _one_of(accounts)}".',
        )


def region_is_configured(group: ServerGroup, regions: Sequence[str]) -> Broken:
    """`regions` are those that clouddriver serves for the account; none known leaves that open."""
    zones = group.availability_zones
    if isinstance(zones, Opaque):
        yield Undecided(("availabilityZones",), zones.text)
        return
    example = f'Write "availabilityZones": {{"{_one_of(regions) or "us-east-1"}": ["{_one_of(regions) or "us-east-1"}a"]}}.'
    if zones is None:
        yield refused("availabilityZones.not.nullable", (), "there is no availabilityZones", example)
        return
    if len(zones) != 1:
        named = ", ".join(zones) or "no region"
        yield refused("availabilityZones.must.have.only.one", ("availabilityZones",), f"availabilityZones has {named}", example)
    if not zones:
        return
    region = group.region
    listed = zones[region] if isinstance(region, str) else next(iter(zones.values()))
    if listed is None or listed == ():
        where = ("availabilityZones", next(iter(zones)))
        yield refused("availabilityZones.zones.not.nullable", where, f"{region} has no zones", example)
    if isinstance(region, Opaque):
        yield Undecided(("availabilityZones",), region.text)
        return
    if regions and region not in regions:
        yield Violation(
            ("availabilityZones", str(region)),
            f"region {region} is not configured for the account",
            "clouddriver does not check this: its caching agents never look there, so Spinnaker would not see what it deployed",
            f"Deploy to {', '.join(regions)}, or add {region} to the regions of the AWS account that it maps to.",
        )
    for zone in listed if isinstance(listed, tuple) else ():
        if isinstance(zone, str) and not zone.startswith(str(region)):
            yield Violation(
                ("availabilityZones", str(region)),
                f"zone {zone} is not of region {region}",
                "no subnet of that zone is in the region, and clouddriver chooses subnets by zone",
                f"Write zones of {region}, such as {region}a.",
            )


def cluster_is_named(group: ServerGroup) -> Broken:
    name = group.ecs_cluster_name
    fix = 'Write "ecsClusterName": "NAME", the bare name of an ECS cluster.'
    if name is None:
        yield refused("ecsClusterName.not.nullable", (), "no ECS cluster is named", fix)
    elif isinstance(name, str) and not name.strip():
        consequence = "the validator lets it pass, and CreateService would take the ECS cluster named default"
        yield Violation(("ecsClusterName",), "ecsClusterName is blank", consequence, fix)
    elif isinstance(name, str) and name.startswith("arn:"):
        yield Violation(
            ("ecsClusterName",),
            "the ECS cluster is named by its ARN",
            "CreateService takes it, and RegisterScalableTarget then refuses service/ARN/...: a service without scalable target "
            "is left behind, which Spinnaker does not show",
            f'Write "ecsClusterName": "{name.rpartition("/")[2]}".',
        )
    yield from undecided(("ecsClusterName",), name)


def name_is_well_formed(group: ServerGroup) -> Broken:
    moniker = group.moniker
    if isinstance(moniker, Opaque):
        yield Undecided(("moniker",), moniker.text)
        return
    fix = 'Write "application": "NAME".'
    if moniker is None and group.application is None:
        yield refused("application.not.nullable", (), "no application is named", fix)
    elif moniker is not None and moniker.app is None:
        yield refused("moniker.app.not.nullable", ("moniker",), "the moniker names no application", 'Write "app" in it.')
    elif moniker is not None:
        stated = (
            ("app", moniker.app, group.application),
            ("detail", moniker.detail, group.free_form_details),
            ("stack", moniker.stack, group.stack),
        )
        for part, named, beside in stated:
            if isinstance(named, Opaque) or isinstance(beside, Opaque):
                yield from undecided(("moniker", part), named if isinstance(named, Opaque) else beside)
            elif not is_blank(beside) and named != beside:
                found = f"moniker.{part} is {named!r} beside {beside!r}"
                yield refused(f"moniker.{part}.invalid", ("moniker", part), found, f'Write "{part}": "{beside}" there, too.')
    family = family_of(group)
    if isinstance(family, str) and not _SERVICE_NAME.fullmatch(service := ServerGroupName(family).service):
        yield Violation(
            (),
            f"the service would be called {service[:40]!r}",
            f"ECS refuses {service!r}: up to 255 letters, digits, hyphens and underscores",
            "Choose application, stack and details of these characters.",
        )


def _one_of(names: Sequence[str]) -> str:
    return names[0] if names else ""
