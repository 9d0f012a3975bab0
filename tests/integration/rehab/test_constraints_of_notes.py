"""What the database itself refuses of notes and of the texts that they begin with."""

from datetime import timedelta
from uuid import uuid4

import pytest

from rehab.models import CareNote, NoteTemplate
from tests.integration.rehab.scenes import local
from tests.integration.rehab.test_constraints import keys, refuses
from tests.people import Cast

AT = local(19, 12)


@pytest.fixture(autouse=True)
def _inside(cast: Cast):
    with cast.inside():
        yield


def note(cast: Cast, **facts):
    given = {"id": uuid4(), "author": cast.bob, "from_clinic": False, "readers": "helpers"}
    return CareNote.objects.create(
        **keys(cast), **{**given, "body": "Tighter.", "written_at": AT, **facts}
    )


def template(cast: Cast, **facts):
    given = {"id": uuid4(), "clinic": cast.clinic, "title": "Call", "text_en": "Please call."}
    return NoteTemplate.objects.create(
        **{**given, "changed_by": cast.dana, "changed_at": AT, **facts}
    )


def test_a_note_has_readers_that_are_known(cast):
    with refuses("care_note_has_known_readers"):
        note(cast, readers="everybody")


def test_a_note_says_something(cast):
    with refuses("care_note_says_something"):
        note(cast, body="")


def test_a_note_is_not_taken_back_before_it_was_written(cast):
    with refuses("care_note_withdrawn_after_written"):
        note(cast, withdrawn_at=AT - timedelta(seconds=1))


def test_a_text_of_a_clinic_has_a_name_of_its_own(cast):
    with refuses("note_template_has_a_title"):
        template(cast, title="")
    template(cast)
    with refuses("note_template_title_once"):
        template(cast)


def test_a_text_of_a_clinic_says_something_in_one_language_at_least(cast):
    with refuses("note_template_says_something"):
        template(cast, text_en="")
