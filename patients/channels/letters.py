"""Two e-mails: an invitation with its code, and the check that an address reaches somebody.

Both are a convenience beside what the screen shows already, so a mail server that is away never
fails the act: the answer says whether the letter left.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from patients.domain.roles import Channel
from patients.models import ContactPoint, Invitation

logger = logging.getLogger(__name__)
CHECK_SALT = "patients.address-check"
CHECK_SECONDS = 3 * 24 * 60 * 60


def send_invitation(invitation: Invitation, code: str) -> bool:
    """Send the code to the invited e-mail address; False when there is none or it did not leave."""
    if not invitation.email:
        return False
    with override(invitation.language):
        subject = _("You are invited to %(clinic)s") % {"clinic": invitation.clinic.name}
        text = _(
            "%(clinic)s invites you. Open %(link)s and enter this code:\n\n    %(code)s\n\n"
            "The code works once, until %(until)s. If you did not expect this, do nothing."
        ) % {
            "clinic": invitation.clinic.name,
            "link": _link("people:accept-invitation"),
            "code": code,
            "until": f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        }
    return _send(subject, text, invitation.email)


def send_address_check(point: ContactPoint) -> bool:
    """Send a link that proves the address; False for other channels or when it did not leave."""
    if point.channel != Channel.EMAIL:
        return False
    token = signing.dumps([str(point.pk), point.address], salt=CHECK_SALT)
    with override(point.user.language):
        subject = _("Confirm your e-mail address")
        text = _("Open this link to receive messages at this address:\n\n%(link)s") % {
            "link": _link("people:confirm-address", token)
        }
    return _send(subject, text, point.address)


def read_address_check(token: str) -> tuple[str, str] | None:
    """The contact point and address of a link, or None when it is false or too old."""
    try:
        point_id, address = signing.loads(token, salt=CHECK_SALT, max_age=CHECK_SECONDS)
    except signing.BadSignature:
        return None
    return point_id, address


def _link(name: str, *arguments: str) -> str:
    return settings.PUBLIC_URL + reverse(name, args=arguments)


def _send(subject: str, text: str, address: str) -> bool:
    try:
        EmailMessage(subject, text, to=[address]).send()
    except (OSError, SMTPException):
        logger.warning("a letter did not leave")
        return False
    return True
