"""The table of calls that are tried: each can be sent, each is one that clouddriver makes, and none is left out."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.validate import ParamValidator

from ecs_preflight.facts import Kind
from ecs_preflight.gather.trials import AS_AWS_ACCOUNT, AS_ECS_ACCOUNT, OF_CLUSTER, Trial
from ecs_preflight.questions import READS_AS_AWS_ACCOUNT, READS_AS_ECS_ACCOUNT, READS_OF_CLUSTER
from ecs_preflight.spinnaker.requirements import REQUIREMENTS, Session, When

EVERY = (*AS_ECS_ACCOUNT, *OF_CLUSTER, *AS_AWS_ACCOUNT)
PLACE = {"partition": "aws-cn", "account_id": "100000000002", "region": "cn-north-1", "cluster": "production"}
# Of features that the configuration would have to switch on, and that ECS does not depend on; and what has a check of its own.
_NOT_TRIED = {When.LAMBDA, When.CLOUDFORMATION, When.LAUNCH_TEMPLATES, When.INPUTS_TASK_ROLE}
_SESSION = botocore.session.Session()


@pytest.mark.parametrize("trial", EVERY, ids=lambda trial: trial.operation.action)
def test_the_api_takes_what_is_sent(trial: Trial) -> None:
    model = _SESSION.get_service_model(trial.operation.service).operation_model(trial.operation.name)
    parameters = trial.parameters_for(PLACE)
    if model.input_shape is not None:
        assert ParamValidator().validate(parameters, model.input_shape).generate_report() == ""
    assert "{" not in str(list(parameters.values()))


@pytest.mark.parametrize("trial", [trial for trial in EVERY if trial.not_found], ids=lambda trial: trial.operation.action)
def test_what_is_named_does_not_exist(trial: Trial) -> None:
    """A call that names a thing has the errors that only an allowed call is answered with; one that lists has none."""
    named = str(trial.parameters_for(PLACE))
    assert any(text in named for text in ("ecs-preflight", "production", "t3.micro"))


@pytest.mark.parametrize(
    ("kind", "trials"),
    [(READS_AS_ECS_ACCOUNT, AS_ECS_ACCOUNT), (READS_OF_CLUSTER, OF_CLUSTER), (READS_AS_AWS_ACCOUNT, AS_AWS_ACCOUNT)],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
def test_a_question_names_the_actions_that_it_takes(kind: Kind[object], trials: tuple[Trial, ...]) -> None:
    assert list(kind.actions) == [trial.operation.action for trial in trials]


@pytest.mark.parametrize(
    ("session", "trials"), [(Session.ECS_ACCOUNT, (*AS_ECS_ACCOUNT, *OF_CLUSTER)), (Session.AWS_ACCOUNT, AS_AWS_ACCOUNT)]
)
def test_every_read_of_clouddriver_is_tried_in_its_session(session: Session, trials: tuple[Trial, ...]) -> None:
    made = {
        requirement.action
        for requirement in REQUIREMENTS
        if requirement.session is session and requirement.is_read and requirement.when not in _NOT_TRIED
    }
    assert made == {trial.operation.action for trial in trials}
