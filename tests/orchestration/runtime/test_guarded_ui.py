"""The guarded Dagster UI in Chromium: it works, and other pages cannot use it."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from dagster_webserver.webserver import DagsterWebserver
from playwright.sync_api import Page, expect
from starlette.routing import Route

from tests.support.browser import chromium
from tests.support.guarded_ui import GuardedUi, Reached, guarded_ui

# It starts a browser and all processes of the UI; test_ui_guard.py has the quick tests.
pytestmark = pytest.mark.many_builds

PATIENCE_MILLISECONDS = 30_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)
MUTATION = """mutation {
    setConcurrencyLimit(concurrencyKey: "foreign", limit: 1)
    wipeAssets(assetPartitionRanges: [{assetKey: {path: ["release"]}}]) { __typename }
    launchRun(executionParams: {mode: "default", selector: {
        repositoryLocationName: "made_up", repositoryName: "__repository__", jobName: "refresh"
    }}) { __typename }
}"""
QUERY = f"/graphql?query={quote(MUTATION)}"
BODY = json.dumps({"query": MUTATION})

# All ways for a page to send a request. Each promise resolves when the request has ended.
ATTACK = """async ({ui, query, body}) => {
    const ended = (element, start) => new Promise(end => {
        element.onload = element.onerror = () => end();
        document.body.append(element);
        start?.(element);
    });
    const made = (tag, facts) => Object.assign(document.createElement(tag), facts);
    const post = (path, type, body, mode = "no-cors") => fetch(ui + path, {
        method: "POST", mode, body, headers: type ? {"content-type": type} : {},
    }).catch(() => {});
    const submitted = encoding => {
        const form = made("form", {
            method: "post", enctype: encoding, action: ui + query, target: encoding,
        });
        document.body.append(form);
        return ended(made("iframe", {name: encoding}), () => form.submit());
    };
    const socket = new Promise(end => {
        const opened = new WebSocket(ui.replace("http", "ws") + "/graphql", "graphql-ws");
        opened.onopen = () => opened.send(JSON.stringify({
            type: "start", id: "1", payload: JSON.parse(body),
        }));
        opened.onmessage = opened.onclose = opened.onerror = () => end();
    });
    await Promise.all([
        ended(made("img", {src: ui + query})),
        ended(made("script", {src: ui + query})),
        ended(made("iframe", {src: ui + "/assets"})),
        submitted("text/plain"),
        submitted("application/x-www-form-urlencoded"),
        fetch(ui + query, {mode: "no-cors"}).catch(() => {}),
        fetch(ui + query, {mode: "no-cors", method: "HEAD"}).catch(() => {}),
        post(query, "text/plain", ""),
        post("/graphql", "text/plain; a=application/json", body),
        post("/graphql", "application/json", body, "cors"),
        post("/report_asset_materialization/release"),
        socket,
    ]);
}"""
REFUSED = [
    *[Reached("GET", "/graphql", 403)] * 3,
    Reached("GET", "/assets", 403),
    Reached("HEAD", "/graphql", 403),
    Reached("OPTIONS", "/graphql", 403),
    *[Reached("POST", "/graphql", 403)] * 4,
    Reached("POST", "/report_asset_materialization/release", 403),
    Reached("WEBSOCKET", "/graphql", 403),
]
# To its own host name a page sends JSON without a preflight (OPTIONS).
REFUSED_BY_NAME = [answer for answer in REFUSED if answer.method != "OPTIONS"] + [
    Reached("POST", "/graphql", 403)
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedUi]:
    with guarded_ui(tmp_path_factory.mktemp("ui")) as running:
        yield running


@pytest.fixture
def ui(served: GuardedUi) -> GuardedUi:
    """The UI with a materialized asset, which can be wiped."""
    served.make_asset()
    return served


def answers(ui: GuardedUi, number: int) -> list[Reached]:
    """The answers of the UI, sorted; a form is sent after its empty frame counts as loaded."""
    deadline = time.monotonic() + 30
    while len(ui.reached) < number and time.monotonic() < deadline:
        time.sleep(0.05)
    return sorted(ui.reached)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Allow pages to send requests to this machine, and resolve the name as after DNS rebinding.
    options = (
        "--disable-features=LocalNetworkAccessChecks",
        "--host-resolver-rules=MAP rebound.example 127.0.0.1",
    )
    with chromium(*options) as started:
        yield started


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield context.new_page()
    context.close()


def foreign_page(page: Page, address: str) -> None:
    """Open an empty page at a URL, with content served by the test."""
    empty = '<link rel="icon" href="data:,"><body>'
    page.route(address, lambda route: route.fulfill(body=empty, content_type="text/html"))
    page.goto(address)
    # While a route is active, Playwright also answers preflight requests (OPTIONS).
    page.unroute(address)


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:9", "http://localhost:{port}", "http://rebound.example:9"]
)
def test_page_of_another_origin_cannot_change_anything(ui, page, origin):
    before = ui.state()
    foreign_page(page, f"{origin.format(port=ui.port)}/foreign")
    del ui.reached[:]
    page.evaluate(ATTACK, {"ui": ui.url, "query": QUERY, "body": BODY})
    refused = answers(ui, len(REFUSED))
    assert ui.state() == before
    assert refused == sorted(REFUSED)


def test_rebound_page_cannot_change_or_read_anything(ui, page):
    before = ui.state()
    own = f"http://rebound.example:{ui.port}"
    foreign_page(page, f"{own}/foreign")
    del ui.reached[:]
    page.evaluate(ATTACK, {"ui": own, "query": QUERY, "body": BODY})
    refused = answers(ui, len(REFUSED_BY_NAME))
    assert "only answers to the names" in page.evaluate("fetch('/runs').then(got => got.text())")
    assert ui.state() == before
    assert refused == sorted(REFUSED_BY_NAME)


def test_link_from_another_page_opens_ui_but_runs_no_query(ui, page):
    before = ui.state()
    foreign_page(page, "http://127.0.0.1:9/foreign")
    page.evaluate("address => { location = address }", f"{ui.url}{QUERY}")
    expect(page.get_by_text("GraphQL queries in the URL are refused")).to_be_visible()
    foreign_page(page, "http://127.0.0.1:9/foreign")
    page.evaluate("address => { location = address }", f"{ui.url}/assets")
    expect(page.get_by_role("link", name="release release")).to_be_visible()
    assert ui.state() == before


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_ui_shows_assets_and_starts_a_run(ui, page, name):
    wrong: list[str] = []
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    queued = len(ui.state()["runs"])
    del ui.reached[:]
    page.goto(f"http://{name}:{ui.port}/assets")
    page.get_by_role("link", name="release release").click()
    page.get_by_role("button", name="Materialize").click()
    expect(page.get_by_text("Launched run")).to_be_visible()
    assert len(ui.state()["runs"]) == queued + 1
    assert Reached("WEBSOCKET", "/graphql", 101) in ui.reached
    assert [answer for answer in ui.reached if answer.status >= 400] == []
    assert wrong == []


def test_mutation_posted_by_a_program_works(ui):
    queued = len(ui.state()["runs"])
    done = ui.ask(MUTATION)
    assert done["wipeAssets"]["__typename"] == "AssetWipeSuccess"
    assert done["launchRun"]["__typename"] == "LaunchRunSuccess"
    state = ui.state()
    assert (len(state["runs"]), state["made"]) == (queued + 1, [])
    assert state["limits"] == [{"concurrencyKey": "foreign"}]


def test_only_known_routes_accept_more_than_get(ui):
    """Fails when Dagster adds an endpoint that may change something: review it for the guard."""
    routes = DagsterWebserver(ui.context).build_routes()
    taking_more = {
        route.path: sorted(route.methods - {"GET", "HEAD"})
        for route in routes
        if isinstance(route, Route) and route.methods and route.methods - {"GET", "HEAD"}
    }
    assert taking_more == {
        "/graphql": ["POST"],
        "/report_asset_materialization/{asset_key:path}": ["POST"],
        "/report_asset_check/{asset_key:path}": ["POST"],
        "/report_asset_observation/{asset_key:path}": ["POST"],
    }
