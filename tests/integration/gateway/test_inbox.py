import smtplib
from email.message import EmailMessage

import httpx

from deploy.local.keys import Keys
from deploy.local.sink_client import SinkProcess
from tests.integration.gateway.process import gateway

NOBODY = {f"{name}_address": "127.0.0.1:1" for name in ("contracts", "care", "feedback", "kpi")}


def test_a_message_that_the_sink_took_is_shown_in_the_inbox(sink: SinkProcess, suite_keys: Keys) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "care@example.com",
        "inbox-page@example.com",
        "生日快乐，王芳！",
    )
    message["Message-ID"] = "<inbox-page-1@example.com>"
    message.set_content("亲爱的王芳：祝您生日快乐！ <b>")
    with smtplib.SMTP("127.0.0.1", sink.smtp_port) as smtp:
        smtp.send_message(message)
    with gateway(suite_keys, NOBODY, INBOX_URL=sink.http_url) as process:
        listed = httpx.get(f"{process.url}/inbox", params={"to": "inbox-page@example.com", "lang": "zh"})
        assert "收件箱" in listed.text
        assert "生日快乐，王芳！" in listed.text
        path = listed.text.split('href="/inbox/')[2].split('"')[0]
        shown = httpx.get(f"{process.url}/inbox/{path.replace('&amp;', '&')}")
        assert "亲爱的王芳：祝您生日快乐！ &lt;b&gt;" in shown.text
        assert httpx.get(f"{process.url}/inbox/999999").status_code == 404


def test_there_is_no_inbox_in_production(suite_keys: Keys) -> None:
    production = {
        "ENV": "production",
        "DEV_ISSUER_KEY_FILE": "",
        "OIDC_ISSUER": "https://id.example",
        "OIDC_AUDIENCE": "membercare",
        "OIDC_JWKS_URL": "http://127.0.0.1:1/keys",
    }
    with gateway(suite_keys, NOBODY, **production) as process:
        assert httpx.get(f"{process.url}/inbox").status_code == 404
        assert httpx.get(f"{process.url}/health").status_code == 200
