"""The register as shipped: its facts, and a `requests` adapter that answers for its two hosts.

    session.mount("https://", replica_adapter())

Everything the reading code does not share with it stays in here: the replica imports nothing
from the rest of `scrapers`, so that the writer and the reader of the formats check each other.
"""

from scrapers.replica.adapter import ReplicaAdapter
from scrapers.replica.facts import load_register
from scrapers.replica.site import Site

__all__ = ["ReplicaAdapter", "replica_adapter"]


def replica_adapter(batches: int | None = None) -> ReplicaAdapter:
    """The shipped register over the real addresses; `batches` announces only the first so many.

    Raises ValueError if there are not so many batches.
    """
    register = load_register()
    known = len(register.announcements)
    if batches is not None and not 1 <= batches <= known:
        raise ValueError(
            f"the replica can announce 1 to {known} batches, not {batches}:"
            " set FILINGS_REPLICA_BATCHES to a number in that range, or leave it out for all"
        )
    return ReplicaAdapter(Site(register if batches is None else register.first(batches)))
