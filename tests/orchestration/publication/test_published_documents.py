"""The documents of the latest release, which decide what the sensor requests."""

import pytest

from orchestration.publication.published_documents import published_documents
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS, RECOMMENDATION
from tests.orchestration.publication.release_factories import make_filing, make_release

NOTICE = "cancellations/notice_1"


def test_documents_of_each_register_are_read_from_the_release(tmp_path):
    in_use = {"001": 41, "002": 110, NOTICE: 3}
    make_release(tmp_path, make_filing(1), in_use=in_use)
    published = tmp_path / "published"
    assert published_documents(published, DEEP_SYNTHESIS) == {"001", "002"}
    assert published_documents(published, CANCELLATION_NOTICES) == {
        CANCELLATION_NOTICES.key_of(NOTICE)
    }
    assert published_documents(published, RECOMMENDATION) == set()


def test_no_document_is_published_before_the_first_release(tmp_path):
    assert published_documents(tmp_path / "published", DEEP_SYNTHESIS) == set()


@pytest.mark.parametrize("text", ["{}", '{"documents": 3}', "[]", '{"documents": {"001"'])
def test_no_document_is_published_if_the_data_package_does_not_state_them(tmp_path, text):
    release = make_release(tmp_path, make_filing(1), in_use={"001": 1}).path
    release.chmod(0o755)
    (release / "datapackage.json").chmod(0o644)
    (release / "datapackage.json").write_text(text)
    assert published_documents(tmp_path / "published", DEEP_SYNTHESIS) == set()


@pytest.mark.parametrize("build", [None, "the same build"])
def test_document_that_changes_no_mart_gets_into_a_new_release(tmp_path, build):
    first = make_release(tmp_path, make_filing(1), in_use={"001": 1}, build=build)
    in_use = {"001": 1, NOTICE: 0}
    second = make_release(tmp_path, make_filing(1), in_use=in_use, build=build)
    assert second.is_new and second.content_sha256 == first.content_sha256
    published = tmp_path / "published"
    assert len(published_documents(published, CANCELLATION_NOTICES)) == 1
    assert not make_release(tmp_path, make_filing(1), in_use=in_use, build=build).is_new


def test_withdrawn_document_that_changes_no_mart_leaves_the_next_release(tmp_path):
    make_release(tmp_path, make_filing(1), in_use={"001": 1, NOTICE: 0})
    again = make_release(tmp_path, make_filing(1), in_use={"001": 1}, withdrawn={NOTICE})
    assert again.is_new
    assert published_documents(tmp_path / "published", CANCELLATION_NOTICES) == set()


def test_release_of_an_earlier_version_is_replaced_once_by_one_that_states_its_documents(tmp_path):
    make_release(tmp_path, make_filing(1))
    assert make_release(tmp_path, make_filing(1), in_use={"001": 1}).is_new
    assert published_documents(tmp_path / "published", DEEP_SYNTHESIS) == {"001"}
    assert not make_release(tmp_path, make_filing(1), in_use={"001": 1}).is_new
