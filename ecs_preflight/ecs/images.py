"""The address of an image in ECR: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY[:TAG][@DIGEST]`.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ECR = re.compile(
    r"(?P<registry>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.[a-z.]+|on\.aws)/"
    r"(?P<repository>[a-z0-9][a-z0-9._/-]*)(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class EcrImage:
    """An image of a registry; `named` is its digest, else its tag, which is `latest` where none is written."""

    registry_id: str
    region: str
    repository: str
    named: str

    @classmethod
    def parse(cls, address: str) -> EcrImage | None:
        """The image that an address names, or None where it is of another registry."""
        match = _ECR.fullmatch(address)
        if match is None:
            return None
        return cls(match["registry"], match["region"], match["repository"], match["digest"] or match["tag"] or "latest")
