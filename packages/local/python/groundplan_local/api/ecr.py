"""ECR says that an image is not there; the emulator answers an empty list (fault 13).

The CDK CLI asks whether an image asset is in its repository and builds it only on that answer, so
without it no image is ever built.
"""

from __future__ import annotations

from typing import Any

from ministack.services import ecr as native

Reply = tuple[int, dict[str, str], bytes]


def install() -> None:
    describe = native._describe_images

    def describe_images(data: dict[str, Any]) -> Reply:
        name = data.get("repositoryName", "")
        if name in native._repositories:
            for wanted in data.get("imageIds") or []:
                if native._find_image(name, wanted) is None:
                    said = ", ".join(f"{key}:'{value}'" for key, value in sorted(wanted.items()))
                    refused: Reply = native.error_response_json(
                        "ImageNotFoundException",
                        f"The image with imageId {{{said}}} does not exist within the repository "
                        f"with name '{name}' in the registry with id '{native._registry_id()}'",
                        400,
                    )
                    return refused
        reply: Reply = describe(data)
        return reply

    native._describe_images = describe_images
