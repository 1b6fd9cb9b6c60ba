"""Policies for all assets: owners, tags and freshness.

They are applied in one place, to the specs of all assets.
"""

from collections.abc import Iterable
from datetime import timedelta

import dagster as dg

from orchestration.defs.asset_keys import RELEASE
from scrapers.registers.base import Register

OWNER = "team:filings"
# One run per night plus two hours of tolerance, as for overdue runs in `filings status`.
LATE, STALE = timedelta(hours=26), timedelta(hours=50)


def with_policies(
    assets: Iterable[dg.AssetsDefinition], registers: Iterable[Register]
) -> list[dg.AssetsDefinition]:
    """Add owner and tags to all assets, and freshness policies to those updated every night.

    `raw` is materialized when documents were fetched, once for all that are unchanged, so it is
    late if the source is down. `versions` has no policy: it is written again without any new
    document. `release` is late if no run publishes.
    """
    layers = {register.name: "register" for register in registers}
    fresh = dg.FreshnessPolicy.time_window(fail_window=STALE, warn_window=LATE)

    def with_policy(spec: dg.AssetSpec) -> dg.AssetSpec:
        group = spec.group_name or ""
        is_fetched = group in layers and spec.key.path[-1] == "raw"
        has_policy = spec.key == RELEASE or is_fetched
        spec = spec.merge_attributes(
            owners=[OWNER], tags={"layer": layers.get(group, group), "domain": "filings"}
        )
        return spec.replace_attributes(freshness_policy=fresh) if has_policy else spec

    return [item.map_asset_specs(with_policy) for item in assets]
