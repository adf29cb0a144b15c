"""How clouddriver calls family, service and container."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.server_group_names import ServerGroupName, family_of
from tests.spinnaker.server_groups import a_group


@pytest.mark.parametrize(
    ("changed", "family"),
    [
        ({}, "shop-live-web"),
        ({"freeFormDetails": ""}, "shop-live"),
        ({"stack": "", "freeFormDetails": None}, "shop"),
        ({"stack": None}, "shop--web"),
        ({"application": None}, None),
        ({"application": "${app}"}, Opaque("${app}")),
        ({"moniker": {"app": "other", "stack": "s"}}, "other-s"),
        ({"moniker": {"app": None}}, None),
        ({"moniker": "${moniker}"}, Opaque("${moniker}")),
        ({"moniker": {"app": "other", "detail": "${d}"}}, Opaque("${d}")),
    ],
)
def test_the_family_is_app_stack_and_detail(changed: dict[str, Any], family: Any) -> None:
    assert family_of(a_group(**changed)) == family


@pytest.mark.parametrize(("sequence", "service"), [(0, "shop-v000"), (41, "shop-v041"), (1001, "shop-v001")])
def test_the_service_counts_up_to_a_thousand(sequence: int, service: str) -> None:
    assert ServerGroupName("shop", sequence).service == service
