"""Brings jars by their coordinates into a folder: python bring_jars.py FOLDER GROUP:ARTIFACT:VERSION…

GROUNDPLAN_MAVEN_REPOSITORY names a repository other than the public one.
"""

import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.maven import MavenContext

ATTEMPTS = 3


def bring(context: MavenContext, coordinates: str, folder: Path) -> None:
    group, artifact, version = coordinates.split(":")
    jar = context.project(group, artifact).at_version(version).artifact()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            shutil.copy(jar.resolve(), folder)
            return
        except Exception:
            if attempt == ATTEMPTS:
                raise
            jar.cached_path.unlink(missing_ok=True)  # a part of it would be taken for the whole
            time.sleep(attempt / 2)


def main(folder: Path, everything: list[str]) -> None:
    repository = os.environ.get("GROUNDPLAN_MAVEN_REPOSITORY")
    context = MavenContext(
        repo_cache=folder / ".cache",
        remote_repos={"central": repository.rstrip("/")} if repository else None,
        timeout=60,
    )
    with ThreadPoolExecutor(max_workers=6) as pool:
        for done in [pool.submit(bring, context, coordinates, folder) for coordinates in everything]:
            try:
                done.result()
            except Exception as error:
                pool.shutdown(cancel_futures=True)
                sys.exit(str(error))
    shutil.rmtree(folder / ".cache")


main(Path(sys.argv[1]), sys.argv[2:])
