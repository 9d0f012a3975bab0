"""The code that proves a phone number: sent there, typed here.

Nothing is stored: a code is derived from the contact point, its number and the half hour, and holds
for that half hour and the next one. Wrong guesses are counted where a code is taken in.
"""

import hmac
import logging
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from patients.channels.outgoing import NoAnswer
from patients.channels.sms_gateway import send_text
from patients.domain.roles import Channel
from patients.models import ContactPoint

logger = logging.getLogger(__name__)
SALT = "patients.phone-code"
HALF_HOUR = timedelta(minutes=30)
DIGITS = 6


def send_phone_code(point: ContactPoint, *, at: datetime) -> bool:
    """Send the code; False for other channels, without a gateway, or when it was not taken."""
    if point.channel != Channel.SMS or not settings.SMS_GATEWAY_URL:
        return False
    with override(point.user.language):
        text = _("%(code)s is your code for the rehab record. Tell it to nobody.") % {
            "code": _code(point, at)
        }
    try:
        answer = send_text(str(uuid4()), point.address, text, point.user.language)
    except NoAnswer:
        logger.warning("a phone code did not leave")
        return False
    return 200 <= answer.status < 300


def is_phone_code(point: ContactPoint, typed: str, *, at: datetime) -> bool:
    """Tell whether this is the code of this half hour or of the last one."""
    given = "".join(typed.split()).encode()
    now, before = _code(point, at).encode(), _code(point, at - HALF_HOUR).encode()
    # Both are compared, whatever the first one says: time tells nothing.
    return hmac.compare_digest(given, now) | hmac.compare_digest(given, before)


def _code(point: ContactPoint, at: datetime) -> str:
    half_hour = int(at.timestamp() // HALF_HOUR.total_seconds())
    digest = salted_hmac(SALT, f"{point.pk}/{point.address}/{half_hour}", algorithm="sha256")
    return f"{int.from_bytes(digest.digest()) % 10**DIGITS:0{DIGITS}}"
