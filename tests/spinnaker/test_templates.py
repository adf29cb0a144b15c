"""clouddriver's StringTemplater."""

from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.templates import Rendered, render

NAMES = {"name": "prod", "environment": "live", "accountType": "main", "accountId": "123456789012"}

CASES = [
    ("role/spinnaker", NAMES, Rendered("role/spinnaker")),
    ("", NAMES, Rendered("")),
    ("role/{{name}}-{{environment}}", NAMES, Rendered("role/prod-live")),
    ("arn:aws:iam::{{accountId}}:role/{{accountType}}", NAMES, Rendered("arn:aws:iam::123456789012:role/main")),
    ("{{name}}{{name}}", NAMES, Rendered("prodprod")),
    ("{{ name }}", NAMES, Rendered("{{ name }}", ("{{ name }}",))),
    ("{{accountid}}/{{accountid}}", NAMES, Rendered("{{accountid}}/{{accountid}}", ("{{accountid}}",))),
    ("{{accountId}}", {"name": "prod"}, Rendered("{{accountId}}", ("{{accountId}}",))),
    ("{{name}}", {"name": "{{environment}}", "environment": "live"}, Rendered("live")),
    ("{{name}}", {"name": "x{{name}}"}, Rendered(None, (), "too many levels of templatery")),
    # One round ends where it began, so clouddriver stops there.
    ("{{name}}", {"name": "{{environment}}", "environment": "{{name}}"}, Rendered("{{name}}", ("{{name}}",))),
    ("{{name}}", {"name": "a$1"}, Rendered(None, (), "the value of name holds `$` or `\\`, which the template cannot take")),
    ("{{name}}", {"name": "a\\b"}, Rendered(None, (), "the value of name holds `$` or `\\`, which the template cannot take")),
    ("plain", {"name": "a$1"}, Rendered("plain")),
]


@pytest.mark.parametrize(("template", "substitutions", "rendered"), CASES)
def test_a_template_is_rendered_as_clouddriver_does(template: str, substitutions: dict[str, str], rendered: Rendered) -> None:
    assert render(template, substitutions) == rendered
