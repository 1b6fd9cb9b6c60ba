"""The keys of the assets that more than one module speaks of."""

import dagster as dg

RAW_LISTS = dg.AssetKey("raw_lists")
VALIDATED_FILINGS = dg.AssetKey("validated_filings")
LIST_VERSIONS = dg.AssetKey("list_versions")
CANCELLATION_NOTICES = dg.AssetKey("cancellation_notices")
CANCELLATIONS = dg.AssetKey("cancellations")
FILINGS = dg.AssetKey("filings")
RELEASE = dg.AssetKey("release")
