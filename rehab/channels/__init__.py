"""How a message leaves: one module a channel, each with a `sender()` that keeps its connection."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from .email import email_sender
from .message import Message, Sender

CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Sender]]] = {"email": email_sender}

__all__ = ["CHANNELS", "Message", "Sender"]
