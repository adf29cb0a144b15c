"""Which workloads go where: by preflight.yml, and by the pipelines of the command line."""

from __future__ import annotations

import base64
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import InputError, SyntaxInputError, UsageError
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.spinnaker.clouddriver import Clouddriver
from ecs_preflight.targets import Target
from tests.builders import CLOUDDRIVER, loaded
from tests.spinnaker.server_groups import GONE, a_cluster, a_pipeline, a_task_definition, an_artifact_cluster, written

HERE = Target("prod", "us-east-1", "production")


def with_entries(folder: Path, *entries: str, **options: Any) -> PreflightConfig:
    listed = "".join(f"              - {entry}\n" for entry in entries)
    head = (
        "accounts:\n  prod:\n    regions:\n      us-east-1:\n        clusters:\n          production:\n            workloads:\n"
    )
    return loaded(folder, CLOUDDRIVER, preflight=head + listed, **options)


def names(config: PreflightConfig, target: Target = HERE) -> list[str]:
    return [workload.name for workload in config.workloads(target)]


def test_every_way_to_say_a_workload(tmp_path: Path) -> None:
    written(tmp_path, a_pipeline(a_cluster()))
    written(tmp_path, a_cluster(), "group.json")
    written(tmp_path, a_task_definition(), "task.json")
    written(tmp_path, an_artifact_cluster(), "artifact.json")
    config = with_entries(
        tmp_path,
        "{name: sizes, cpu: 256, memory: 512}",
        "{name: piped, pipeline: pipeline.json, desired_count: 9}",
        "{name: grouped, server_group: ./group.json}",
        "{name: filed, task_definition: task.json, launch_type: FARGATE}",
        "{name: artifact, server_group: artifact.json, task_definition: task.json}",
        "{name: registered, task_definition: 'web:7'}",
        "{name: running, service: shop-v003, more: 2}",
    )
    assert names(config) == ["sizes", "piped", "grouped", "filed", "artifact", "registered", "running"]
    by_name = {workload.name: workload for workload in config.workloads(HERE)}
    assert [by_name[name].desired_count for name in by_name] == [1, 9, 4, 1, 4, 1, 2]
    assert [name for name in by_name if by_name[name].is_looked_up] == ["registered", "running"]
    assert by_name["artifact"].task_definition["family"] == "shop-live-web"  # type: ignore[index]
    assert config.workload(Target("prod", "us-east-1", "production", "piped")) == by_name["piped"]
    assert pickle.loads(pickle.dumps(config)).workloads(HERE) == config.workloads(HERE)


def test_a_pipeline_of_the_command_line_names_clusters_regions_and_workloads(tmp_path: Path) -> None:
    clusters = [
        a_cluster(),
        a_cluster(freeFormDetails="api"),
        a_cluster(),
        a_cluster(ecsClusterName="batch", availabilityZones={"eu-west-1": ["eu-west-1a"]}),
    ]
    config = loaded(tmp_path, CLOUDDRIVER, pipelines=[written(tmp_path, a_pipeline(*clusters))])
    assert names(config) == ["shop-live-web", "shop-live-api", "shop-live-web (2)"]
    assert config.clusters("prod", "us-east-1") == ("production",)
    assert config.regions("prod") == ("us-east-1", "eu-west-1")
    assert names(config, Target("prod", "eu-west-1", "batch")) == ["shop-live-web"]
    assert config.unplaced_workloads == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"account": "production"},
        {"account": "${parameters.account}"},
        {"ecsClusterName": "${parameters.cluster}"},
        {"ecsClusterName": GONE},
        {"ecsClusterName": " "},
        {"ecsClusterName": "*"},
        {"availabilityZones": "${zones}"},
        {"availabilityZones": GONE},
    ],
)
def test_what_nobody_can_place_is_kept(tmp_path: Path, changed: dict[str, Any]) -> None:
    config = loaded(tmp_path, CLOUDDRIVER, pipelines=[written(tmp_path, a_pipeline(a_cluster(**changed)))])
    assert [workload.name for workload in config.unplaced_workloads] == ["shop-live-web"]
    assert not config.names_clusters_of("prod")


def test_a_pipeline_under_a_cluster_gives_what_it_deploys_there(tmp_path: Path) -> None:
    clusters = [a_cluster(), a_cluster(freeFormDetails="api"), a_cluster(ecsClusterName="other"), a_cluster(account="elsewhere")]
    written(tmp_path, a_pipeline(*clusters, a_cluster(freeFormDetails="any", ecsClusterName="${cluster}")))
    config = with_entries(tmp_path, "{name: web, pipeline: pipeline.json}")
    assert names(config) == ["web shop-live-web", "web shop-live-api", "web shop-live-any"]


@pytest.mark.parametrize(
    ("clusters", "hint"),
    [([a_cluster(ecsClusterName="other")], "It deploys to prod/us-east-1/other."), ([], "It deploys nothing to ECS at all.")],
)
def test_a_pipeline_for_elsewhere_is_refused(tmp_path: Path, clusters: list[Any], hint: str) -> None:
    written(tmp_path, a_pipeline(*clusters))
    with pytest.raises(
        InputError, match=r"preflight\.yml:8:17: pipeline\.json deploys nothing to prod/us-east-1/production"
    ) as refused:
        with_entries(tmp_path, "{name: web, pipeline: pipeline.json}")
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        (
            "{name: web, pipeline: pipelin.json}",
            "the file pipelin.json, which does not exist",
            "Did you mean pipeline.json?",
        ),
        ("{name: web, server_group: a/b.json}", "names the file a/b.json, which does not exist", "Names are relative to "),
        ("{name: web, task_definition: x.json}", "names the file x.json, which does not exist", "Names are relative to "),
        (
            "{name: web, pipeline: pipeline.json, task_definition: 'web:7'}",
            "`web:7` is a registered task definition",
            "is the file of its artifact.",
        ),
    ],
)
def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path, entry: str, message: str, hint: str) -> None:
    written(tmp_path, a_pipeline(a_cluster()))
    with pytest.raises(InputError) as refused:
        with_entries(tmp_path, entry)
    assert message in refused.value.message
    assert hint in str(refused.value.hint)
    assert "preflight.yml:8:17" in str(refused.value)


def embedded(text: str) -> dict[str, Any]:
    reference = base64.b64encode(text.encode()).decode()
    return {"artifact": {"type": "embedded/base64", "name": "task", "reference": reference}}


def test_an_embedded_artifact_is_read(tmp_path: Path) -> None:
    cluster = an_artifact_cluster(taskDefinitionArtifact=embedded(json.dumps(a_task_definition())))
    config = loaded(tmp_path, CLOUDDRIVER, pipelines=[written(tmp_path, a_pipeline(cluster))])
    (workload,) = config.workloads(HERE)
    assert workload.containers[0]["name"] == "web"


@pytest.mark.parametrize(
    ("artifact", "message"),
    [
        (embedded("{"), "the embedded task definition:1:2: the text ends inside the object"),
        (embedded("{}"), "this is no task definition"),
        ({"artifact": {"type": "embedded/base64", "reference": "{}"}}, "the embedded task definition is no base64 of a text"),
    ],
)
def test_an_embedded_artifact_that_is_none_is_refused(tmp_path: Path, artifact: Any, message: str) -> None:
    path = written(tmp_path, a_pipeline(an_artifact_cluster(taskDefinitionArtifact=artifact)))
    with pytest.raises(SyntaxInputError) as refused:
        loaded(tmp_path, CLOUDDRIVER, pipelines=[path])
    assert message in refused.value.message
    assert "pipeline.json:" in str(refused.value.location)


def test_a_configuration_of_parts_has_read_no_files() -> None:
    entry = {"name": "web", "pipeline": "pipeline.json"}
    settings = PreflightFile.model_validate(
        {"accounts": {"prod": {"regions": {"us-east-1": {"clusters": {"production": {"workloads": [entry]}}}}}}}
    )
    with pytest.raises(UsageError, match=r"the file pipeline\.json was not read"):
        PreflightConfig(Clouddriver(), settings).workloads(HERE)
