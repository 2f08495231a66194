"""``docker`` for the CDK CLI: login, inspect, build, tag and push, without Docker.

The CDK CLI builds an image asset with whatever ``CDK_DOCKER`` names. ``build`` interprets the
Dockerfile, ``push`` writes the image into the emulator's ECR, so that the CLI finds it there the
next time. Everything else belongs to a real Docker, when there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from groundplan_local.containers.build import build
from groundplan_local.containers.dockerfile import DockerfileError
from groundplan_local.containers.images import Image, ImageStore

# What the CDK CLI calls an image asset on its way; other images (bundling) are not for us.
_ASSET = "cdkasset-"
_ECR = re.compile(
    r"^(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[\w.-]+?/(?P<repository>[^:@]+)"
    r"(?::(?P<tag>[\w.-]+))?$"
)


class RefusedError(Exception):
    """Why a command cannot be done here."""


class Docker:
    """The commands, over the images of one instance."""

    def __init__(self, store: ImageStore, endpoint: str) -> None:
        self._store = store
        self._endpoint = endpoint

    def run(self, arguments: Sequence[str]) -> int:
        words = list(arguments)
        while words and words[0].startswith("-"):
            words = words[2:] if words[0] == "--config" else words[1:]
        command, *rest = words or [""]
        if command == "login":
            sys.stdin.read()
            return 0
        if command == "inspect":
            return 0 if self._store.built(rest[-1]) else 1
        if command == "build":
            return self._build(rest)
        if command == "tag":
            return self._tag(rest)
        if command == "push":
            return self._push(rest[-1])
        raise RefusedError(f"docker {command}")

    def _build(self, words: list[str]) -> int:
        parser = argparse.ArgumentParser(prog="docker build", exit_on_error=False)
        parser.add_argument("--tag", "-t", required=True)
        parser.add_argument("--build-arg", action="append", default=[])
        parser.add_argument("--target")
        parser.add_argument("--file", "-f", default="Dockerfile")
        for ignored in ("--network", "--platform", "--cache-from", "--cache-to", "--output"):
            parser.add_argument(ignored, action="append")
        for ignored in ("--secret", "--ssh"):
            parser.add_argument(ignored, action="append")
        parser.add_argument("--build-context", action="append")
        parser.add_argument("--no-cache", action="store_true")
        parser.add_argument("context")
        given = parser.parse_args(words)
        if not given.tag.startswith(_ASSET):
            raise RefusedError(f"docker build --tag {given.tag}")
        if given.build_context:
            raise RefusedError("docker build --build-context")
        built = build(
            given.tag,
            Path(given.context).resolve(),
            self._store,
            file=given.file,
            target=given.target,
            build_args=dict(pair.partition("=")[::2] for pair in given.build_arg),
        )
        for note in built.notes:
            print(f"groundplan: {note}", file=sys.stderr)
        return 0

    def _tag(self, words: list[str]) -> int:
        source, target = words[-2:]
        image = self._store.built(source)
        if image is None:
            print(f"Error response from daemon: No such image: {source}", file=sys.stderr)
            return 1
        self._store.keep(replace(image, name=target))
        return 0

    def _push(self, name: str) -> int:
        image = self._store.built(name)
        match = _ECR.match(name)
        if image is None or match is None:
            print(
                f"groundplan: {name} is no image of an ECR repository built here", file=sys.stderr
            )
            return 1
        body = {
            "repositoryName": match["repository"],
            "imageTag": match["tag"] or "latest",
            "imageManifest": _manifest(image),
            "imageDigest": image.digest,
        }
        request = urllib.request.Request(
            self._endpoint,
            data=json.dumps(body).encode(),
            headers={
                "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.PutImage",
                "Content-Type": "application/x-amz-json-1.1",
                # An access key of twelve digits is the account.
                "Authorization": (
                    "AWS4-HMAC-SHA256 "
                    f"Credential={match['account']}/20260101/{match['region']}/ecr/aws4_request, "
                    "SignedHeaders=host, Signature=0"
                ),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            print(f"groundplan: ECR refused {name}: {error.read().decode()}", file=sys.stderr)
            return 1
        # A task definition may name the image by its digest.
        repository = name[: name.rindex(":")] if match["tag"] else name
        self._store.keep(replace(image, name=f"{repository}@{image.digest}"))
        return 0


def _manifest(image: Image) -> str:
    """A manifest without layers: the image's files stay in the state folder."""
    media = "application/vnd.docker.distribution.manifest.v2+json"
    return json.dumps(
        {"schemaVersion": 2, "mediaType": media, "config": {"digest": image.digest}, "layers": []}
    )


def main(arguments: Sequence[str]) -> int:
    images, endpoint, *words = arguments
    try:
        return Docker(ImageStore(Path(images)), endpoint).run(words)
    except DockerfileError as error:
        print(f"groundplan: {error}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"groundplan: there is no {error.filename}", file=sys.stderr)
        return 1
    except RefusedError as error:
        # A real Docker does what is not about an image asset, such as bundling in a container.
        real = shutil.which(os.environ.get("GROUNDPLAN_DOCKER") or "docker")
        if real:
            os.execv(real, [real, *words])
        print(
            f"groundplan: {error} needs Docker, and there is none; bundle locally (esbuild) or "
            "install Docker",
            file=sys.stderr,
        )
        return 1


def install(folder: Path, images: Path, port: int) -> Path:
    """Write the executable that ``CDK_DOCKER`` names; it runs in the interpreter that runs this."""
    sources = Path(__file__).resolve().parent.parent.parent
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "docker"
    script.write_text(
        "#!/bin/sh\n"
        f"PYTHONPATH={_quoted(str(sources))} exec {_quoted(sys.executable)} -m "
        f"groundplan_local.containers.docker_cli {_quoted(str(images))} "
        f'http://127.0.0.1:{port}/ "$@"\n'
    )
    script.chmod(0o755)
    return script


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
