"""How long a text message is: 3GPP TS 23.038 alphabet, else UCS-2; concatenated messages lose a header."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
_WIDE = 0xFFFF


class SmsEncoding(StrEnum):
    """How the text travels."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


_ROOM = {SmsEncoding.GSM7: (160, 153), SmsEncoding.UCS2: (70, 67)}
"""Units in a message that stands alone, and in one of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLength:
    """What a provider will bill."""

    encoding: SmsEncoding
    units: int
    """Septets, or 16-bit units; some characters need two."""
    segments: int


def sms_length(text: str) -> SmsLength:
    """Return the length of a text; no character is cut in two at the end of a segment."""
    gsm = all(mark in _BASIC or mark in _EXTENDED for mark in text)
    encoding = SmsEncoding.GSM7 if gsm else SmsEncoding.UCS2
    widths = [_width(mark, gsm=gsm) for mark in text]
    alone, joined = _ROOM[encoding]
    units = sum(widths)
    segments = min(units, 1) if units <= alone else sum(1 for _ in _filled(widths, joined))
    return SmsLength(encoding=encoding, units=units, segments=segments)


def _width(mark: str, *, gsm: bool) -> int:
    if gsm:
        return 2 if mark in _EXTENDED else 1
    return 2 if ord(mark) > _WIDE else 1


def _filled(widths: list[int], room: int) -> Iterator[int]:
    used = 0
    for width in widths:
        if used + width > room:
            yield used
            used = 0
        used += width
    if used:
        yield used
