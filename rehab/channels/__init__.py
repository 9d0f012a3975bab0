"""How a message leaves: one module a channel, each with a `sender()` that keeps its connection."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from .email import email_sender
from .message import Message, Sender
from .push import push_sender
from .sms import sms_sender
from .webhook import webhook_sender

CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Sender]]] = {
    "email": email_sender,
    "push": push_sender,
    "sms": sms_sender,
    "webhook": webhook_sender,
}

__all__ = ["CHANNELS", "Message", "Sender"]
