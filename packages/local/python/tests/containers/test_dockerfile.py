"""Reading and interpreting Dockerfiles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan_local.containers.build import build
from groundplan_local.containers.dockerfile import DockerfileError, expand, pairs, read
from groundplan_local.containers.images import Image, ImageStore


def made(tmp_path: Path, text: str, files: dict[str, str] | None = None, **more: object) -> Image:
    return both(tmp_path, text, files, **more)[0]


def both(
    tmp_path: Path, text: str, files: dict[str, str] | None = None, **more: object
) -> tuple[Image, list[str]]:
    context = tmp_path / "context"
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(text)
    for name, content in (files or {"server.js": "//"}).items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(content)
    built = build("cdkasset-x", context, ImageStore(tmp_path / "images"), **more)  # type: ignore[arg-type]
    return built.image, built.notes


def tree(image: Image) -> dict[str, str]:
    assert image.root is not None
    return {
        str(path.relative_to(image.root)): path.read_text()
        for path in sorted(image.root.rglob("*"))
        if path.is_file()
    }


def test_the_last_stage_is_the_image(tmp_path: Path) -> None:
    image = made(
        tmp_path,
        """
        # a comment
        ARG VERSION=22
        FROM node:${VERSION} AS build
        WORKDIR /src
        COPY . .
        FROM node:$VERSION-slim
        WORKDIR /app
        ENV PORT=8080 GREETING="hello  you" \\
            # within a continuation
            NAME='x'
        COPY --from=build --chown=node:node /src/server.js /src/lib ./
        USER node
        STOPSIGNAL SIGINT
        EXPOSE 8080
        LABEL a=b
        ENTRYPOINT ["node"]
        CMD ["server.js"]
        """,
        {"server.js": "//", "lib/a.js": "a", "lib/deep/b.js": "b"},
    )
    assert (image.entry_point, image.command) == (["node"], ["server.js"])
    assert (image.directory, image.user, image.stop_signal) == ("/app", "node", "SIGINT")
    assert image.environment == {"PORT": "8080", "GREETING": "hello  you", "NAME": "x"}
    assert tree(image) == {"app/server.js": "//", "app/a.js": "a", "app/deep/b.js": "b"}
    assert image.digest.startswith("sha256:")


def test_shell_forms_run_in_a_shell(tmp_path: Path) -> None:
    image = made(tmp_path, "FROM node:22\nCMD node server.js $FLAGS")
    assert image.command == ["/bin/sh", "-c", "node server.js $FLAGS"]
    image = made(tmp_path, 'FROM node:22\nSHELL ["/bin/bash", "-c"]\nCMD node x')
    assert image.command == ["/bin/bash", "-c", "node x"]


def test_an_entry_point_takes_the_command_of_the_base_away(tmp_path: Path) -> None:
    image = made(tmp_path, 'FROM node:22\nENTRYPOINT ["node", "server.js"]')
    assert (image.entry_point, image.command) == (["node", "server.js"], [])
    assert made(tmp_path, "FROM node:22").command == ["node"]
    assert made(tmp_path, "FROM python:3.13").command == ["python3"]
    assert made(tmp_path, "FROM gcr.io/distroless/nodejs22-debian12").entry_point == ["node"]


def test_destinations_are_those_of_docker(tmp_path: Path) -> None:
    files = {"a.txt": "a", "b.txt": "b", "dir/c.txt": "c", "[x].txt": "x"}
    image = made(
        tmp_path,
        """
        FROM node:22
        WORKDIR /w
        WORKDIR sub
        COPY a.txt renamed.txt
        COPY a.txt into/
        COPY *.txt all/
        COPY dir /dir
        COPY ["b.txt", "/quoted name.txt"]
        ADD --chmod=755 [x].txt ./
        """,
        files,
    )
    assert set(tree(image)) == {
        "w/sub/renamed.txt",
        "w/sub/into/a.txt",
        "w/sub/all/a.txt",
        "w/sub/all/b.txt",
        "w/sub/all/[x].txt",
        "dir/c.txt",
        "quoted name.txt",
        "w/sub/[x].txt",
    }


def test_arguments_of_the_build_reach_it(tmp_path: Path) -> None:
    text = "ARG BASE=node:22\nFROM $BASE\nARG V=one\nARG W\nENV V=$V W=${W:-none} X=${V:+set}"
    assert made(tmp_path, text).environment == {"V": "one", "W": "none", "X": "set"}
    given = {"V": "two", "W": "w", "BASE": "python:3"}
    image = made(tmp_path, text, build_args=given)
    assert image.environment == {"V": "two", "W": "w", "X": "set"}
    assert image.command == ["python3"]


def test_a_stage_can_be_the_target_and_the_base_of_another(tmp_path: Path) -> None:
    text = """
        FROM node:22 AS base
        ENV A=1
        COPY . /app
        FROM base AS dev
        CMD ["d"]
        FROM base
        ENV B=2
        """
    assert made(tmp_path, text, target="dev").command == ["d"]
    image = made(tmp_path, text)
    assert image.environment == {"A": "1", "B": "2"}
    assert "app/server.js" in tree(image)


def test_what_is_run_is_said_and_not_done(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    image, notes = both(tmp_path, f'FROM node:22\nRUN touch {marker} \\\n && npm ci\nCMD ["x"]')
    assert notes == [f"line 2: RUN touch {marker} && npm ci is not executed by the local AWS"]
    assert not marker.exists()
    assert image.command == ["x"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CMD x", "line 1: CMD stands before FROM"),
        ("", "line 1: there is no FROM"),
        ("FROM node:22\nFETCH x", "line 2: FETCH is not understood"),
        ("FROM node:22\n\nCOPY missing.js .", "line 3: COPY missing.js: there is no such file"),
        ("FROM node:22\nCOPY ../x .", "line 2: COPY ../x leaves the build context"),
        ("FROM node:22\nCOPY x", "line 2: COPY needs a source and a destination"),
        ("FROM node:22\nCOPY <<EOF /a\nhi\nEOF", "line 2: here-documents"),
        ("FROM node:22\nADD https://x/y.tgz /", "line 2: ADD of a URL"),
        ("FROM node:22\nCOPY --from=nginx:1 /a /b", "line 2: COPY --from=nginx:1"),
        ("FROM node:22 AS build as x", "line 1: cannot read FROM"),
        (
            "FROM node:22 AS build\nRUN npm run build\nFROM node:22\nCOPY --from=build /dist .",
            "line 4: COPY --from=build /dist: the stage has no such file, since its RUN lines",
        ),
    ],
)
def test_what_cannot_be_interpreted_names_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x").write_text("outside")
    with pytest.raises(DockerfileError) as refused:
        made(tmp_path, text)
    assert said in str(refused.value)


def test_the_same_files_are_the_same_image(tmp_path: Path) -> None:
    text = "FROM node:22\nCOPY . /app"
    first = made(tmp_path, text)
    assert made(tmp_path, text).root == first.root
    changed = made(tmp_path, text, {"server.js": "other"})
    assert changed.digest != first.digest
    kept = ImageStore(tmp_path / "images").built("cdkasset-x")
    assert kept == changed


def test_words_and_variables() -> None:
    assert expand(r"$A ${A} \$A ${B:-b}", {"A": "1"}) == "1 1 $A b"
    assert pairs("A=1 B=\"x y\" C='z'") == {"A": "1", "B": "x y", "C": "z"}
    assert pairs("OLD the rest of it") == {"OLD": "the rest of it"}
    escaped = "# escape=`\nFROM node:22\nENV A=1 `\n B=2"
    assert [i.text for i in read(escaped)[0].instructions] == ["A=1 B=2"]
    assert (
        json.dumps([s.base for s in read("FROM --platform=linux/arm64 node:22")]) == '["node:22"]'
    )
