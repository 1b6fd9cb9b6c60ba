"""FILINGS_UI_HOSTS: which host names are accepted."""

import pytest

from orchestration.runtime.ui.hosts import further_hosts
from orchestration.settings import SettingsError


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (None, set()),
        ("", set()),
        (" , ", set()),
        ("filings.example.org", {"filings.example.org"}),
        (
            " Filings.Example.ORG, intranet,10.0.0.5,",
            {"filings.example.org", "intranet", "10.0.0.5"},
        ),
        ("xn--fiq228c.example", {"xn--fiq228c.example"}),
    ],
)
def test_names_are_separated_by_commas_in_any_case(text, hosts):
    environment = {} if text is None else {"FILINGS_UI_HOSTS": text}
    assert further_hosts(environment) == hosts


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "*.example.org",
        "https://filings.example.org",
        "filings.example.org:443",
        "filings.example.org/ui",
        "filings.example.org.",
        ".example.org",
        "a..b",
        "-a.example",
        "a b",
        "user@example.org",
        "备案.example",
        "a.example\nb.example",
        "a" * 64,
        ".".join(["a" * 60] * 5),
    ],
)
def test_anything_else_is_refused_with_the_variable(text):
    with pytest.raises(SettingsError, match=r"FILINGS_UI_HOSTS contains .* not a host name"):
        further_hosts({"FILINGS_UI_HOSTS": f"ok.example,{text}"})
