"""A mail as bytes: the headers all mails share are made once, and nothing in a value can begin a line of its own."""

import re
from base64 import b64encode
from binascii import b2a_base64
from collections.abc import Sequence
from email.utils import formatdate
from functools import lru_cache

from services.care.domain.sending.message import Message
from services.chassis.clock import epoch_ms

_WORD_BYTES = 45
"""UTF-8 in one encoded word, so that a header line stays below 76 characters."""
_PLAIN_LINE = 900
"""Longer header values are encoded or folded: a line of a mail ends before 998 (RFC 5322, 2.1.1)."""
_BODY_LINE = 76
"""Characters in one line of base64 (RFC 2045, 6.8)."""
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f<>]")
_LONGEST_ADDRESS = 254
_WORDS = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]*", re.ASCII)
"""What a name may hold without quotes (RFC 5322, 3.2.3)."""


class MailText:
    """What one sender's mails look like."""

    def __init__(self, sender: str) -> None:
        """Take the From address, as `Name <address>` or bare."""
        name, _, rest = sender.rpartition("<")
        self.sender = rest.rstrip(">")
        shown = f"{_phrase(name)} <{self.sender}>" if name.strip() else self.sender
        self._shared = f"From: {shown}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"

    def content(self, mail: Message) -> bytes:
        """Return headers and body as they go over the wire: dots doubled (base64 has none), the lone dot at the end."""
        text = (
            f"{self._shared}To: {on_the_wire(mail.to)}\r\n"
            f"Subject: {_encoded(mail.subject)}\r\nMessage-ID: {mail.message_id}\r\n"
            f"Date: {_date(epoch_ms() // 1000)}\r\n{_lines(mail.headers)}Content-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        return text.replace(b"\r\n.", b"\r\n..") + _base64(mail.body) + b".\r\n"


@lru_cache(maxsize=64)
def on_the_wire(address: str) -> str:
    """Return the address as it stands in a command; empty: it cannot, or would bring a command of its own.

    A domain becomes ASCII; a local part that is none stays, for a server that offers SMTPUTF8.
    """
    if _NO_ADDRESS.search(address) or len(address.encode()) > _LONGEST_ADDRESS:
        return ""
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""


def _base64(body: str) -> bytes:
    data = body.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    text = b2a_base64(data, newline=False)
    return b"\r\n".join([text[at : at + _BODY_LINE] for at in range(0, len(text), _BODY_LINE)]) + b"\r\n"


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)


def _lines(headers: Sequence[tuple[str, str]]) -> str:
    return "".join([f"{name}: {_folded(value)}\r\n" for name, value in headers])


def _folded(value: str) -> str:
    """Return the value without line ends of its own, broken between words where it is too long."""
    line = " ".join(value.split())
    if not line.isascii():
        return _encoded(line)
    return line if len(line) < _PLAIN_LINE else line.replace(" ", "\r\n ")


def _phrase(name: str) -> str:
    """Return a name as it may stand before an address: in quotes where a comma or dot would begin another address."""
    plain = name.strip()
    if plain[:1] == plain[-1:] == '"' != plain:
        plain = re.sub(r"\\(.)", r"\1", plain[1:-1])
    if not (plain.isascii() and plain.isprintable()) or _WORDS.fullmatch(plain):
        return _encoded(plain)
    return '"' + re.sub(r'(["\\])', r"\\\1", plain) + '"'


@lru_cache(maxsize=256)
def _encoded(text: str) -> str:
    """Return the text as RFC 2047 encoded words, folded; plain ASCII of one short line stays as it is."""
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) < _PLAIN_LINE:
        return text
    words, chunk = [], b""
    for mark in text:
        encoded = mark.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)
