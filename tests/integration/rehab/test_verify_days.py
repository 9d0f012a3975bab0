"""The command that recounts the figures of days."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rehab.models import ItemDay
from tests.integration.rehab.scenes import day_of, done, local
from tests.plans import assign, shoulder

ON = local(19, 9).date()


@pytest.fixture
def series(cast):
    item = shoulder()
    assign(cast, item, at=local(18, 20))
    done(cast, item.series, local(19, 9), pain=3)
    return item.series


def verify(**options):
    out = StringIO()
    call_command("verify_days", stdout=out, **options)
    return out.getvalue()


def spoil(cast, series):
    with cast.inside():
        ItemDay.objects.filter(series=series, on=ON).update(done=2, pain_max=9)


def test_figures_that_are_right_are_left_alone(cast, series):
    assert verify() == "1 patients, 0 differences\n"


def test_figures_that_are_wrong_are_named_and_kept_as_they_are(cast, series):
    spoil(cast, series)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_days", stdout=out)
    assert f"series {series} 2026-10-19 version 1: done 2 should be 1" in out.getvalue()
    assert "pain_max 9 should be 3" in out.getvalue()
    assert day_of(cast, series, ON).done == 2


def test_a_repair_keeps_what_was_counted(cast, series):
    spoil(cast, series)
    assert "2 differences" in verify(repair=True)
    assert (day_of(cast, series, ON).done, day_of(cast, series, ON).pain_max) == (1, 3)
    assert verify() == "1 patients, 0 differences\n"


def test_a_day_whose_row_is_missing_is_found(cast, series):
    with cast.inside():
        ItemDay.objects.filter(series=series, on=ON).delete()
    verify(repair=True)
    assert day_of(cast, series, ON).done == 1


def test_a_row_without_anything_behind_it_is_found(cast, series):
    with cast.inside():
        ItemDay.objects.create(
            patient=cast.patient,
            clinic=cast.clinic,
            series=series,
            on=local(1, 9).date(),
            version=1,
            due=2,
        )
    verify(repair=True)
    assert day_of(cast, series, local(1, 9).date()).due == 0
