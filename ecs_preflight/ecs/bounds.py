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
        certain[parcel.name] = min(parcel.count, max(room_alone(packing, parcel) - lost, 0))
    return certain


def room_alone(packing: Packing, parcel: Parcel) -> int:
    """The copies that all instances hold where no other parcel is there."""
    in_zone: dict[str, int] = {}
    for stock, room in zip(packing.stocks, parcel.rooms, strict=True):
        in_zone[stock.zone] = in_zone.get(stock.zone, 0) + room
    shared = packing.addresses if parcel.sizes[3] else {}
    return int(sum(min(room, shared.get(zone, room)) for zone, room in in_zone.items()))


def _displaced(earlier: Parcel, parcel: Parcel) -> int:
    """The copies of `parcel` that one copy of `earlier` may cost an instance, or the addresses of a zone."""
    sizes = zip(earlier.sizes, parcel.sizes, strict=True)
    lost = max((-(-taken // wanted) for taken, wanted in sizes if wanted), default=0)
    excludes = (earlier.ports and parcel.ports) or (parcel.distinct and earlier.group == parcel.group)
    return max(lost, 1 if excludes else 0)
