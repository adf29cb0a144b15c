"""Rules of how many and how large: capacity, and the sizes of inputs."""

from __future__ import annotations

from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.rules.violation import Broken, Undecided, Violation, refused, undecided
from ecs_preflight.spinnaker.server_group import ServerGroup

# "The Docker daemon reserves a minimum of 6 MiB"; older ones 4: RegisterTaskDefinition refuses less.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html ("memoryReservation")
_LEAST_MEMORY = 4


def capacity_is_consistent(group: ServerGroup) -> Broken:
    capacity = group.capacity
    fix = 'Write "capacity": {"min": 1, "max": 4, "desired": 2}: min <= desired <= max.'
    if capacity is None:
        yield refused("capacity.not.nullable", (), "there is no capacity", fix)
        return
    if isinstance(capacity, Opaque):
        yield Undecided(("capacity",), capacity.text)
        return
    counts = {"desired": capacity.desired, "min": capacity.min, "max": capacity.max}
    for name, count in counts.items():
        if count is None:
            yield refused(f"capacity.{name}.not.nullable", ("capacity",), f"capacity has no {name}", fix)
        elif isinstance(count, int) and count < 0:
            yield refused(f"capacity.{name}.invalid", ("capacity", name), f"capacity.{name} is {count}", fix)
        yield from undecided(("capacity", name), count)
    least, most, desired = capacity.min, capacity.max, capacity.desired
    if not isinstance(least, int) or not isinstance(most, int):
        return
    if least > most:
        yield refused("capacity.min.max.range.invalid", ("capacity", "min"), f"capacity.min {least} is above max {most}", fix)
    if isinstance(desired, int) and desired > most:
        found = f"capacity.desired {desired} is above max {most}"
        yield refused("capacity.desired.exceeds.max", ("capacity", "desired"), found, fix)
    if isinstance(desired, int) and desired < least:
        found = f"capacity.desired {desired} is below min {least}"
        yield refused("capacity.desired.less.than.min", ("capacity", "desired"), found, fix)


def inputs_are_complete(group: ServerGroup) -> Broken:
    """Of a server group without an artifact."""
    if group.is_from_artifact:
        return
    if isinstance(group.use_task_definition_artifact, Opaque):
        yield Undecided(("useTaskDefinitionArtifact",), group.use_task_definition_artifact.text)
        return
    if group.docker_image_address is None:
        fix = 'Write "dockerImageAddress": "REGISTRY/REPOSITORY:TAG".'
        yield refused("dockerImageAddress.not.nullable", (), "no image is named", fix)
    for key, value, fix in (
        ("computeUnits", group.compute_units, 'Write "computeUnits": 256, in CPU units; 1024 is one vCPU.'),
        ("reservedMemory", group.reserved_memory, 'Write "reservedMemory": 512, in MiB.'),
    ):
        if value is None:
            yield refused(f"{key}.not.nullable", (), f"there is no {key}", fix)
        elif isinstance(value, int) and value < 0:
            yield refused(f"{key}.invalid", (key,), f"{key} is {value}", fix)
    memory = group.reserved_memory
    if isinstance(memory, int) and 0 <= memory < _LEAST_MEMORY:
        yield Violation(
            ("reservedMemory",),
            f"reservedMemory is {memory} MiB",
            f"clouddriver lets it pass, and RegisterTaskDefinition refuses less than {_LEAST_MEMORY} MiB",
            'Write "reservedMemory": 512, in MiB.',
        )
