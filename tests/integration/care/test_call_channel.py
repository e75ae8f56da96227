from dataclasses import replace
from zoneinfo import ZoneInfo

from services.care.app.visits import build_plan_call
from services.care.clients.call_tasks import CallTaskSender
from services.care.config import Settings
from services.care.ports.sending import Handover
from tests.integration.care.channels import a_message
from tests.integration.care.greetings import Greetings


async def test_a_touch_by_phone_becomes_one_task_in_the_call_list_however_often_it_is_handed_over(
    greetings: Greetings, care_settings: Settings
) -> None:
    member = greetings.member(phone="+8613800138000")
    message = a_message(channel="call", to=member.phone)
    assert message.touch is not None
    message = replace(message, touch=replace(message.touch, member_id=member.id))
    plan_call = build_plan_call(care_settings, greetings.clock)
    sender = CallTaskSender(plan_call, greetings.clock, ZoneInfo("Asia/Shanghai"))
    for _ in range(2):
        assert await sender.send([message], lambda: True) == [Handover.ACCEPTED]
    (visit,) = greetings.database["visits"].find()
    assert (visit["member_id"], visit["due_date"]) == (member.id, "2026-11-22")
    assert await sender.send([message], lambda: False) == [Handover.NOT_REACHED]
