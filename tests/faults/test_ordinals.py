"""Batch titles with invalid ordinals: the notice is named, and no other batch is affected."""

from dataclasses import replace

import pytest

from scrapers.registers import DEEP_SYNTHESIS
from scrapers.replica.pages import announcement_page
from tests.faults.source import Act, announces, healthy, lists_also, lists_notices, with_batch_19
from tests.faults.table import Case, assert_heals, by_name
from tests.support.loopback import LoopbackSites

TITLE = "国家互联网信息办公室关于发布第{}批深度合成服务算法备案信息的公告"
ODD = [
    "二十〇", "〇", "零", "0", "廿一", "卅", "1.5", "-3", "负三", "三点五", "①", "四五", "十十",
    "百", "壹拾玖", "Ⅳ", "4th", "亿", "一万亿", "", "？", "𝟜", "٤", "四\u200b\u200b千",
    "9" * 5_000, "十" * 5_000, "一" * 5_000, "九" * 9,
]  # fmt: skip
TOO_HIGH = ["二十四", "九百", "999", "1000", "20260107", "二千零二十六", "九" * 12, "9" * 12]
SEVERAL = [
    "十九批和第二十", "十九至第二十一", "十九批、第二十批、第二十一", "十九、二十", "十九批及二十",
]  # fmt: skip
NAMED = r"notice_made_up_1|batch \d\d\d"


def lists(ordinal: str, **others) -> Case:
    """One notice with this ordinal in its title."""
    return Case(f"第{ordinal[:12]}批", lists_also(TITLE.format(ordinal)), told=[NAMED], **others)


CASES = [
    lists("二十〇", failed=None),
    *(lists(ordinal) for ordinal in ("二十四", "20260107", SEVERAL[0], SEVERAL[1])),
    Case("all at once", lists_also(*map(TITLE.format, ODD)), told=[NAMED], failed=None),
]


@pytest.mark.parametrize("ordinal", [*ODD, *TOO_HIGH, *SEVERAL], ids=lambda text: text[:12])
def test_invalid_ordinal_is_named_and_hides_no_other_batch(ordinal, first_night):
    known = first_night.discover(healthy)
    found = first_night.discover(lists_also(TITLE.format(ordinal)))
    assert found.documents.keys() >= known.documents.keys()
    # A listed page of the first batch replaces the built-in one.
    for key in known.documents.keys() - {"001"}:
        document = known.documents[key]
        assert set(document.page_urls) <= set(found.documents[key].page_urls)
    new = found.documents.keys() - known.documents.keys()
    replaced = found.documents["001"] != known.documents["001"]
    assert new or replaced or len(found.problems) + len(found.unrecognised) == 1


@by_name(CASES)
def test_notice_with_an_invalid_ordinal_changes_nothing(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(case.healed))


@pytest.mark.parametrize("wrong", [4, 21])
def test_misnumbered_batch_disappears_when_the_source_corrects_it(wrong, nights, undisturbed):
    right = announces(with_batch_19(19))
    nights.pass_over(announces(with_batch_19(wrong)))
    seen = nights.pass_over(right)
    assert seen.failed == {}
    assert seen.accepted == undisturbed(right)
    results = nights.workspace().results.of_register(DEEP_SYNTHESIS)
    assert {result.folder for result in results} == {"001", "002", "003", "019"}


def test_misnumbered_batch_without_a_page_disappears_too(nights, undisturbed):
    right = announces(with_batch_19(19))
    assert set(nights.pass_over(lists_also(TITLE.format("二十一"))).failed) == {"021"}
    seen = nights.pass_over(right)
    assert seen.failed == {} and seen.accepted == undisturbed(right)
    assert "batch 021" not in seen.told
    assert nights.workspace().results.of("021") is None


def titled(title: str) -> Act:
    """Announces a new batch, with this title on its notice and page."""
    register = with_batch_19(19)
    page_path = register.announcements[-1].page_path

    def act(sites: LoopbackSites) -> None:
        announces(register)(sites)
        lists_notices(
            lambda entries: [
                item | {"title": title} if item["content"].endswith(page_path) else item
                for item in entries
            ]
        )(sites)
        usual = TITLE.format("十九").encode()
        page = announcement_page(register.announcements[-1]).replace(usual, title.encode())
        sites.break_with(page_path, lambda answer: replace(answer, body=page))

    return act


def test_announcement_of_two_batches_is_named_until_it_is_split(nights, undisturbed):
    seen = nights.pass_over(titled(TITLE.format(SEVERAL[0])))
    assert "十九批和第二十批" in seen.told and "019" not in seen.accepted
    right = announces(with_batch_19(19))
    seen = nights.pass_over(right)
    assert seen.failed == {} and seen.accepted == undisturbed(right)
