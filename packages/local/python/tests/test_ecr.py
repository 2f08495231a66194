from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws import ACCOUNT, REGION, LocalAws

from groundplan_local.containers.docker_cli import Docker
from groundplan_local.containers.images import ImageStore


def test_an_image_that_is_not_there_is_an_error_and_a_pushed_one_is_there(
    aws: LocalAws, tmp_path: Path
) -> None:
    ecr = aws.client("ecr")
    ecr.create_repository(repositoryName="assets")

    def described(tag: str) -> Any:
        return ecr.describe_images(repositoryName="assets", imageIds=[{"imageTag": tag}])

    with pytest.raises(ClientError, match=r"ImageNotFoundException.*imageTag:'a1'"):
        described("a1")
    assert ecr.describe_images(repositoryName="assets")["imageDetails"] == []

    (tmp_path / "Dockerfile").write_text("FROM node:22")
    store = ImageStore(tmp_path / "images")
    docker = Docker(store, aws.url + "/")
    name = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/assets"
    assert docker.run(["build", "--tag", "cdkasset-a1", str(tmp_path)]) == 0
    assert docker.run(["tag", "cdkasset-a1", f"{name}:a1"]) == 0
    assert docker.run(["push", f"{name}:a1"]) == 0
    digest = described("a1")["imageDetails"][0]["imageDigest"]
    assert store.find(f"{name}@{digest}").command == ["node"]
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        described("a2")
    missing = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/missing:a1"
    assert docker.run(["tag", "cdkasset-a1", missing]) == 0
    assert docker.run(["push", missing]) == 1
