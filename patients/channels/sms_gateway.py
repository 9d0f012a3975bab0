"""The contract with a text message gateway (docs/operation.md): one POST of JSON a message."""

import json

from django.conf import settings

from patients.channels.http_answer import Answer
from patients.channels.outgoing import CONNECTIONS

# Whoever runs the gateway maps these to their provider: this number can never be reached.
UNREACHABLE = frozenset({410, 422})


def request(message_id: str, number: str, text: str, language: str) -> tuple[dict[str, str], bytes]:
    """Return headers and body of one message.

    number: E.164. The gateway sends once for an id, however often it is asked.
    """
    headers = {
        "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
        "Content-Type": "application/json",
        "Idempotency-Key": message_id,
    }
    body = {"id": message_id, "to": number, "text": text, "language": language}
    return headers, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def send_text(message_id: str, number: str, text: str, language: str) -> Answer:
    """Hand one text message to the gateway; NoAnswer when it does not answer."""
    headers, body = request(message_id, number, text, language)
    return CONNECTIONS.post(settings.SMS_GATEWAY_URL, headers, body, trusted=True)
