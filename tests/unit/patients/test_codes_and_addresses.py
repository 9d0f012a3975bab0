"""Codes read out over the telephone, and addresses in the one form that is stored."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.addresses import email_address, phone_number
from patients.domain.codes import ALPHABET, as_typed, new_code


def test_a_code_is_three_groups_of_four():
    code = new_code(random.Random(1).choice)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]


@given(seed=st.integers())
def test_a_code_survives_being_typed_in_lower_case_with_spaces(seed):
    code = new_code(random.Random(seed).choice)
    assert as_typed(f" {code.lower().replace('-', ' ')} ") == as_typed(code)


def test_lookalikes_are_one():
    assert as_typed("OIl-0") == "0110"
    assert not set("ILOU") & set(ALPHABET)


def test_email_is_lower_case_without_blanks():
    assert email_address(" Alice@Example.TEST ") == "alice@example.test"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+86 138 0013 8000", "+8613800138000"),
        ("0044 (20) 7946-0958", "+442079460958"),
        ("138 0013 8000", "+8613800138000"),
    ],
)
def test_phone_number_has_its_country(typed, stored):
    assert phone_number(typed) == stored


@pytest.mark.parametrize("typed", ["", "020 7946 0958", "+0123456789", "call me", "+861"])
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(ValueError, match="not a phone number"):
        phone_number(typed)
