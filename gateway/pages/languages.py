"""The two languages of every page, and which of them a reader gets."""

from gateway.negotiation import wanted

LANGUAGES = {"en": "en", "zh": "zh-Hans"}
"""By the name in an address: the tag of the page."""
OTHER = {"en": ("zh", "中文"), "zh": ("en", "English")}
"""By the name in an address: that of the other language, and what it calls itself."""


def spoken(accepted: str, default: str) -> str:
    """Return the language of ours that an Accept-Language header likes best (RFC 9110, 12.5.4), else the default."""
    best, liked = default, 0.0
    for weight, tag, _ in wanted(accepted):
        language = tag.partition("-")[0]
        if language in LANGUAGES and weight > liked:
            best, liked = language, weight
    return best
