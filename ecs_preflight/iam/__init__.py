"""The IAM policy language, and how AWS decides."""

from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document, evaluate_identity, evaluate_request
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest, PolicySet

__all__ = [
    "AccessRequest",
    "EvalDecision",
    "Evaluation",
    "PolicyDocument",
    "PolicySet",
    "evaluate_document",
    "evaluate_identity",
    "evaluate_request",
]
