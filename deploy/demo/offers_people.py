"""Whom the offers of the demo are for: a file with their consent, and hours that hold whatever the clock says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from deploy.demo.persons import chinese, english
from deploy.demo.stage import COMPANY_ZONE

WINTER, COURSE = "demo-winter", "demo-course"
"""Tags of the two groups."""
SLEEPER, LEAVER, CLOSED = "DEMO-W5", "DEMO-W4", "DEMO-W6"
"""Who lives where it is quiet now, who unsubscribes, and who must not be contacted."""
INVITED = 24
"""Halved by lot: that nobody, or everybody, is in the control group happens once in eight million demos."""
_MORNING, _EVENING = "Pacific/Guadalcanal", "Asia/Dubai"
"""Three hours before the others and four behind them; neither puts its clock forward or back."""
_NOON = 12
_BEFORE, _AFTER = timedelta(minutes=5), timedelta(minutes=90)
_HEADER = "external_ref,name,gender,language,time_zone,email,phone,tags,sms_marketing,email_marketing,do_not_contact"


def sleepers_zone(now: datetime) -> str:
    """Return a zone with the same date as the company's, where a quiet time around now does not touch midnight.

    So her day has begun and is not over, and the cap of a day holds both of her messages.
    """
    return _MORNING if now.astimezone(COMPANY_ZONE).hour < _NOON else _EVENING


def quiet_around(now: datetime, zone: str) -> tuple[str, str]:
    """Return the wall times, `HH:MM`, of a quiet time in which now lies where the clock shows the zone's time."""
    local = now.astimezone(ZoneInfo(zone))
    return f"{local - _BEFORE:%H:%M}", f"{local + _AFTER:%H:%M}"


def file(now: datetime) -> str:
    """Return the member file. All but one live at the company's hours, so that their day is the company's.

    The numbers are of the range that is kept for films: nobody has them.
    """
    here, there, sleeps = "Asia/Singapore", "Australia/Perth", sleepers_zone(now)
    rows = (
        f"DEMO-W1,陈静怡,F,zh,{here},jingyi@example.com,+61491570156,{WINTER},yes,yes,no",
        f"DEMO-W2,Olivia Grant,F,en,{there},olivia@example.com,+61491570157,{WINTER},yes,yes,no",
        f"DEMO-W3,林国栋,M,zh,{here},guodong@example.com,,{WINTER},yes,yes,no",
        f"{LEAVER},Jack Nolan,M,en,{there},jack@example.com,+61491570158,{WINTER},no,yes,no",
        f"{SLEEPER},Nadia Rahman,F,en,{sleeps},nadia@example.com,+61491570159,{WINTER},yes,yes,no",
        f"{CLOSED},何晓梅,F,zh,{here},xiaomei@example.com,+61491570110,{WINTER},yes,yes,yes",
    )
    return "\n".join((_HEADER, *rows, *_invited())) + "\n"


def _invited() -> Iterator[str]:
    rng = Random(4)  # noqa: S311  # the same people at every run
    for number in range(1, INVITED + 1):
        is_chinese = number % 2 == 0
        person = chinese(rng) if is_chinese else english(rng)
        home = "zh,Asia/Singapore" if is_chinese else "en,Australia/Perth"
        yield f'DEMO-C{number:02d},"{person.name}",,{home},course{number}@example.com,,{COURSE},no,yes,no'
