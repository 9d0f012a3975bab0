"""How a message leaves: one module a channel, each with a `sender()` that keeps its connection."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from patients.channels.exchange import Post

from . import push, sms, webhook
from .email import email_sender
from .message import Message, Sender

CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Sender]]] = {
    "email": email_sender,
    "push": push.push_sender,
    "sms": sms.sms_sender,
    "webhook": webhook.webhook_sender,
}
# Of those that speak HTTP: what is posted for a message. Many can be under way in one thread.
POSTED: Mapping[str, Callable[[Message], Post]] = {
    "push": push.request,
    "sms": sms.request,
    "webhook": webhook.request,
}

__all__ = ["CHANNELS", "POSTED", "Message", "Sender"]
