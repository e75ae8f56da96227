"""django-post_office: mails are stored by send_many and sent by send_queued. Runs in an environment of its own.

Arguments: port of the mail server, file with the words. Reads how many mails to send, a line each.
"""

import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

_BATCH = 1_000


def _configure(folder, port):
    settings.configure(
        INSTALLED_APPS=["post_office"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/db.sqlite"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={"BATCH_SIZE": _BATCH, "THREADS_PER_PROCESS": 5, "CELERY_ENABLED": False},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def _send(count, template):
    from post_office import mail

    for first in range(0, count, _BATCH):
        mails = [
            {
                "recipients": [f"b{number}@example.com"],
                "sender": "MemberCare <care@membercare.example>",
                "template": template,
                "context": {"member": {"name": f"会员 {number}", "gender": "FEMALE"}},
            }
            for number in range(first, min(count, first + _BATCH))
        ]
        mail.send_many(mails)
    sent = 0
    while sent < count:
        told = mail.send_queued()
        if told[1:] != (0, 0):
            raise RuntimeError(f"sent, failed, requeued: {told}")
        sent += told[0]


def main():
    """Serve until the input ends."""
    port, words = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        _configure(folder, int(port))
        from post_office.models import EmailTemplate

        template = EmailTemplate.objects.create(name="birthday", subject="生日快乐", content=Path(words).read_text())
        _send(10, template)
        print("ready", flush=True)
        for line in sys.stdin:
            _send(int(line), template)
            print("done", flush=True)


if __name__ == "__main__":
    main()
