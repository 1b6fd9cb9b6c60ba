"""Fixtures of the targets: a PostgreSQL database."""

from tests.support.postgres import postgres, shared_postgres

__all__ = ["postgres", "shared_postgres"]
