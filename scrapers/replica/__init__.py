"""The replica: the shipped registers, and a `requests` adapter that serves the source's two hosts.

    session.mount("https://", replica_adapter())

The replica imports nothing from the rest of `scrapers`, so that the code that writes the formats
and the code that reads them check each other.
"""

from scrapers.replica.adapter import ReplicaAdapter
from scrapers.replica.facts import load_register
from scrapers.replica.site import Site

__all__ = ["ReplicaAdapter", "replica_adapter"]


def replica_adapter(batches: int | None = None) -> ReplicaAdapter:
    """An adapter that serves the shipped registers at the real URLs.

    `batches` limits deep synthesis to its first batches. Raises ValueError if there are fewer.
    """
    register = load_register()
    known = len(register.announcements)
    if batches is not None and not 1 <= batches <= known:
        raise ValueError(
            f"the replica has 1 to {known} batches, not {batches}:"
            " set FILINGS_REPLICA_BATCHES to a number in that range, or unset it for all batches"
        )
    return ReplicaAdapter(Site(register if batches is None else register.first(batches)))
