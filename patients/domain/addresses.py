"""E-mail addresses and phone numbers in the one form that is stored."""

import re

_PHONE = re.compile(r"^\+[1-9][0-9]{6,14}$")
_SEPARATORS = re.compile(r"[\s().\-]")
_CHINESE_MOBILE = re.compile(r"^1[3-9][0-9]{9}$")


def email_address(text: str) -> str:
    """Lower case without blanks around; whether it is one is for the form to say."""
    return text.strip().lower()


def phone_number(text: str) -> str:
    """A phone number as +, country and number (E.164); ValueError when it is none.

    00 stands for +, and eleven digits of a mainland mobile number stand for +86.
    """
    number = _SEPARATORS.sub("", text)
    if number.startswith("00"):
        number = "+" + number[2:]
    if _CHINESE_MOBILE.match(number):
        number = "+86" + number
    if not _PHONE.match(number):
        raise ValueError("not a phone number with its country, like +8613800138000")
    return number
