"""A push message can be read by one browser, and by nobody between."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import given
from hypothesis import strategies as st

from rehab.channels.sealing import LONGEST_PAYLOAD, point, seal
from tests.integration.channels.browser_keys import BrowserKeys, b64, unb64

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key(text: str):
    return derive_private_key(int.from_bytes(unb64(text)), SECP256R1())


def test_the_example_of_the_standard_comes_out_to_the_byte():
    public = point(key(RECEIVER).public_key())
    sealed = seal(public, unb64(AUTH), PLAIN, sender=key(SENDER), salt=unb64(SALT))
    assert b64(sealed) == SEALED


def test_the_browser_of_the_tests_opens_the_example_of_the_standard():
    assert BrowserKeys(key(RECEIVER), unb64(AUTH)).open(unb64(SEALED)) == PLAIN


@given(payload=st.binary(max_size=LONGEST_PAYLOAD))
def test_a_browser_reads_what_was_sealed_for_it(payload):
    alice = BrowserKeys()
    sealed = seal(alice.public, alice.auth, payload)
    assert alice.open(sealed) == payload
    assert len(sealed) <= 4096


def test_another_browser_reads_nothing():
    alice, charlie = BrowserKeys(), BrowserKeys()
    with pytest.raises(InvalidTag):
        charlie.open(seal(alice.public, alice.auth, PLAIN))


def test_two_messages_share_no_key_and_no_salt():
    alice = BrowserKeys()
    one, other = (seal(alice.public, alice.auth, PLAIN) for _ in range(2))
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]


def test_what_does_not_fit_into_one_record_is_refused():
    alice = BrowserKeys()
    with pytest.raises(ValueError, match="too long"):
        seal(alice.public, alice.auth, bytes(LONGEST_PAYLOAD + 1))
