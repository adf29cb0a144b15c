"""Pipelines as `spin pipeline get` prints them: which stages count, and what is said of files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.errors import InputError, SyntaxInputError
from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.pipelines import read_pipelines, read_server_group_file
from tests.spinnaker.server_groups import GONE, a_cluster, a_pipeline, read, written


def test_every_ecs_cluster_of_every_deploy_stage_is_read(tmp_path: Path) -> None:
    stages = [
        {"type": "wait", "name": "Wait"},
        {"type": "deploy", "name": "One", "clusters": [a_cluster(), a_cluster(cloudProvider="aws", provider="aws")]},
        {"type": "deploy", "name": "Two", "clusters": [a_cluster(stack="test", cloudProvider=GONE)]},
        {"type": "createServerGroup", "name": "Three", **a_cluster(stack="own")},
        {"type": "deployManifest", "name": "K8s", "cloudProvider": "kubernetes"},
    ]
    groups = read(tmp_path, a_pipeline(stages=stages)).server_groups
    assert [(group.stage, group.stack) for group in groups] == [("One", "live"), ("Two", "test"), ("Three", "own")]
    assert [str(group.location).rpartition("/")[2].split(":")[0] for group in groups] == ["pipeline.json"] * 3
    assert len({group.location for group in groups}) == 3


def test_a_list_of_pipelines_is_each_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, [a_pipeline(a_cluster()), a_pipeline(a_cluster(), name="again")])
    assert [(pipeline.name, len(pipeline.server_groups)) for pipeline in read_pipelines(path)] == [("ship", 1), ("again", 1)]


@pytest.mark.parametrize(
    ("kind", "image"), [("findImageFromTags", Opaque("the image that an earlier stage finds")), ("wait", None)]
)
def test_a_stage_that_finds_images_may_give_one(tmp_path: Path, kind: str, image: Any) -> None:
    stages = [{"type": kind, "name": "Find"}, *a_pipeline(a_cluster(dockerImageAddress=GONE))["stages"]]
    (group,) = read(tmp_path, a_pipeline(stages=stages)).server_groups
    assert group.docker_image_address == image


def test_other_stages_of_ecs_are_kept_aside(tmp_path: Path) -> None:
    stages = [
        {"type": "cloneServerGroup", "name": "Clone", "cloudProvider": "ecs"},
        {"type": "resizeServerGroup", "name": "Resize", "cloudProvider": "ecs"},
        {"type": "destroyServerGroup", "name": "Destroy", "cloudProvider": "aws"},
    ]
    assert [other.type for other in read(tmp_path, a_pipeline(stages=stages)).others] == ["cloneServerGroup", "resizeServerGroup"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the text is empty"),
        ('{"stages": [', "the text ends inside the list opened at line 1"),
        ("{'stages': []}", "stands where a key is expected"),
        ("[1]", "this is no pipeline: it has no list of `stages`"),
        ('{"stages": {}}', "this is no pipeline: it has no list of `stages`"),
        ('{"name": "x"}', "this is no pipeline: it has no list of `stages`"),
        ('{"stages": [3]}', "a stage is expected here"),
        ('{"stages": [{"type": "deploy", "clusters": {}}]}', "`clusters` of a deploy stage is a list"),
    ],
)
def test_what_is_no_pipeline_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SyntaxInputError) as refused:
        read_pipelines(written(tmp_path, text))
    assert message in refused.value.message
    assert "policy." not in refused.value.message
    assert "pipeline.json:1:" in str(refused.value.location)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json: the file cannot be read: no such file"):
        read_pipelines(tmp_path / "gone.json")


def test_a_server_group_by_itself_is_a_cluster_of_a_stage_or_what_orca_sends(tmp_path: Path) -> None:
    of_stage = read_server_group_file(written(tmp_path, a_cluster()))
    sent = a_cluster(cloudProvider=GONE, provider=GONE, strategy=GONE, account=GONE, credentials="prod")
    assert (of_stage.is_of_stage, of_stage.credentials) == (True, "prod")
    assert (read_server_group_file(written(tmp_path, sent)).is_of_stage) is False
    with pytest.raises(SyntaxInputError, match="this is a pipeline, and one server group is expected"):
        read_server_group_file(written(tmp_path, a_pipeline(a_cluster())))
