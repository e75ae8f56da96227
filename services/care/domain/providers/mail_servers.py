"""A mail server as its record tells of it: where it is, how it is trusted, and how many connections it takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.chassis.errors import InvalidField

MOST_CONNECTIONS, USUAL_CONNECTIONS = 64, 8
_MOST_PORT = 65_535
_HOST = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]{0,251}[0-9A-Za-z])?|\[?[0-9A-Fa-f:]{2,45}\]?")
_SENDER = re.compile(r"(?:[^<>@]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)")
_COUNT = re.compile(r"[1-9][0-9]{0,4}")
_FIELD = "provider.settings"


class MailTls(StrEnum):
    """Data: add, never rename."""

    STARTTLS = "starttls"
    """Begins in the open and must offer TLS: without it nothing is sent, and nobody signs in."""
    IMPLICIT = "implicit"
    """TLS from the first byte."""
    OFFERED = "offered"
    """TLS where the server offers it; whoever stands between can hide that, so it needs no password."""
    NONE = "none"
    """Never: a relay on this machine, or on a net of its own."""


DEFAULT_PORTS: Mapping[MailTls, int] = {
    MailTls.STARTTLS: 587,
    MailTls.IMPLICIT: 465,
    MailTls.OFFERED: 25,
    MailTls.NONE: 25,
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """What the settings of a record of the kind `smtp` say."""

    host: str
    port: int
    tls: MailTls
    user: str
    """Empty: nobody signs in."""
    sender: str
    """The From address, `Name <address>` or bare."""
    connections: int

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "MailServer":
        """Read settings that are checked."""
        tls = MailTls(told.get("tls", MailTls.STARTTLS))
        return cls(
            told["host"].strip("[]"),
            int(told.get("port", DEFAULT_PORTS[tls])),
            tls,
            told.get("user", ""),
            told["from"],
            int(told.get("connections", USUAL_CONNECTIONS)),
        )


def check_mail_server(told: Mapping[str, str], *, has_password: bool) -> None:
    """Refuse the first setting that no mail server can be reached by, with INVALID_FIELD."""
    if not _HOST.fullmatch(told["host"]):
        raise InvalidField(_FIELD, f"{_FIELD}: host must be the name or address of a mail server, without a port.")
    if not _SENDER.fullmatch(told["from"]):
        raise InvalidField(_FIELD, f"{_FIELD}: from must be an e-mail address, or `Name <address>`.")
    if told.get("tls") and told["tls"] not in set(MailTls):
        raise InvalidField(_FIELD, f"{_FIELD}: tls is not one of {', '.join(MailTls)}.")
    _check_count(told, "port", most=_MOST_PORT)
    _check_count(told, "connections", most=MOST_CONNECTIONS)
    if bool(told.get("user")) is not has_password:
        raise InvalidField("provider.secrets", "provider.secrets: user and the secret password come together.")
    if has_password and told.get("tls") == MailTls.OFFERED:
        raise InvalidField(_FIELD, f"{_FIELD}: tls must be starttls or implicit for a password, or plainly none.")


def _check_count(told: Mapping[str, str], name: str, *, most: int) -> None:
    count = told.get(name)
    if count and not (_COUNT.fullmatch(count) and int(count) <= most):
        raise InvalidField(_FIELD, f"{_FIELD}: {name} must be 1 to {most}.")
