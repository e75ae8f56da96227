"""What became of the offers of the demo, from the ledger: one line for each member, with the reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deploy.demo import offers_documents as asked
from deploy.demo.campaign import AUTHOR
from deploy.demo.screen import short
from deploy.demo.stage import Stage
from deploy.demo.states import STATES

_MANY = 10
"""From so many on, members are counted and not named."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A campaign with its touches."""

    id: str
    name: str
    touches: list[Any]


def deliveries(offer: Offer) -> int:
    """Return how many messages left."""
    return sum(each["state"] in {"SENT", "DELIVERED"} for each in offer.touches)


def settled(stage: Stage, offer: Offer, *, least: int) -> Offer:
    """Return the offer once each of so many members is told, skipped or held, and each stand-in as well."""

    def look() -> Offer | None:
        touches = stage.gateway.ask(AUTHOR, asked.TOUCHES, id=offer.id)["touches"]["nodes"]
        ids = {each["id"] for each in touches}
        ended = all(
            each["state"] != "PLANNED" and (each["fallbackToId"] is None or each["fallbackToId"] in ids)
            for each in touches
        )
        return (
            Offer(offer.id, offer.name, touches)
            if ended and len({each["member"]["externalRef"] for each in touches}) >= least
            else None
        )

    return stage.until(
        look,
        english=f"Waiting for what becomes of {offer.name}.",
        chinese=f"等待 {offer.name} 的处理结果。",
        log="care-dispatch",
    )


def show(stage: Stage, offer: Offer) -> None:
    """Print what became of each, or how many met the same end."""
    screen = stage.screen
    screen.say(offer.name, offer.name)
    counted = Counter(
        (
            "" if len(offer.touches) > _MANY else each["member"]["name"],
            each["member"]["language"],
            each["channel"],
            screen.words(*STATES[each["state"]]),
            screen.words(*_why(each)),
        )
        for each in sorted(offer.touches, key=_order)
    )
    heads = (
        screen.words("Member", "会员"),
        screen.words("Language", "语言"),
        screen.words("Channel", "渠道"),
        screen.words("State", "状态"),
        screen.words("Why", "原因"),
    )
    rows = [(name or f"{count} x", *others) for (name, *others), count in counted.items()]
    screen.table(heads, rows)


def _order(touch: Any) -> tuple[str, str, bool]:
    many = touch["member"]["externalRef"].startswith("DEMO-C")
    return ("" if many else touch["member"]["externalRef"], touch["state"], touch["fallbackOfId"] is not None)


def _why(touch: Any) -> tuple[str, str]:
    if touch["state"] == "HELD":
        until = datetime.fromisoformat(touch["heldUntilTime"]).astimezone(ZoneInfo(touch["member"]["timeZone"]))
        zone = touch["member"]["timeZone"]
        return (
            f"held until {short(until)} {zone}: {touch['reasonEn']}",
            f"暂缓至 {zone} 时间 {short(until)}：{touch['reasonZh']}",
        )
    if touch["fallbackToId"]:
        return f"{touch['reasonEn']} Another channel takes over.", f"{touch['reasonZh']}改用其他渠道。"
    if touch["fallbackOfId"] and not touch["reasonEn"]:
        return "in place of the channel before", "替代上一渠道"
    return touch["reasonEn"] or "", touch["reasonZh"] or ""
