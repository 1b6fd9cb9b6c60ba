"""A source with one more list than a made-up archive has, and a refresh that fetches it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from types import MappingProxyType
from urllib.parse import urlsplit

from orchestration.benchmarks.scale.made_up_archive import (
    made_up_filings,
    shares,
    shipped_rows,
    store_of,
)
from orchestration.benchmarks.scale.made_up_rows import MadeUpRows
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResults
from orchestration.publication.documents import ASIDE, DOCUMENTS
from orchestration.publication.release import publish
from orchestration.runtime.data_dir import DataDir
from orchestration.validation.tables import rows_in_use, version_names, write_tables
from orchestration.warehouse.build_cache import bring_up_to_date, content_hash, table_hashes
from orchestration.warehouse.manifest import marts
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers import REGISTERS
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.replica import ReplicaAdapter
from scrapers.replica.facts import AnnouncementFact, FilingFact, load_register
from scrapers.replica.site import Site

ROWS = 1_000
STEPS = ("fetch", "build", "release")


def session_with_new_list(data: DataDir, filings: int) -> tuple[PoliteSession, str]:
    """A session with a source that announces the batches of a made-up archive and one more.

    `filings` is the number that the archive was made with. Returns the key of the new batch, too.
    """
    known = [
        AnnouncementFact(
            int(key),
            str(version.facts.month),
            published,
            urlsplit(str(version.facts.page_url)).path,
        )
        for key, version in sorted(DEEP_SYNTHESIS.archived(data.archive).items())
        if (published := version.facts.published_on)
    ]
    last = known[-1]
    number, day = last.batch_no + 1, last.published_on + timedelta(days=1)
    page = f"/{day:%Y-%m/%d}/c_{number}.htm"
    added = AnnouncementFact(number, f"{day:%Y-%m}", day, page)
    register = replace(
        load_register(),
        announcements=(*known, added),
        # The lists that the archive has are not fetched.
        filings=MappingProxyType(
            {item.batch_no: () for item in known} | {number: _new_filings(filings)}
        ),
    )
    transport = ReplicaAdapter(Site(register))
    session = PoliteSession(
        Source(), transport=transport, source_name="replica", requests_per_second=0
    )
    return session, f"{number:03}"


def _new_filings(filings: int) -> tuple[FilingFact, ...]:
    """The rows of the next list: those that a larger archive would go on with."""
    base = shipped_rows()
    first = next(item.rows for item in shares(base, filings) if item.register is DEEP_SYNTHESIS)
    made = MadeUpRows(base).of(DEEP_SYNTHESIS.name, first, ROWS)
    facts = [fact for batch in load_register().filings.values() for fact in batch]
    return tuple(
        replace(
            facts[(first + place) % len(facts)],
            position=str(place + 1),
            note="",
            **{name: row[name] for name in ("algorithm_name", "entity_name", "filing_number")},
        )
        for place, row in enumerate(made.to_dicts())
    )


def refresh(
    data: DataDir, session: PoliteSession, wanted: Mapping[str, set[str]]
) -> dict[str, float]:
    """Fetch the wanted documents, by register, and publish; the seconds of each step.

    Raises AssertionError if a document or the build fails.
    """
    stores = [store_of(data, register) for register in REGISTERS]
    results = IngestResults(data.ingest_results)

    def fetch() -> None:
        for store in stores:
            keys = wanted.get(store.register.name, set())
            for item in ingest(session, store, results, keys, "bench"):
                if item.result.problem:
                    raise AssertionError(item.result.problem)
            write_tables(store)

    def build() -> None:
        built, _ = bring_up_to_date(data)
        if built.failures:
            raise AssertionError("\n".join(built.failures))

    def release() -> None:
        publish(
            warehouse=data.warehouse,
            published=data.published,
            marts=marts(),
            source="replica",
            documents=DOCUMENTS,
            aside=ASIDE,
            versions={k: names for store in stores for k, names in version_names(store).items()},
            in_use={k: count for store in stores for k, count in rows_in_use(store).items()},
            build=content_hash(data),
            tables=table_hashes(data),
        )

    return dict(zip(STEPS, map(_seconds, (fetch, build, release)), strict=True))


def _seconds(work: Callable[[], None]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def time_new_list(data: DataDir) -> dict[str, float]:
    """Publish a made-up archive as it is, without a change, and with one more list.

    Returns the seconds of each step of each run. Each run publishes to the same data directory, so
    that the last one finds the archive one list larger than it was made.
    """
    session, key = session_with_new_list(data, made_up_filings(data))
    runs = {"first": set[str](), "unchanged": set[str](), "new list": {key}}
    return {
        f"{run}: {step}": seconds
        for run, keys in runs.items()
        for step, seconds in refresh(data, session, {DEEP_SYNTHESIS.name: keys}).items()
    }
