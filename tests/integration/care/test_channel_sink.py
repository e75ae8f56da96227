"""A laptop's default: the local sink keeps what leaves by any channel, and nothing leaves the machine."""

import json
import urllib.error
import urllib.request
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from deploy.local.__main__ import channel_of
from deploy.local.sink_client import SinkProcess
from services.care.clients.pooled_http import PooledHttp
from services.care.clients.providers.http_sender import HttpSender
from services.care.clients.providers.local_sink import SinkDialect
from services.care.domain.channels import Channel
from services.care.ports.sending import Handover
from tests.fakes.clock import FrozenClock
from tests.integration.care.channels import a_message
from tests.unit.care.providers import NOON


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WECOM, Channel.WECHAT, Channel.WEBHOOK])
async def test_the_sink_keeps_the_messages_of_every_channel(sink: SinkProcess, channel: Channel) -> None:
    http = PooledHttp()
    to = f"to-{uuid4().hex}"
    message = a_message(to=to, subject="", body="您好，生日快乐。\n拒收请回复R")
    sender = HttpSender(SinkDialect(sink.http_url, channel), http, FrozenClock(NOON))
    assert await sender.send([message], lambda: True) == [Handover.ACCEPTED]
    await http.close()
    (kept,) = sink.messages(to=to)
    assert (kept["from"], kept["subject"], channel_of(kept)) == (channel.value, "您好，生日快乐。", channel.value)
    assert sink.count(message.message_id.strip("<>")) >= 1
    shown = message_from_bytes(sink.content(kept["id"]), policy=policy.default)
    assert shown.get_content().splitlines() == ["您好，生日快乐。", "拒收请回复R"]


def test_what_is_no_message_of_a_channel_is_refused_and_not_kept(sink: SinkProcess) -> None:
    before = sink.stats()["deliveries"]
    for path, body in (
        ("/channels/fax", b"{}"),
        ("/channels/sms", b"{}"),
        ("/channels/sms", b"[1]"),
        ("/channels/sms", b"x"),
    ):
        asked = urllib.request.Request(f"{sink.http_url}{path}", data=body, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=10)
        assert refused.value.code == 400
        assert "error" in json.load(refused.value)
    assert sink.stats()["deliveries"] == before
