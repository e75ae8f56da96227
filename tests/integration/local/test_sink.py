import smtplib
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.sink_client import SinkProcess


def send(sink: SinkProcess, *recipients: str, message_id: str = "", subject: str = "Happy birthday") -> None:
    message = EmailMessage()
    message["Message-ID"] = message_id or f"<{uuid4().hex}@membercare>"
    message["Subject"] = subject
    message["From"] = "care@example.com"
    message["To"] = recipients[0]
    message.set_content("生日快乐")
    with smtplib.SMTP("127.0.0.1", sink.smtp_port, timeout=10) as client:
        client.sendmail("care@example.com", recipients, message.as_bytes())


def somebody(name: str = "anna") -> str:
    return f"{name}.{uuid4().hex[:8]}@example.com"


def test_an_accepted_message_is_shown_with_its_readable_subject(sink: SinkProcess) -> None:
    to = somebody()
    send(sink, to, message_id="<greeting-1@membercare>", subject="生日快乐")
    (kept,) = sink.messages(to=to)
    assert (kept["message_id"], kept["from"], kept["subject"]) == (
        "greeting-1@membercare",
        "care@example.com",
        "生日快乐",
    )
    assert b"greeting-1@membercare" in sink.content(kept["id"])


def test_a_message_that_comes_twice_is_counted_twice(sink: SinkProcess) -> None:
    to, before = somebody(), sink.stats()["doubled"]
    send(sink, to, message_id="<twice@membercare>")
    send(sink, to, message_id="<twice@membercare>")
    assert sink.count("<twice@membercare>") == 2
    assert sink.stats()["doubled"] == before + 1


def test_a_message_that_never_came_counts_zero(sink: SinkProcess) -> None:
    assert sink.count("never@membercare") == 0


def test_one_message_to_two_people_is_two_deliveries(sink: SinkProcess) -> None:
    send(sink, somebody(), somebody(), message_id="<both@membercare>")
    assert sink.count("both@membercare") == 2


def test_a_permanent_refusal_is_550_and_keeps_nothing(sink: SinkProcess) -> None:
    to = somebody("permanent")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sink, to)
    assert refused.value.recipients[to][0] == 550
    assert sink.messages(to=to) == []


def test_a_temporary_refusal_is_451_as_often_as_scripted_and_then_accepted(sink: SinkProcess) -> None:
    to = somebody("temporary-2-anna")
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(sink, to)
        assert refused.value.recipients[to][0] == 451
        assert sink.messages(to=to) == []
    send(sink, to)
    assert len(sink.messages(to=to)) == 1


def test_what_was_answered_with_250_survives_a_kill(tmp_path: Path) -> None:
    sink = SinkProcess(tmp_path).start()
    to = somebody("temporary-1-anna")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(sink, to)
    send(sink, somebody(), message_id="<kept@membercare>")
    sink.kill9()
    sink.start()
    send(sink, to)  # its one refusal was spent before the kill
    assert sink.count("kept@membercare") == 1
    sink.stop()


def test_pages_follow_one_another(sink: SinkProcess) -> None:
    to = somebody()
    for number in range(3):
        send(sink, to, subject=str(number))
    first = sink.messages(to=to, limit=2)
    rest = sink.messages(to=to, after=first[-1]["id"])
    assert [one["subject"] for one in [*first, *rest]] == ["0", "1", "2"]
    assert [one["subject"] for one in sink.messages(to=to, order="newest", limit=1)] == ["2"]
