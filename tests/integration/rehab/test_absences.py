"""Handing over on leave: the deputy has the patients and the alerts, and it ends by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from patients.actions.absences import end_absence, record_absence
from patients.actions.relationships import begin_relationship, end_relationship
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import Absence, AuditEvent, Patient
from patients.models.duty import duty_contact_at
from rehab.actions.recipients import receive_alerts
from tests.integration.rehab.scenes import local
from tests.people import make_clinician, make_patient, make_post, make_user

NOW, FIRST, LAST = local(19, 10), local(20, 0), local(24, 0)
DURING, AFTER = local(21, 10), local(24, 10)


@pytest.fixture
def femi(cast):
    user = make_user("femi")
    user.post = make_post(cast.clinic, user)
    return user


def goes(cast, deputy, *, by=None, post=None, at=NOW, first=FIRST, last=LAST):
    with cast.inside():
        return record_absence(
            by=by or cast.dana,
            at=at,
            clinic_id=cast.clinic.pk,
            practitioner_id=(post or cast.danas_post).pk,
            deputy_id=deputy.pk,
            starts_at=first,
            ends_at=last,
        )


def sees(cast, user, at, patient=None):
    with cast.inside():
        rows = Patient.objects.visible_to(user, scope="see_conditions", at=at)
        return rows.filter(pk=(patient or cast.patient).pk).exists()


def on_duty(cast, at):
    with cast.inside():
        contact = duty_contact_at(cast.clinic, at)
    if contact is None:
        return []
    people = [contact.practitioner, contact.deputy]
    return [each.user.name for each in people if each is not None]


def told(cast, at):
    with cast.inside():
        return set(receive_alerts(cast.patient.pk, clinicians=True, at=at))


def test_the_deputy_sees_the_patients_only_while_it_lasts(cast, femi):
    goes(cast, femi.post)
    seen = [sees(cast, femi, at) for at in (NOW, FIRST, DURING, LAST - timedelta(1e-6), LAST)]
    assert seen == [False, True, True, True, False]


def test_the_deputy_sees_nobody_else_and_not_more_than_the_absent(cast, femi):
    cast.danas_relationship.scopes = ["see_sessions"]
    with cast.inside():
        cast.danas_relationship.save(update_fields=["scopes"])
    goes(cast, femi.post)
    assert not sees(cast, femi, DURING)
    assert not sees(cast, femi, DURING, cast.charlies_patient)


def test_whoever_stands_in_answers_on_the_rota(cast, femi):
    goes(cast, femi.post)
    assert on_duty(cast, local(19, 12)) == ["Dana", "Erin"]
    assert on_duty(cast, DURING) == ["Femi", "Erin"]
    assert on_duty(cast, AFTER) == ["Dana", "Erin"]


def test_a_deputy_of_the_rota_who_stands_in_is_asked_once(cast):
    goes(cast, cast.erins_post)
    assert on_duty(cast, DURING) == ["Erin"]


def test_who_stands_in_for_whoever_stands_in_answers(cast, femi):
    goes(cast, cast.erins_post)
    goes(cast, femi.post, by=cast.erin, post=cast.erins_post)
    assert on_duty(cast, DURING) == ["Femi"]
    assert sees(cast, femi, DURING) and not sees(cast, femi, AFTER)


def test_alerts_go_to_the_deputy_and_not_to_the_absent(cast, femi):
    assert told(cast, DURING) == {cast.dana.pk}
    goes(cast, femi.post)
    assert told(cast, DURING) == {femi.pk}
    assert told(cast, AFTER) == {cast.dana.pk}


def test_where_everybody_is_away_they_are_told_all_the_same(cast, femi):
    absence = goes(cast, femi.post)
    with cast.inside():
        end_absence(by=cast.dana, at=NOW, absence_id=absence.pk)
        Absence.objects.filter(pk=absence.pk).update(ends_at=LAST)
    assert told(cast, DURING) == {cast.dana.pk}


def test_an_absence_ended_early_gives_everything_back(cast, femi):
    absence = goes(cast, femi.post)
    with cast.inside():
        end_absence(by=cast.dana, at=DURING, absence_id=absence.pk)
    assert not sees(cast, femi, DURING)
    assert on_duty(cast, DURING) == ["Dana", "Erin"]
    with cast.inside(), pytest.raises(Conflict):
        end_absence(by=cast.dana, at=DURING, absence_id=absence.pk)


def test_a_patient_who_ends_the_clinicians_access_ends_the_deputys(cast, femi):
    goes(cast, femi.post)
    with cast.inside():
        end_relationship(
            by=cast.alice,
            at=DURING,
            relationship_id=cast.danas_relationship.pk,
            patient_id=cast.patient.pk,
        )
    assert not sees(cast, femi, DURING)


def test_a_patient_may_end_the_deputys_access_alone(cast, femi):
    absence = goes(cast, femi.post)
    with cast.inside():
        row = absence.relationships.get()
        end_relationship(
            by=cast.alice, at=DURING, relationship_id=row.pk, patient_id=cast.patient.pk
        )
    assert not sees(cast, femi, DURING) and sees(cast, cast.dana, DURING)


def test_a_patient_given_to_somebody_who_is_away_is_the_deputys_too(cast, femi):
    goes(cast, femi.post)
    carol = cast.charlies_patient
    make_clinician(carol, cast.erin)
    with cast.inside():
        begin_relationship(
            by=cast.erin,
            at=DURING,
            patient_id=carol.pk,
            user_id=cast.dana.pk,
            role="clinician",
            scopes=["see_sessions", "see_conditions"],
        )
    assert sees(cast, femi, DURING, carol) and not sees(cast, femi, AFTER, carol)


def test_whoever_is_the_patients_clinician_already_stays_it(cast, femi):
    make_clinician(cast.patient, femi)
    absence = goes(cast, femi.post)
    with cast.inside():
        assert not absence.relationships.exists()
    assert sees(cast, femi, AFTER)


def test_a_coordinator_records_it_for_somebody_who_fell_ill_and_nobody_else_does(cast, femi):
    with pytest.raises(NotAllowed):
        goes(cast, cast.erins_post, by=femi)
    assert goes(cast, femi.post, by=cast.erin).told_by == cast.erin
    with pytest.raises(NotVisible):
        goes(cast, femi.post, by=cast.bob)
    with cast.inside(), pytest.raises(NotVisible):
        record_absence(
            by=cast.olga,
            at=NOW,
            clinic_id=cast.clinic.pk,
            practitioner_id=cast.danas_post.pk,
            deputy_id=femi.post.pk,
            starts_at=FIRST,
            ends_at=LAST,
        )


def test_only_the_absent_or_a_coordinator_ends_it(cast, femi):
    absence = goes(cast, femi.post)
    with cast.inside():
        with pytest.raises(NotAllowed):
            end_absence(by=femi, at=DURING, absence_id=absence.pk)
        with pytest.raises(NotVisible):
            end_absence(by=cast.bob, at=DURING, absence_id=absence.pk)
        assert end_absence(by=cast.erin, at=DURING, absence_id=absence.pk).ended_by == cast.erin


def test_nobody_is_away_twice_at_once_or_deputised_by_somebody_away(cast, femi):
    goes(cast, femi.post)
    with pytest.raises(Conflict):
        goes(cast, cast.erins_post)
    with pytest.raises(Conflict):
        goes(cast, cast.danas_post, by=cast.erin, post=cast.erins_post)


def test_it_needs_another_person_of_the_clinic_and_days_that_follow_each_other(cast, femi):
    with pytest.raises(Invalid):
        goes(cast, cast.danas_post)
    with pytest.raises(Invalid):
        goes(cast, femi.post, last=FIRST)
    stranger = make_post(cast.other_clinic, make_user("gus"))
    with pytest.raises(Invalid):
        goes(cast, stranger)


def test_nobody_is_given_rights_over_what_has_happened(cast, femi):
    goes(cast, femi.post, first=local(1, 0))
    assert not sees(cast, femi, local(18, 10)) and sees(cast, femi, NOW)


def test_the_patient_can_read_who_was_given_access_and_when_it_ended(cast, femi):
    absence = goes(cast, femi.post)
    with cast.inside():
        end_absence(by=cast.dana, at=DURING, absence_id=absence.pk)
        of_alice = AuditEvent.objects.filter(patient=cast.patient)
        kinds = list(of_alice.order_by("at").values_list("kind", flat=True))
        of_clinic = AuditEvent.objects.filter(patient=None, kind__startswith="absence.")
        assert kinds[-2:] == ["relationship.stand_in", "relationship.end"]
        assert of_clinic.count() == 2


def test_many_patients_are_handed_over_and_back_in_the_same_number_of_statements(cast, femi):
    counted = []
    for first, many in ((25, 2), (27, 20)):
        for count in range(many):
            make_clinician(make_patient(cast.clinic, f"Patient {first} {count}"), cast.dana)
        with CaptureQueriesContext(connection) as handed:
            absence = goes(cast, femi.post, first=local(first, 0), last=local(first + 1, 0))
        with cast.inside(), CaptureQueriesContext(connection) as ended:
            end_absence(by=cast.dana, at=NOW, absence_id=absence.pk)
        counted.append((len(handed), len(ended)))
    assert counted[0] == counted[1]


def test_the_deputys_deputy_loses_access_with_whom_it_rests_on(cast, femi):
    absence = goes(cast, cast.erins_post)
    goes(cast, femi.post, by=cast.erin, post=cast.erins_post)
    with cast.inside():
        end_absence(by=cast.dana, at=DURING, absence_id=absence.pk)
    assert not sees(cast, femi, DURING)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("absence_ends_after_start", {"ends_at": FIRST - timedelta(days=1)}),
        ("absence_deputy_is_another", {"deputy": "dana"}),
    ],
)
def test_the_database_holds_what_an_absence_is(cast, femi, name, facts):
    given = {
        "clinic": cast.clinic, "practitioner": cast.danas_post, "deputy": femi.post,
        "starts_at": FIRST, "ends_at": LAST, "told_by": cast.dana, "told_at": NOW, **facts,
    }  # fmt: skip
    if given["deputy"] == "dana":
        given["deputy"] = cast.danas_post
    with cast.inside(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        Absence.objects.create(**given)
