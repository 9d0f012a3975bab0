"""How messages leave besides e-mail: web push, text messages, webhooks."""

from urllib.parse import urlsplit

from config.settings.base import PRODUCTION
from config.settings.env import env
from config.settings.security import PUBLIC_URL
from config.settings.services import DEFAULT_FROM_EMAIL, LONGEST_TIMEOUT_SECONDS

# Web push (RFC 8292): 32 bytes made by `manage.py make_vapid_keys`; without them it is not offered.
# A new key makes every device that is signed up useless.
VAPID_PRIVATE_KEY = env.signing_key("VAPID_PRIVATE_KEY")
# Where a push service reaches the operator when something is wrong.
_CONTACT = PUBLIC_URL if PUBLIC_URL.startswith("https://") else f"mailto:{DEFAULT_FROM_EMAIL}"
VAPID_SUBJECT = env.text("VAPID_SUBJECT", _CONTACT)
if not VAPID_SUBJECT.startswith(("mailto:", "https://")):
    env.note("VAPID_SUBJECT", "must begin with mailto: or https://")

# Hosts that may be private and need no TLS: a gateway or a webhook in the operator's own network.
OUTGOING_PRIVATE_HOSTS = frozenset(env.listing("OUTGOING_PRIVATE_HOSTS"))
OUTGOING_TIMEOUT_SECONDS = env.integer(
    "OUTGOING_TIMEOUT_SECONDS", 10, least=1, most=LONGEST_TIMEOUT_SECONDS
)

# Text messages: without a gateway they are not offered. docs/operation.md has its contract.
SMS_GATEWAY_URL = env.url("SMS_GATEWAY_URL", ("https", "http"))
SMS_GATEWAY_TOKEN = env.text("SMS_GATEWAY_TOKEN")
if SMS_GATEWAY_URL and not SMS_GATEWAY_TOKEN:
    env.note("SMS_GATEWAY_TOKEN", "is required beside SMS_GATEWAY_URL")
_GATEWAY = urlsplit(SMS_GATEWAY_URL)
if PRODUCTION and _GATEWAY.scheme == "http" and _GATEWAY.hostname not in OUTGOING_PRIVATE_HOSTS:
    env.note("SMS_GATEWAY_URL", "must begin with https://, unless OUTGOING_PRIVATE_HOSTS names it")
