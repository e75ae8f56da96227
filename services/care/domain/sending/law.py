"""What the law says about the hours of advertising, as data: by country of the number, channel and purpose."""

from dataclasses import dataclass

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.windows import QuietWindow


@dataclass(frozen=True, slots=True)
class LegalHours:
    """Outside `opens` to `closes`, local wall time of the person, such messages must not arrive."""

    prefix: str
    """Country code of the phone number, as E.164 begins."""
    channels: frozenset[Channel]
    purposes: frozenset[Purpose]
    opens: str
    closes: str
    source: str

    @property
    def quiet(self) -> QuietWindow:
        """The other hours of the day."""
        return QuietWindow(self.closes, self.opens)


_SMS, _CALLS_TOO = frozenset({Channel.SMS}), frozenset({Channel.SMS, Channel.CALL})
_MARKETING = frozenset({Purpose.MARKETING})

LEGAL_HOURS: tuple[LegalHours, ...] = (
    LegalHours("+86", _SMS, _MARKETING, "08:00", "21:00", "hours that Chinese carriers grant to promotional SMS"),
    LegalHours("+1", _CALLS_TOO, _MARKETING, "08:00", "21:00", "47 CFR 64.1200(c)(1)"),
    LegalHours("+91", _CALLS_TOO, _MARKETING, "10:00", "21:00", "TRAI TCCCPR 2018, promotional traffic"),
)
"""A country that is not listed has no rule here; the company's quiet hours hold everywhere."""


def legal_windows(phone: str, channel: Channel, *, purpose: Purpose) -> tuple[QuietWindow, ...]:
    """Return the hours in which the law forbids such a message to this number."""
    if not phone:
        return ()
    return tuple(
        each.quiet
        for each in LEGAL_HOURS
        if channel in each.channels and purpose in each.purposes and phone.startswith(each.prefix)
    )
