"""What a cycle wrote down, as a table: columns by name, starts on the clock of its zone."""

from datetime import UTC, datetime

import pytest

from rehab.domain.device_file import UnreadableFile, lines_of, table_from_csv, table_from_rows

NEW_YORK = "America/New_York"


def test_a_table_with_a_line_of_names_is_read_and_an_empty_cell_was_not_recorded():
    text = "\ufeffstarted_at,minutes,cadence_rpm,leg_colour\n2026-10-30T18:40:00-04:00,30,,blue\n"
    table = table_from_csv(text, zone=NEW_YORK)
    (ride,) = table.rides
    assert ride.started_at == datetime(2026, 10, 30, 22, 40, tzinfo=UTC)
    assert ride.values == {"minutes": 30.0}
    assert table.ignored == ["leg_colour"]


def test_a_start_without_an_offset_is_on_the_clock_of_the_file():
    table = table_from_rows([{"started_at": "2026-10-30 18:40"}], zone=NEW_YORK)
    assert table.rides[0].started_at == datetime(2026, 10, 30, 22, 40, tzinfo=UTC)


def test_what_a_spreadsheet_made_of_it_is_read_and_single_lines_can_be_taken_out():
    text = "started_at;minutes;note\n2026/10/9 8:05;30;a\n9/10/2026 8:05;25;b\n"
    table = table_from_csv(text, zone=NEW_YORK)
    assert table.rides[0].started_at == datetime(2026, 10, 9, 12, 5, tzinfo=UTC)
    assert table.rides[0].values == {"minutes": 30.0}
    assert table.rides[1].started_at is None
    assert lines_of(text, {2}) == "started_at;minutes;note\n9/10/2026 8:05;25;b\n"


def test_zero_is_a_value_and_what_is_no_number_stays_as_it_was_typed():
    rows = [{"started_at": "2026-10-30 18:40", "power_w": 0, "cadence_rpm": "fast"}]
    assert table_from_rows(rows, zone=NEW_YORK).rides[0].values == {
        "power_w": 0,
        "cadence_rpm": "fast",
    }


def test_a_start_that_nobody_can_read_is_none():
    for start in ("yesterday", None, "2026-13-40 18:40"):
        table = table_from_rows([{"started_at": start}], zone=NEW_YORK)
        assert table.rides[0].started_at is None
    nowhere = table_from_rows([{"started_at": "2026-10-30 18:40"}], zone="Mars/Base")
    assert nowhere.rides[0].started_at is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("started_at\n", "empty"),
        ("begin,minutes\n18:40,30\n", "no_start_column"),
        ("started_at\n" + "2026-10-30 18:40\n" * 201, "too_many_rows"),
    ],
)
def test_what_is_no_such_table_is_refused_by_code(text, code):
    with pytest.raises(UnreadableFile) as refused:
        table_from_csv(text, zone=NEW_YORK)
    assert refused.value.code == code
