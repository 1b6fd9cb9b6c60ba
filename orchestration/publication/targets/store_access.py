"""Access to a store of files, by obstore: a folder, or a prefix of a bucket of S3.

Credentials, region and endpoint of S3 are read from the environment, as the tools of AWS do
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL).
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.store_files import Store

_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT")
_SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_RETRIES, _RETRY_SECONDS = 4, 60
_CONNECT, _REQUEST = "10s", "300s"
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
# Where a machine of AWS gets its credentials, if none are set.
_METADATA = "169.254.169.254"
_KEY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_OTHER_CREDENTIALS = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_")
# Obstore has no type of its own for these errors, which pass.
_PASSING = re.compile("error sending request|status code: (?:408|429|5[0-9][0-9])")


@contextmanager
def open_store(target: str) -> Iterator[Store]:
    """Open a store: a folder, `file://` or `s3://bucket/prefix`.

    Raises TargetError for another address, and for every error of the store in the block.
    """
    folder = store_folder(target)
    store = _local(folder) if folder else _bucket(target)
    try:
        yield store
    except (BaseError, OSError, ValueError) as error:
        message = _message(error)
        raise TargetError(
            f"{store.label}: {message}", remedy=_remedy(store, error, message)
        ) from None


def store_folder(target: str) -> Path | None:
    """The folder of an address, or None for a bucket. Raises TargetError if it is neither."""
    if target.startswith("s3://"):
        return None
    if "://" in target:
        parts = urlsplit(target)
        if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
            # The address is not shown: it may hold a password.
            raise _invalid("it is neither a folder nor s3://bucket/prefix")
        return Path(unquote(parts.path)).resolve()
    if _SCHEME.match(target):
        raise _invalid("there is no // after its scheme")
    return Path(target).expanduser().resolve()


def _local(folder: Path) -> Store:
    try:
        return Store(str(folder), LocalStore(prefix=folder, mkdir=True), folder)
    except (BaseError, OSError) as error:
        raise TargetError(f"{folder}: {_message(error)}") from None


def _bucket(target: str) -> Store:
    parts = urlsplit(target)
    if "@" in parts.netloc:
        raise _invalid("it holds credentials, which belong in AWS_ACCESS_KEY_ID and so on")
    if not parts.netloc or parts.query or parts.fragment:
        raise _invalid("it is not like s3://bucket/prefix")
    endpoint = next(filter(None, map(os.environ.get, _ENDPOINTS)), "")
    try:
        files = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": _CONNECT,
                "timeout": _REQUEST,
            },
            retry_config={
                "max_retries": _RETRIES,
                "retry_timeout": timedelta(seconds=_RETRY_SECONDS),
            },
        )
    except (BaseError, ValueError) as error:
        raise TargetError(f"{target}: {_message(error)}") from None
    return Store(target.rstrip("/"), files)


def _invalid(found: str) -> TargetError:
    return TargetError(
        f"the address of the store (FILINGS_PUBLISH_TO or --to) cannot be used: {found}",
        remedy="Give a folder, or s3://bucket/prefix",
    )


def _message(error: Exception) -> str:
    """The message of an error in one line, without the debug part and without secrets."""
    text = " ".join(str(error).partition("Debug source:")[0].split())
    for secret in filter(None, map(os.environ.get, _SECRETS)):
        text = text.replace(secret, "***")
    return text


def _remedy(store: Store, error: Exception, message: str) -> str:
    """What to do. Only an error that passes by itself needs nothing but another attempt."""
    kept = "Readers still find a complete release there"
    if not store.folder and _lacks_credentials(error, message):
        return f"Set {' and '.join(_KEY)}. {kept}"
    if isinstance(error, TimeoutError) or _PASSING.search(message):
        return f"{kept}; the next run tries again"
    if store.folder:
        return f"Check the folder and the right to write in it. {kept}"
    return f"Check the address, the region, and the rights of the key. {kept}"


def _lacks_credentials(error: Exception, message: str) -> bool:
    if _METADATA in message:
        return True
    has_rights = isinstance(error, NotFoundError | FileNotFoundError)
    others = any(name.startswith(_OTHER_CREDENTIALS) for name in os.environ)
    return not has_rights and not all(map(os.environ.get, _KEY)) and not others
