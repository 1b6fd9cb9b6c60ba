"""Entity tags of the replica's responses, known before a document is built."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path


def tag_of_facts(*facts: object) -> str:
    """The entity tag of a document that is built from these facts by this version of the code."""
    content = "\n".join(map(repr, facts))
    return _tag(_code_sha256() + content.encode())


def tag_of_body(body: bytes) -> str:
    """The entity tag of a response with this body."""
    return _tag(body)


def is_known(request_headers: Mapping[str, str], tag: str) -> bool:
    """Whether the request is for a response with another entity tag only."""
    sent = {name.lower(): value for name, value in request_headers.items()}
    return tag in map(str.strip, sent.get("if-none-match", "").split(","))


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@cache
def _code_sha256() -> bytes:
    """The hash of the code that builds documents. reportlab writes the PDF files."""
    digest = hashlib.sha256(version("reportlab").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
