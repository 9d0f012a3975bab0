"""Who signs content for a clinic, what a signature holds, and when it holds no longer."""

import datetime as dt

import pytest
from django.core.management import call_command

from exercises.actions.loading import load_content
from exercises.models import Exercise, Protocol
from patients.actions.clinics import edit_clinic, end_post
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import AuditEvent, Clinic
from rehab.actions.signing import MOST_AT_ONCE, Read, sign_content, withdraw_signature
from rehab.models import ContentSignature
from rehab.models.reads.sign_off import queue_item, queue_of, wording_beside_signed
from rehab.models.reads.signable import KINDS
from rehab.models.signature import signed
from tests.unit.exercises.sheets import copied_sheets, rewrite

NOW = dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
SLUG = "skin-check"
SHEET = "exercises/care.yaml"


@pytest.fixture(autouse=True)
def _content(db):
    call_command("load_content", verbosity=0)


def exercise(slug=SLUG):
    return Exercise.objects.get(slug=slug)


def read(slug=SLUG, *, kind="exercise", digest=None):
    return Read(kind=kind, slug=slug, digest=digest or exercise(slug).digest)


def sign(cast, *items, by=None, clinic=None, at=NOW):
    return sign_content(
        by=by or cast.dana,
        at=at,
        clinic_id=(clinic or cast.clinic).pk,
        items=list(items) or [read()],
    )


def signed_slugs(cast, clinic=None):
    with cast.inside():
        found = Exercise.objects.filter(signed("exercise", clinic or cast.clinic))
        return set(found.values_list("slug", flat=True))


def state(cast, slug=SLUG):
    with cast.inside():
        return queue_item(cast.clinic.pk, "exercise", slug).state


def reworded(tmp_path):
    """The same item in other words, as a later version of the content has it."""
    sheets = copied_sheets(tmp_path)
    rewrite(sheets, SHEET, "Looking over the pressure points", "Looking from head to heel")
    load_content(by="a test", at=LATER, root=sheets)


def test_a_practitioner_signs_one_wording_of_one_item(cast):
    assert signed_slugs(cast) == set()
    (signature,) = sign(cast)
    assert (signature.kind, signature.slug) == ("exercise", SLUG)
    assert (signature.signed_by, signature.signed_at) == (cast.dana, NOW)
    assert signed_slugs(cast) == {SLUG}
    assert state(cast) == "signed"


def test_a_signature_keeps_what_was_read_in_both_languages(cast):
    (signature,) = sign(cast)
    lines = {line["field"]: line for line in signature.wording}
    assert lines["names"]["en"] == exercise().names["en"]
    assert lines["steps.1"]["zh-Hans"] == exercise().steps[0]["zh-Hans"]
    assert "evidence_says" in lines
    assert "sources.1" in lines


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_patients_and_caregivers_sign_nothing(cast, who):
    with pytest.raises(NotVisible):
        sign(cast, by=getattr(cast, who))
    assert signed_slugs(cast) == set()


def test_nobody_signs_for_another_clinic(cast):
    with pytest.raises(NotVisible):
        sign(cast, by=cast.olga)
    sign(cast, by=cast.olga, clinic=cast.other_clinic)
    assert signed_slugs(cast) == set()


def test_a_post_that_ended_signs_nothing(cast):
    with cast.inside():
        end_post(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, practitioner_id=cast.danas_post.pk)
    with pytest.raises(NotVisible):
        sign(cast, at=LATER)


def test_a_page_is_signed_at_once_and_all_or_nothing(cast):
    stale = Read(kind="exercise", slug="turning", digest="0" * 64)
    with pytest.raises(Conflict) as refused:
        sign(cast, read(), stale)
    assert [error.field for error in refused.value.errors] == ["items.1"]
    assert signed_slugs(cast) == set()
    sign(cast, read(), read("prom-elbow-flexion"))
    assert signed_slugs(cast) == {SLUG, "prom-elbow-flexion"}


def test_signing_twice_leaves_one_signature_and_one_line_in_the_audit(cast):
    (first,) = sign(cast)
    (again,) = sign(cast, by=cast.erin, at=LATER)
    assert again.pk == first.pk
    with cast.inside():
        assert AuditEvent.objects.filter(kind="content.sign").count() == 1


def test_what_does_not_exist_cannot_be_signed(cast):
    for item in (read("no-such-thing", digest="x"), read(kind="rumour", digest="x")):
        with pytest.raises(Invalid) as refused:
            sign(cast, item)
        assert refused.value.code == "unknown_item"


def test_nothing_and_too_much_are_refused(cast):
    for items in ([], [read(digest="x")] * (MOST_AT_ONCE + 1)):
        with pytest.raises(Invalid):
            sign_content(by=cast.dana, at=NOW, clinic_id=cast.clinic.pk, items=items)


def test_other_words_lose_the_signature_and_show_what_was_signed(cast, tmp_path):
    sign(cast)
    reworded(tmp_path)
    assert signed_slugs(cast) == set()
    assert state(cast) == "changed"
    with cast.inside():
        item = queue_item(cast.clinic.pk, "exercise", SLUG)
        beside = wording_beside_signed(cast.clinic.pk, item)
    now, then = ({line["field"]: line for line in side} for side in (beside.now, beside.signed))
    assert now["summary"]["en"].startswith("Looking from head to heel")
    assert then["summary"]["en"].startswith("Looking over the pressure points")


def test_the_old_words_back_are_signed_again(cast, tmp_path):
    sign(cast)
    reworded(tmp_path)
    sign(cast, at=LATER)
    call_command("load_content", verbosity=0)
    assert signed_slugs(cast) == {SLUG}
    assert state(cast) == "signed"


def test_withdrawing_takes_the_item_back_and_says_who_did(cast):
    (signature,) = sign(cast)
    withdrawn = withdraw_signature(by=cast.erin, at=LATER, signature_id=signature.pk)
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at) == (cast.erin, LATER)
    assert signed_slugs(cast) == set()
    assert state(cast) == "new"
    with pytest.raises(Conflict):
        withdraw_signature(by=cast.erin, at=LATER, signature_id=signature.pk)
    with cast.inside():
        (event,) = AuditEvent.objects.filter(kind="content.unsign")
        assert (event.actor_id, event.detail["slug"]) == (cast.erin.pk, SLUG)


@pytest.mark.parametrize("who", ["bob", "charlie", "olga"])
def test_only_the_clinic_s_own_people_withdraw(cast, who):
    (signature,) = sign(cast)
    with pytest.raises(NotVisible):
        withdraw_signature(by=getattr(cast, who), at=LATER, signature_id=signature.pk)
    assert signed_slugs(cast) == {SLUG}


def test_after_withdrawing_it_can_be_signed_anew(cast):
    (signature,) = sign(cast)
    withdraw_signature(by=cast.dana, at=LATER, signature_id=signature.pk)
    sign(cast, at=LATER)
    assert signed_slugs(cast) == {SLUG}


def test_another_clinic_s_signature_is_behind_the_wall(cast):
    sign(cast)
    assert signed_slugs(cast, cast.other_clinic) == set()
    assert not ContentSignature.objects.exists(), "outside every wall there is none"


def test_what_is_only_kept_is_not_in_the_queue_and_cannot_be_signed(cast):
    Exercise.objects.filter(slug=SLUG).update(advice_audience="archive", caution_audience="archive")
    with cast.inside():
        assert queue_item(cast.clinic.pk, "exercise", SLUG) is None
    with pytest.raises(Invalid):
        sign(cast)


def test_the_queue_is_narrowed_by_kind_state_group_and_words(cast):
    sign(cast)
    with cast.inside():
        whole = queue_of(cast.clinic.pk, limit=10_000)
        kinds = {item.kind for item in whole.results}
        assert {"exercise", "protocol"} <= kinds
        assert whole.counts["signed"] == 1
        only = queue_of(cast.clinic.pk, kind="exercise", state="signed")
        assert [item.slug for item in only.results] == [SLUG]
        grouped = queue_of(cast.clinic.pk, kind="exercise", group="skin_check")
        assert SLUG in {item.slug for item in grouped.results}
        found = queue_of(cast.clinic.pk, typed="压", limit=1000)
        assert SLUG in {item.slug for item in found.results}
        assert not queue_of(cast.clinic.pk, typed="xylophone").results


def test_the_queue_comes_in_pages_and_what_changed_first(cast, tmp_path):
    sign(cast)
    reworded(tmp_path)
    with cast.inside():
        first = queue_of(cast.clinic.pk, limit=2)
        assert first.results[0].slug == SLUG
        assert first.next is not None
        assert first.previous is None


def test_every_protocol_can_be_read_and_signed(cast):
    protocols = list(Protocol.objects.current())
    sign(cast, *[read(each.slug, kind="protocol", digest=each.digest) for each in protocols])
    with cast.inside():
        wordings = ContentSignature.objects.filter(kind="protocol").values_list("wording")
        for (wording,) in wordings:
            assert any(line["field"].endswith("dose.minutes") or "dose" in line["field"]
                       for line in wording)  # fmt: skip


# Codes and links that no reader meets as words.
NOT_WORDS = {
    "id", "slug", "code", "position", "withdrawn_at", "digest", "search", "last_reviewed",
    "reviewed_by", "owner", "category", "planned", "same_as", "modality", "motion", "muscle",
    "other_muscles", "performed_by", "group", "ordinal",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_column_of_an_item_is_read_before_it_is_signed(kind):
    """A new column is either words to sign, or named above with the codes and links."""
    signable = KINDS[kind]
    columns = {field.name for field in signable.rows().model._meta.concrete_fields}
    assert columns - NOT_WORDS - set(signable.columns) == set()


def test_only_a_coordinator_asks_for_signatures_and_it_is_audited(cast):
    with cast.inside():
        with pytest.raises(NotAllowed):
            edit_clinic(by=cast.dana, at=NOW, clinic_id=cast.clinic.pk,
                        changes={"requires_signature": True})  # fmt: skip
        edit_clinic(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk,
                    changes={"requires_signature": True})  # fmt: skip
        assert Clinic.objects.get(pk=cast.clinic.pk).requires_signature
        (event,) = AuditEvent.objects.filter(kind="clinic.edit")
        assert event.detail["requires_signature"] is True
