"""How far a rolling deployment may go below and above the desired count.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.deployment import rolling_deployment
from ecs_preflight.errors import UsageError


@pytest.mark.parametrize(
    ("desired", "minimum", "maximum", "floor", "ceiling", "progresses"),
    [
        (4, 100, 200, 4, 8, True),
        (4, 50, 200, 2, 8, True),
        (4, 50, 100, 2, 4, True),
        (4, 100, 100, 4, 4, False),
        (3, 100, 125, 3, 3, False),
        (2, 75, 100, 2, 2, False),
        (4, 100, 125, 4, 5, True),
        (4, 75, 100, 3, 4, True),
        (1, 0, 100, 0, 1, True),
        (1, 50, 100, 1, 1, False),
        (0, 100, 100, 0, 0, True),
    ],
)
def test_floor_rounds_up_and_ceiling_down(
    desired: int, minimum: int, maximum: int, floor: int, ceiling: int, progresses: bool
) -> None:
    rolling = rolling_deployment(desired, minimum_healthy_percent=minimum, maximum_percent=maximum)
    assert (rolling.floor, rolling.ceiling, rolling.can_progress) == (floor, ceiling, progresses)
    assert rolling.extra == ceiling - desired


def test_the_defaults_are_those_of_a_replica_service() -> None:
    assert rolling_deployment(3) == rolling_deployment(3, minimum_healthy_percent=100, maximum_percent=200)


@pytest.mark.parametrize(("desired", "percents"), [(-1, (100, 200)), (1, (-1, 200)), (1, (0, -1))])
def test_negative_numbers_are_refused(desired: int, percents: tuple[int, int]) -> None:
    with pytest.raises(UsageError) as refused:
        rolling_deployment(desired, minimum_healthy_percent=percents[0], maximum_percent=percents[1])
    assert str(refused.value) == "A desired count and the percentages of a deployment are 0 or more."


def test_percentages_of_many_tasks_are_exact() -> None:
    rolling = rolling_deployment(1000, minimum_healthy_percent=75, maximum_percent=150)
    assert (rolling.floor, rolling.ceiling) == (750, 1500)
