"""Scripts of calls as text: Liquid, bounded in work and length, with a few words about the visit and the member."""

from collections.abc import Mapping

from services.care.domain.templates.liquid_engine import WordsFailed, filled, paths
from services.care.domain.visits.scripts import CallScript, refuse_unknown
from services.care.domain.visits.visit import Visit
from services.chassis.errors import InvalidField


def checked_script(script: CallScript) -> CallScript:
    """Return the script, or refuse with INVALID_FIELD what is no Liquid or names what nobody knows."""
    told = script.checked()
    for language in ("en", "zh"):
        field = f"script.text_{language}"
        source = getattr(told, f"text_{language}")
        try:
            refuse_unknown(paths(source), field)
            filled(source, _SAMPLE)
        except WordsFailed as error:
            raise InvalidField(field, f"{field} is no Liquid template: {error}.") from error
    return told


def spoken(script: CallScript, visit: Visit, *, name: str) -> tuple[str, str]:
    """Return the text in English and in Chinese; `name` is the member's as the caller may see it."""
    known = {
        "member": {"name": name},
        "visit": {
            "due_date": visit.due_date,
            "topic": visit.topic,
            "contract_id": visit.contract_id,
            "case_id": visit.case_id,
            "round": visit.round,
            "tries": visit.tries,
        },
    }
    return filled(script.text_en, known), filled(script.text_zh, known)


_VISIT = dict.fromkeys(("due_date", "topic", "contract_id", "case_id"), "x")
_SAMPLE: Mapping[str, Mapping[str, object]] = {"member": {"name": "x"}, "visit": {**_VISIT, "round": 1, "tries": 1}}
