"""How many copies every order and every tie leaves room for: a lower bound that needs no search."""

from __future__ import annotations

from ecs_preflight.ecs.packing import Packing, Parcel


def certain_copies(packing: Packing) -> dict[str, int]:
    """Copies of each parcel that fit wherever the copies of the parcels before it went.

    A copy that came before takes, at the worst, the room of as many copies as its largest size holds.
    """
    certain: dict[str, int] = {}
    for index, parcel in enumerate(packing.parcels):
        lost = sum(earlier.count * _displaced(earlier, parcel) for earlier in packing.parcels[:index])
        certain[parcel.name] = min(parcel.count, max(packing.rooms_alone[parcel.name] - lost, 0))
    return certain


def _displaced(earlier: Parcel, parcel: Parcel) -> int:
    """The copies of `parcel` that one copy of `earlier` may cost an instance, or the addresses of a zone."""
    sizes = zip(earlier.sizes, parcel.sizes, strict=True)
    lost = max((-(-taken // wanted) for taken, wanted in sizes if wanted), default=0)
    excludes = (earlier.ports and parcel.ports) or (parcel.distinct and earlier.group == parcel.group)
    return max(lost, 1 if excludes else 0)
