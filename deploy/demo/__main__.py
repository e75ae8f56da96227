"""The command behind `make demo`: python -m deploy.demo --help."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from deploy.demo import campaign, imports, loop, offers, promise, report
from deploy.demo.gateway import Gateway, Person
from deploy.demo.screen import Screen, Trouble, language
from deploy.demo.stage import Stage
from deploy.local import state, tokens
from deploy.local.sink_client import SinkClient
from services.chassis.clock import SystemClock

FAILED, INTERRUPTED = 1, 130
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def main(
    *,
    data: Annotated[Path, typer.Option(help="the DATA directory of the suite that runs")] = Path(".run"),
    lang: Annotated[Literal["zh", "en"] | None, typer.Option(help="language; default: that of $LANG")] = None,
    members: Annotated[Path, typer.Option(help="the member file")] = EXAMPLES / "members.csv",
    employees: Annotated[Path, typer.Option(help="the employee file")] = EXAMPLES / "employees.csv",
) -> None:
    """Play a day of customer care against a running suite. Running it again sends nothing twice."""
    screen = Screen(Console(highlight=False), language(lang or ""))
    try:
        _play(screen, data, members=members, employees=employees)
    except Trouble as trouble:
        screen.trouble(trouble)
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        screen.say(
            "Stopped. What is done stays done; run it again to go on.", "已中断。已完成的步骤会保留，可再次运行继续。"
        )
        raise typer.Exit(INTERRUPTED) from None


def _play(screen: Screen, data: Path, *, members: Path, employees: Path) -> None:
    suite = _suite(data)
    _check_sink(suite)
    stage = Stage(_gateway(suite, data), screen, SystemClock())
    make = "make" if data == Path(".run") else f"make DATA={data}"
    screen.console.print(f"[bold]MemberCare[/bold] {suite['graphql']}")
    before = campaign.found(stage)
    imports.import_employees(stage, employees)
    imported = imports.import_members(stage, members)
    story = loop.tell(stage)
    promise.tell(stage)
    offered = offers.tell(stage, SinkClient(suite["sink_url"]))
    after = campaign.run(stage, members_changed=imported.changed)
    report.show(stage, before, after=after)
    report.point_out(stage, (story, offered), ledger=after, base=suite["gateway"], make=make)


def _suite(data: Path) -> dict[str, Any]:
    try:
        return state.read(data)
    except state.NotRunning as absent:
        option = "" if data == Path(".run") else f" DATA={data}"
        raise Trouble(str(absent), f"{data} 上没有正在运行的套件。请先在另一个终端运行：make run{option}") from None


def _check_sink(suite: dict[str, Any]) -> None:
    if not suite["sink_url"]:
        raise Trouble(
            f"This suite sends its mail by {suite['smtp_url']}, a real server. The demo writes to invented people:"
            " start a suite without SMTP_URL for it, whose mail stays on this machine.",
            f"该套件通过真实邮件服务器 {suite['smtp_url']} 发信，而演示的收件人均为虚构。"
            "请另启一个未设置 SMTP_URL 的套件，其邮件不会离开本机。",
        )


def _gateway(suite: dict[str, Any], data: Path) -> Gateway:
    key, known = Path(suite["keys"]["dev_issuer"]), dict[Person, str]()

    def sign(who: Person) -> str:
        if who not in known:
            known[who] = tokens.token(key, list(who.roles), subject=who.subject)
        return known[who]

    try:
        sign(imports.OPS)
    except (tokens.Refused, OSError) as refusal:
        raise Trouble(f"Nobody can sign in: {refusal}", f"无法登录：{refusal}") from None
    return Gateway(suite["graphql"], sign, f"{data}/logs")


if __name__ == "__main__":
    typer.run(main)
