"""Which channels this installation can speak."""

from django.conf import settings

from patients.domain.roles import Channel


def offered() -> frozenset[Channel]:
    """E-mail and webhooks always; push and text messages once the operator has set them up."""
    found = {Channel.EMAIL, Channel.WEBHOOK}
    if settings.VAPID_PRIVATE_KEY:
        found.add(Channel.PUSH)
    if settings.SMS_GATEWAY_URL:
        found.add(Channel.SMS)
    return frozenset(found)
