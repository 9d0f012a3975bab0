"""Notes between home and clinic: who reads them, and what the other side knows of that."""

from uuid import uuid4

import pytest
from django.utils import translation

from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.domain.roles import Scope
from patients.models.authority import authority_of
from rehab.actions.care_notes import (
    NoteEntry,
    TemplateEntry,
    keep_template,
    mark_read,
    remove_template,
    withdraw_note,
    write_note,
)
from rehab.actions.delivery import drain
from rehab.models import CareNote, Delivery
from rehab.models.reads.care_notes import home_readers, note_texts, notes_of, unread_of
from rehab.models.reads.caseload import Whose, caseload_of, chosen_by
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import local
from tests.people import make_helper, make_user

AT = local(19, 12)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def write(cast, who, body="How is the shoulder?", *, known=None, **facts):
    note, is_new = write_note(
        by=getattr(cast, who),
        at=AT,
        patient_id=cast.patient.pk,
        note_id=known or uuid4(),
        entry=NoteEntry(body=body, **facts),
    )
    return note if is_new else None


def read(cast, user):
    with within_clinics([cast.clinic.pk]):
        authority = authority_of(user, at=AT, patient_id=cast.patient.pk)
        page = notes_of(cast.patient.pk, authority=authority, at=AT)
        assert page.unread == unread_of(cast.patient.pk, authority=authority, at=AT)
        seen = {note.pk for note in CareNote.objects.visible_to(user, at=AT)}
    assert seen == {(cast.patient.pk, note.id) for note in page.results}
    return page


def code_of(refused):
    return [each.code for each in refused.value.errors]


def test_a_note_is_kept_once_and_never_changed(cast):
    known = uuid4()
    assert write(cast, "bob", known=known) is not None
    assert write(cast, "bob", known=known) is None
    with pytest.raises(Conflict):
        write(cast, "bob", "Another question", known=known)
    with pytest.raises(Conflict):
        write(cast, "alice", known=known)


def test_what_is_for_the_patient_is_read_by_no_helper(cast):
    write(cast, "dana", "About the scan.", readers="patient")
    write(cast, "bob", "He slept badly.", readers="patient")
    write(cast, "dana", "Ten repetitions are enough.", readers="helpers")
    bodies = {
        who: [note.body for note in read(cast, getattr(cast, who)).results]
        for who in ("alice", "bob", "dana")
    }
    assert len(bodies["alice"]) == len(bodies["dana"]) == 3
    assert set(bodies["bob"]) == {"He slept badly.", "Ten repetitions are enough."}


def test_who_only_looks_on_and_who_is_a_stranger_reads_and_writes_none(cast):
    son = make_user("son")
    make_helper(cast.patient, son, scopes=[Scope.SEE_SESSIONS, Scope.RECEIVE_ALERTS])
    write(cast, "dana")
    assert read(cast, son).results == []
    for who, refusal in ((son, NotAllowed), (cast.charlie, NotVisible), (cast.erin, NotAllowed)):
        with pytest.raises(refusal):
            write_note(
                by=who, at=AT, patient_id=cast.patient.pk, note_id=uuid4(),
                entry=NoteEntry(body="Hello"),
            )  # fmt: skip


def test_it_stands_as_not_read_until_somebody_of_the_other_side_had_it_before_them(cast):
    note = write(cast, "bob")
    assert read(cast, cast.bob).results[0].read_by == []
    assert (read(cast, cast.dana).unread, read(cast, cast.alice).unread) == (1, 1)
    for who in (cast.alice, cast.dana, cast.dana, cast.bob):
        mark_read(by=who, at=AT, patient_id=cast.patient.pk, note_ids=[note.id])
    assert [each.name for each in read(cast, cast.bob).results[0].read_by] == ["Dana"]
    assert read(cast, cast.dana).unread == 0


def test_nobody_marks_as_read_what_is_not_theirs_to_read(cast):
    note = write(cast, "dana", readers="patient")
    mark_read(by=cast.bob, at=AT, patient_id=cast.patient.pk, note_ids=[note.id])
    assert read(cast, cast.dana).results[0].read_by == []


def test_a_note_from_home_that_nobody_read_moves_the_patient_up_the_caseload(cast):
    def row():
        with within_clinics([cast.clinic.pk]):
            authority = authority_of(cast.dana, at=AT)
            chosen = chosen_by(authority, Whose.MINE, AT)
            return caseload_of(patient_ids=chosen.patients, now=AT).results[0]

    write(cast, "dana")
    assert (row().why, row().unread_notes) == ("nothing", 0)
    note = write(cast, "bob")
    assert (row().why, row().unread_notes, row().oldest_note_at) == ("note", 1, AT)
    mark_read(by=cast.alice, at=AT, patient_id=cast.patient.pk, note_ids=[note.id])
    assert row().why == "note"
    mark_read(by=cast.dana, at=AT, patient_id=cast.patient.pk, note_ids=[note.id])
    assert row().why == "nothing"


def test_only_the_writer_takes_a_note_back_and_its_words_go(cast):
    note = write(cast, "bob")
    with pytest.raises(NotAllowed):
        withdraw_note(by=cast.dana, at=AT, patient_id=cast.patient.pk, note_id=note.id)
    private = write(cast, "dana", readers="patient")
    with pytest.raises(NotVisible):
        withdraw_note(by=cast.bob, at=AT, patient_id=cast.patient.pk, note_id=private.id)
    withdraw_note(by=cast.bob, at=AT, patient_id=cast.patient.pk, note_id=note.id)
    shown = next(each for each in read(cast, cast.dana).results if each.id == note.id)
    assert (shown.body, shown.withdrawn_at, shown.is_new) == ("", AT, False)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"body": "  "}, "blank"),
        ({"body": "x" * 2001}, "too_long"),
        ({"body": "a\x00b"}, "not_text"),
        ({"readers": "everybody"}, "not_a_choice"),
        ({"series": uuid4()}, "unknown_item"),
    ],
)
def test_what_cannot_be_kept_says_why(cast, facts, code):
    with pytest.raises(Invalid) as refused:
        write(cast, "dana", **facts)
    assert code_of(refused) == [code]


def test_a_note_that_nobody_at_home_would_read_is_not_taken(cast):
    cast.patient.user = None
    with cast.inside():
        cast.patient.save()
        (helper,) = home_readers(cast.patient.pk, at=AT).of("helpers")
    assert helper.name == "Bob"
    with pytest.raises(Invalid) as refused:
        write(cast, "dana", readers="patient")
    assert code_of(refused) == ["nobody_reads"]
    assert write(cast, "dana", readers="helpers") is not None


def test_home_is_told_that_there_is_a_note_and_nothing_of_what_it_says(cast):
    with open_mailbox() as mailbox:
        write(cast, "dana", readers="helpers")
        write(cast, "bob", "For the clinic.")
        assert drain(at=AT).sent == 2
        mails = {mail["To"]: mail.get_body().get_content() for mail in mailbox.mails}
    assert set(mails) == {cast.alice.email, cast.bob.email}
    assert all("There is a note for you." in text for text in mails.values())
    assert not any("shoulder" in text or "Dana" in text for text in mails.values())


def test_who_read_it_before_or_could_no_longer_is_not_told(cast):
    with open_mailbox() as mailbox:
        read_first, taken_back = write(cast, "dana"), write(cast, "dana", "Wrong patient.")
        mark_read(by=cast.bob, at=AT, patient_id=cast.patient.pk, note_ids=[read_first.id])
        withdraw_note(by=cast.dana, at=AT, patient_id=cast.patient.pk, note_id=taken_back.id)
        drain(at=AT)
        assert [mail["To"] for mail in mailbox.mails] == [cast.alice.email]
    with cast.inside():
        fates = sorted(Delivery.objects.values_list("outcome", "reason"))
    assert fates == [("not_sent", "read")] * 3 + [("sent", "")]


def test_a_clinic_begins_with_five_texts_and_goes_on_with_its_own(cast):
    def titles(language="en"):
        with cast.inside():
            texts = note_texts(cast.clinic.pk, language=language)
        return [(each.title, each.starter) for each in texts]

    assert len(titles()) == 5 and all(starter for _title, starter in titles())
    known, entry = uuid4(), TemplateEntry(title="Skin", text_zh_hans="请拍一张照片。")
    keep = {"by": cast.dana, "at": AT, "clinic_id": cast.clinic.pk}
    keep_template(**keep, template_id=known, entry=entry)
    with cast.inside():
        assert [each.text for each in note_texts(cast.clinic.pk, language="en")] == [
            "请拍一张照片。"
        ]
    with pytest.raises(Invalid) as refused:
        keep_template(**keep, template_id=uuid4(), entry=entry)
    assert code_of(refused) == ["taken"]
    with pytest.raises(NotVisible):
        keep_template(**{**keep, "by": cast.bob}, template_id=uuid4(), entry=entry)
    remove_template(**keep, template_id=known)
    assert len(titles("zh-Hans")) == 5
