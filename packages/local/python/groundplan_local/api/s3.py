"""Writes with ``aws:kms`` and no key: AWS takes the account's own key for S3, the emulator none.

The CDK bootstrap's bucket is encrypted that way, and the CDK CLI repeats it on every upload.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import s3 as native

_ALGORITHM = "x-amz-server-side-encryption"
_KEY = "x-amz-server-side-encryption-aws-kms-key-id"
_MANAGED_KEY = "alias/aws/s3"


def install() -> None:
    resolve = native._resolve_sse_write_headers

    def with_managed_key(headers: Mapping[str, str], bucket_name: str) -> Any:
        if headers.get(_ALGORITHM) == "aws:kms" and not headers.get(_KEY):
            headers = {**headers, _KEY: _MANAGED_KEY}
        return resolve(headers, bucket_name)

    native._resolve_sse_write_headers = with_managed_key
