"""English words that agree with a number: `{count} visit(s)` and `(was|were)` in the text of a sentence."""

import re

_FORMS = re.compile(r"(?<=\w)\(s\)|\((\w+)\|(\w+)\)")


def numbered(text: str, count: object) -> str:
    """Return the text with the forms for one (`count` is 1, or reads so) or for any other number.

    Ask it of a template, before what people typed is put in.
    """
    single = str(count) == "1"
    return _FORMS.sub(lambda found: (found[1] or "") if single else (found[2] or "s"), text)
