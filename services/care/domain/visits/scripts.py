"""What is said in a call: templates by code, in two languages, with what is known of the customer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from services.chassis import checks
from services.chassis.errors import InvalidField

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
MOST_TITLE, MOST_TEXT = 100, 4_000
VARIABLES = (
    "member.name",
    "visit.due_date",
    "visit.topic",
    "visit.contract_id",
    "visit.case_id",
    "visit.round",
    "visit.tries",
)
"""What a script may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScript:
    """One script; the id is its code."""

    id: str
    title_en: str
    title_zh: str
    text_en: str
    """Liquid."""
    text_zh: str
    update_time: datetime | None = None
    version: int = 0
    """0: as it came with the product."""
    events: tuple[object, ...] = ()

    def checked(self) -> "CallScript":
        """Return it, or refuse with INVALID_FIELD."""
        return replace(
            self,
            id=checked_code(self.id, "script.code"),
            title_en=checks.line(self.title_en, "script.title_en", least=1, most=MOST_TITLE),
            title_zh=checks.line(self.title_zh, "script.title_zh", least=1, most=MOST_TITLE),
            text_en=checks.text(self.text_en, "script.text_en", least=1, most=MOST_TEXT),
            text_zh=checks.text(self.text_zh, "script.text_zh", least=1, most=MOST_TEXT),
        )


def checked_code(value: str, field: str) -> str:
    """Return the code, or refuse with INVALID_FIELD."""
    if not _CODE.fullmatch(value):
        raise InvalidField(field, f"{field} must be 2 to 40 small letters, digits and _.")
    return value


_BUILT_IN = (
    CallScript(
        id="after_activation",
        title_en="After the start of a contract",
        title_zh="合同生效后回访",
        text_en="""Hello, am I speaking with {{ member.name }}? Your contract has just begun.
1. Do you know how to reach us, and what the contract covers?
2. Has everything that was promised been done?
3. From 1 to 5, how content are you so far? Why?""",
        text_zh="""您好，请问是{{ member.name }}吗？您的服务合同刚刚生效。
1. 您是否清楚如何联系我们、合同包含哪些服务？
2. 承诺的事项是否都已落实？
3. 满分 5 分，您目前给几分？为什么？""",
    ),
    CallScript(
        id="after_delivery",
        title_en="After a delivery",
        title_zh="交付后回访",
        text_en="""Hello, am I speaking with {{ member.name }}? Your delivery has arrived: {{ visit.topic }}.
1. Was everything complete and in order?
2. Was the handling explained to you?
3. From 1 to 5, how content are you? Why?""",
        text_zh="""您好，请问是{{ member.name }}吗？您订购的产品已经送达：{{ visit.topic }}。
1. 货品是否齐全、完好？
2. 是否向您讲解过使用方法？
3. 满分 5 分，您给几分？为什么？""",
    ),
    CallScript(
        id="after_service",
        title_en="After a service",
        title_zh="服务后回访",
        text_en="""Hello, am I speaking with {{ member.name }}? We have been with you for {{ visit.topic }}.
1. Does everything work since?
2. Was the price as agreed before the work?
3. From 1 to 5, how content are you? Why?""",
        text_zh="""您好，请问是{{ member.name }}吗？我们刚为您完成服务：{{ visit.topic }}。
1. 之后使用是否正常？
2. 收费是否与事先确认的一致？
3. 满分 5 分，您给几分？为什么？""",
    ),
    CallScript(
        id="confirm",
        title_en="Is it really mended?",
        title_zh="处理结果确认",
        text_en="""Hello, am I speaking with {{ member.name }}? You told us of a problem; we think it is solved.
1. Is it really solved? If not: in your own words, what is still wrong?
2. From 1 to 5, how content are you with the way it was handled?""",
        text_zh="""您好，请问是{{ member.name }}吗？您之前反映的问题，我们这边显示已经处理完毕。
1. 问题是否真的解决了？如果没有，请您说说还有哪里不满意。
2. 对处理过程，满分 5 分，您给几分？""",
    ),
    CallScript(
        id="service_plan",
        title_en="Visit of the service plan",
        title_zh="年度服务计划回访",
        text_en="""Hello, am I speaking with {{ member.name }}? As planned for this year: {{ visit.topic }}.
1. How are things since we last spoke?
2. What should we do differently?
3. From 1 to 5, how content are you? Why?""",
        text_zh="""您好，请问是{{ member.name }}吗？按照今年的服务计划与您联系：{{ visit.topic }}。
1. 上次联系之后一切是否顺利？
2. 有哪些地方希望我们改进？
3. 满分 5 分，您给几分？为什么？""",
    ),
)
BUILT_IN: Mapping[str, CallScript] = MappingProxyType({script.id: script for script in _BUILT_IN})


def refuse_unknown(names: frozenset[str], field: str) -> None:
    """Refuse with INVALID_FIELD a script that names what nobody knows."""
    unknown = sorted(names - set(VARIABLES))
    if unknown:
        raise InvalidField(field, f"{field} names {', '.join(unknown)}. Known are {', '.join(VARIABLES)}.")
