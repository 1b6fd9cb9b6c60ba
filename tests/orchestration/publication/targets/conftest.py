"""Fixtures of the targets: a PostgreSQL database and a bucket of S3."""

from tests.support.postgres import postgres, shared_postgres
from tests.support.s3 import bucket, shared_s3

__all__ = ["bucket", "postgres", "shared_postgres", "shared_s3"]
