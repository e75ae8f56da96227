"""What the offers of the demo say, to whom, and by which channels: the plans of four campaigns."""

from datetime import date
from typing import Any

WINTER = "冬季保养 Winter service"
NEWS = "配件快讯 Parts newsletter"
TASTING = "新品茶会 Tea for the new model"
COURSE = "操作培训 Operator course"


def winter(day: date, segment_id: str) -> dict[str, Any]:
    """By text message, and by e-mail for whoever cannot be reached so."""
    return {
        **_once(day, segment_id, channels=["SMS", "EMAIL"], priority=80),
        "templates": [
            {
                "language": "ZH_HANS",
                "channel": "SMS",
                "body": "{{ member.name }}您好，冬季保养本月八折。拒收请回复R",
            },
            {
                "language": "EN",
                "channel": "SMS",
                "body": "Hello {{ member.name }}, winter service is 20% off this month. Reply STOP to opt out",
            },
            *_mails(
                ("冬季保养八折", "{{ member.name }}您好：\n\n冬季保养本月八折。"),
                ("Winter service, 20% off", "Hello {{ member.name }},\n\nwinter service is 20% off this month."),
            ),
        ],
    }


def news(day: date, segment_id: str) -> dict[str, Any]:
    """To the same people on the same day, and less important."""
    return {
        **_once(day, segment_id, channels=["EMAIL"], priority=20),
        "templates": _mails(
            ("配件快讯", "{{ member.name }}您好：\n\n本月新到滤芯与皮带。"),
            ("Parts newsletter", "Hello {{ member.name }},\n\nnew filters and belts have come in."),
        ),
    }


def tasting(day: date, segment_id: str) -> dict[str, Any]:
    """Cheerful, on a day that is not."""
    return {
        **_once(day, segment_id, channels=["EMAIL"], priority=50),
        "cheerful": True,
        "blackout": "DROP",
        "templates": _mails(
            ("新品茶会", "{{ member.name }}您好：\n\n诚邀您参加新品茶会。"),
            ("Tea for the new model", "Hello {{ member.name }},\n\ncome and have tea with our new model."),
        ),
    }


def course(day: date, segment_id: str) -> dict[str, Any]:
    """To one half; the other half is what the effect is measured against."""
    return {
        **_once(day, segment_id, channels=["EMAIL"], priority=50),
        "holdout": {"basisPoints": 5000},
        "goal": {"act": "course_booked", "windowDays": 14},
        "templates": _mails(
            ("操作培训", "{{ member.name }}您好：\n\n操作培训开始报名。"),
            ("Operator course", "Hello {{ member.name }},\n\nyou can now book the operator course."),
        ),
    }


def _once(day: date, segment_id: str, *, channels: list[str], priority: int) -> dict[str, Any]:
    return {
        "sendAt": "00:00",  # has begun wherever the members live, whatever the time of the demo
        "catchUpDays": 2,
        "trigger": {"oneOff": {"date": day.isoformat()}},
        "audience": {"segmentId": segment_id},
        "channels": channels,
        "purpose": "MARKETING",
        "cheerful": False,
        "priority": priority,
    }


def _mails(chinese: tuple[str, str], english: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            "channel": "EMAIL",
            "subject": subject,
            "body": f"{body}\n\n{way_out} {{{{ links.unsubscribe }}}}",
        }
        for language, (subject, body), way_out in (
            ("ZH_HANS", chinese, "退订："),
            ("EN", english, "Unsubscribe:"),
        )
    ]
