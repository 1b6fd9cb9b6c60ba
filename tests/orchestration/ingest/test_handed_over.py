"""Discoveries of the command line that the run uses instead of asking the source again."""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

import pytest

from orchestration.ingest import handed_over
from orchestration.ingest.handed_over import drop_outdated, handing_over, taken
from orchestration.ingest.pipeline import ingest
from scrapers.archive.sidecar import Version
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Discovery
from tests.orchestration.palettes import CONTRACT, PALETTES, palettes_workspace

FOUND = Discovery({})


def test_discovery_is_taken_once():
    with handing_over({"palettes": (monotonic(), FOUND)}):
        assert taken(PALETTES) is FOUND
        # A step that is repeated asks the source again.
        assert taken(PALETTES) is None


def test_discovery_is_not_taken_after_the_run():
    with handing_over({"palettes": (monotonic(), FOUND)}):
        assert taken(replace(PALETTES, name="another")) is None
    assert taken(PALETTES) is None


def test_discovery_is_not_taken_after_a_long_wait_for_another_run(monkeypatch):
    found_at = monotonic()
    other = replace(PALETTES, name="later")
    with handing_over({"palettes": (found_at - 60, FOUND), "later": (found_at, FOUND)}):
        drop_outdated()
        assert taken(PALETTES) is None and taken(other) is FOUND


def test_discovery_is_taken_however_long_the_registers_before_take(monkeypatch):
    with handing_over({"palettes": (monotonic(), FOUND)}):
        drop_outdated()
        monkeypatch.setattr(handed_over, "monotonic", lambda: monotonic() + 3_600)
        assert taken(PALETTES) is FOUND


@pytest.mark.parametrize(("is_handed_over", "discoveries"), [(True, 1), (False, 2)])
def test_run_does_not_discover_again_what_was_handed_over(tmp_path, is_handed_over, discoveries):
    calls: list[str] = []

    def discover(session: PoliteSession, archived: Mapping[str, Version]) -> Discovery:
        calls.append("discovery")
        return PALETTES.discover(session, archived)

    register = replace(PALETTES, discover=discover)
    with palettes_workspace(tmp_path) as workspace, workspace.session() as session:
        store = workspace.store(register, CONTRACT)
        found = register.discover(session, {})
        with handing_over({"palettes": (monotonic(), found)} if is_handed_over else {}):
            ingested = list(ingest(session, store, workspace.results, None, "run"))
    assert len(ingested) == 2 and len(calls) == discoveries
