"""Placement constraints, and what the ECS API refuses of them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.constraints import read_constraints
from ecs_preflight.ecs.query_text import QueryError
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.errors import InputError, UsageError
from tests.ecs.builders import DISTINCT, member_of, simple


def definition(*constraints: dict[str, str]) -> TaskDefinition:
    return TaskDefinition.model_validate(simple(placementConstraints=list(constraints)))


def test_constraints_of_the_definition_and_of_the_service_come_together() -> None:
    constraints = read_constraints(definition(member_of("attribute:a exists")), [member_of("attribute:b == c"), DISTINCT])
    assert constraints.distinct
    assert [query.expression for query in constraints.members] == ["attribute:a exists", "attribute:b == c"]
    assert constraints.subjects == {"attribute:a", "attribute:b"}
    assert not constraints.reads_groups


def test_no_constraints_admit_everything() -> None:
    constraints = read_constraints(definition(), [])
    assert (constraints.distinct, constraints.members, constraints.warnings) == (False, (), ())


def test_warnings_name_their_expression() -> None:
    constraints = read_constraints(definition(), [member_of("task:group != x")])
    assert constraints.warnings == ("task:group != x: != on task:group is not documented",)
    assert constraints.reads_groups
    assert not constraints.subjects


def test_what_the_expressions_compare_the_running_tasks_with_is_known() -> None:
    expressions = ["runningTasksCount < 3 or runningTasksCount > 7", "attribute:size == 5", "not(runningTasksCount == 3)"]
    constraints = read_constraints(definition(), [member_of(expression) for expression in expressions])
    assert constraints.running_tasks_counts == {3, 7}


@pytest.mark.parametrize(
    ("of_task", "of_service", "message"),
    [
        ([DISTINCT], [], "has the placement constraint distinctInstance"),
        ([], [{"type": "distinctInstance", "expression": ""}], "takes no expression, not even an empty one"),
        ([], [{"type": "memberOf"}], "memberOf has no expression"),
        ([], [{"type": "nearBy", "expression": "attribute:a exists"}], "There is no placement constraint 'nearBy'"),
        ([member_of("attribute:a exists")] * 5, [member_of("attribute:a exists")] * 6, "11 placement constraints: ECS takes 10"),
    ],
)
def test_what_ecs_would_refuse_is_refused(of_task: list[Any], of_service: list[Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_constraints(definition(*of_task), of_service)


def test_a_null_expression_of_distinct_instance_is_none() -> None:
    assert read_constraints(definition(), [{"type": "distinctInstance", "expression": None}]).distinct


def test_a_bad_expression_and_a_bad_shape_are_input_errors() -> None:
    with pytest.raises(QueryError):
        read_constraints(definition(), [member_of("attribute:a is b")])
    with pytest.raises(InputError, match="This is not the placement constraint that the ECS API describes: type"):
        read_constraints(definition(), [{"expression": "attribute:a exists"}])
