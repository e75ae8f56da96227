"""Scripts of calls as text: Liquid, bounded in work and length, with a few words about the visit and the member."""

from collections.abc import Mapping
from functools import lru_cache

from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError

from services.care.domain.visits.scripts import CallScript, refuse_unknown
from services.care.domain.visits.visit import Visit
from services.chassis.errors import InvalidField

_COMPILED_AT_ONCE = 128


class _Bounded(Environment):
    """An author's script must end soon and stay short."""

    loop_iteration_limit = 1_000
    output_stream_limit = 20_000
    context_depth_limit = 10


_environment = _Bounded(strict_filters=True)


@lru_cache(maxsize=_COMPILED_AT_ONCE)
def _compiled(source: str) -> BoundTemplate:
    return _environment.from_string(source)


def checked_script(script: CallScript) -> CallScript:
    """Return the script, or refuse with INVALID_FIELD what is no Liquid or names what nobody knows."""
    told = script.checked()
    for language in ("en", "zh"):
        field = f"script.text_{language}"
        try:
            template = _compiled(getattr(told, f"text_{language}"))
            template.render(**_sample())
            names = {str(path) for path in template.global_variable_paths()}
        except LiquidError as error:
            raise InvalidField(field, f"{field} is no Liquid template: {str(error).splitlines()[0]}.") from error
        refuse_unknown(names, field)
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
    return _compiled(script.text_en).render(**known), _compiled(script.text_zh).render(**known)


def _sample() -> Mapping[str, Mapping[str, object]]:
    visit = dict.fromkeys(("due_date", "topic", "contract_id", "case_id"), "x")
    return {"member": {"name": "x"}, "visit": {**visit, "round": 1, "tries": 1}}
