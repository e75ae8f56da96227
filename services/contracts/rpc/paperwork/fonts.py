"""The font of PDFs: one that has Chinese and Latin characters; each document embeds the part of it that it uses."""

from functools import cache
from importlib.resources import as_file, files
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT = "WenQuanYiMicroHei"


@cache
def font() -> Any:
    """Return the font, read once in the life of the process."""
    with as_file(files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc") as path:
        loaded = TTFont(FONT, str(path), subfontIndex=0)
    pdfmetrics.registerFont(loaded)
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=FONT, italic=FONT, boldItalic=FONT)
    return loaded


def lacking(text: str) -> list[str]:
    """Return the distinct characters that the font does not have, in their order."""
    known = font().face.charToGlyph
    return [mark for mark in dict.fromkeys(text) if not mark.isspace() and ord(mark) not in known]
