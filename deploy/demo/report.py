"""The end of the demo: what became of every greeting, what waits and why, and the queries to look at it."""

from collections import Counter
from zoneinfo import ZoneInfo

from deploy.demo import samples
from deploy.demo.campaign import Ledger, Waiting
from deploy.demo.loop import Story
from deploy.demo.offers import Offers
from deploy.demo.screen import Screen, short
from deploy.demo.stage import COMPANY_ZONE, Stage
from deploy.demo.states import STATES
from services.care.domain.sending.reasons import REASON_WORDS


def show(stage: Stage, before: Ledger, *, after: Ledger) -> None:
    """Print what became of the greetings."""
    screen = stage.screen
    heads = (screen.words("State", "状态"), screen.words("Number", "数量"), screen.words("Reason", "原因"), "")
    rows = []
    for (state, reason), count in sorted(after.counts.items(), key=lambda each: list(STATES).index(each[0][0])):
        meaning = screen.words(*REASON_WORDS.get(reason, (reason, reason)))
        rows.append((screen.words(*STATES[state]), count, reason, meaning))
    screen.table(heads, rows, right=(1,))
    _show_waiting(screen, after.waiting)
    planned, sent = after.total - before.total, after.sent - before.sent
    if planned or sent:
        screen.say(
            f"In this run: {planned} new in the ledger, {sent} sent. Run the demo again: nobody is greeted twice.",
            f"本次运行：台账新增 {planned} 条，发送 {sent} 封。再次运行演示，也不会有人收到两次。",
        )
    else:
        screen.say(
            f"In this run: 0 new in the ledger, 0 sent. {after.sent} were sent before, and nobody is greeted twice.",
            f"本次运行：台账新增 0 条，发送 0 封。此前已发送 {after.sent} 封，不会有人收到两次。",
        )


def point_out(stage: Stage, told: tuple[Story, Offers], *, ledger: Ledger, base: str, make: str) -> None:
    """Print where to look: pages, queries to paste, and a line for the shell."""
    screen = stage.screen
    screen.title("Look for yourself", "亲自看看")
    screen.say(f"The messages: {base}/inbox", f"收到的邮件：{base}/inbox")
    screen.say(
        f"A place to ask: {base}/graphql in a browser; sign in with what `{make} token ROLE=ops` prints.",
        f"查询界面：在浏览器打开 {base}/graphql，用 `{make} token ROLE=ops` 打印的令牌登录。",
    )
    for (english, chinese), query in _queries(*told, campaign_id=ledger.campaign_id):
        screen.console.print()
        screen.say(english, chinese)
        screen.code(query)
    screen.console.print()
    screen.say("The same from a shell:", "在命令行中：")
    screen.code(samples.curl(f"{base}/graphql", make), "bash")


def _queries(story: Story, offers: Offers, *, campaign_id: str) -> list[tuple[tuple[str, str], str]]:
    return [
        (
            ("Everything about one member, over all four services:", "一位会员的全部信息，横跨四个服务："),
            samples.member(story.member_id),
        ),
        (("Who was not reached, and why:", "谁没有收到问候，原因是什么："), samples.not_reached(campaign_id)),
        (
            ("Why a member is, or is not, greeted:", "某位会员为什么会（或不会）收到问候："),
            samples.explanation(campaign_id, story.member_id),
        ),
        (
            ("Why somebody is not among those an offer is for:", "某人为什么不在活动人群中："),
            samples.membership(offers.segment_id, offers.outside_id),
        ),
        (
            (
                "What became of each offer: channels, stand-ins, what is held and until when:",
                "每条营销消息的结果：渠道、替代渠道、暂缓到何时：",
            ),
            samples.offers(offers.campaign_ids),
        ),
        (
            ("What a member agreed to and withdrew, with source and time:", "某位会员同意与撤回的记录，含来源与时间："),
            samples.consents(offers.unsubscribed_id),
        ),
        (
            ("A figure with its evidence (ROLE=hr):", "指标及其证据（ROLE=hr）："),
            samples.figure(story.employee_id, story.month),
        ),
    ]


def _why_waiting(attempts: int) -> tuple[str, str]:
    if attempts:
        return (
            f"the mail server put it off; try {attempts + 1} follows",
            f"邮件服务器暂缓接收，待第 {attempts + 1} 次尝试",
        )
    return "the day has not begun there", "当地尚未到发送时间"


def _show_waiting(screen: Screen, waiting: list[Waiting]) -> None:
    if not waiting:
        return
    screen.say("What waits, and for what:", "等待中的问候：")
    alike = Counter((each.due, each.time_zone, each.attempts) for each in waiting)
    heads = (
        screen.words("Leaves at (Shanghai)", "发出时间（上海）"),
        screen.words("There", "当地时间"),
        screen.words("Number", "数量"),
        screen.words("Because", "原因"),
    )
    rows = []
    for (due, zone, attempts), count in sorted(alike.items()):
        there = f"{due.astimezone(ZoneInfo(zone)):%m-%d %H:%M} {zone}" if zone else "-"
        rows.append((short(due.astimezone(COMPANY_ZONE)), there, count, screen.words(*_why_waiting(attempts))))
    screen.table(heads, rows, right=(2,))
