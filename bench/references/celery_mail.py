"""One Celery task for each mail, as many sites do it; it stores nothing. Runs in an environment of its own.

Arguments: port of the mail server, address of RabbitMQ, file with the words. Reads how many mails to send, a line each.
"""

import os
import smtplib
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from pathlib import Path

from celery import Celery
from liquid import Environment

app = Celery(broker=os.environ.get("BENCH_BROKER", ""))
app.conf.task_ignore_result = True
_SENDER = "MemberCare <care@membercare.example>"
_WORKER = (
    "worker",
    "--concurrency=2",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
    "--loglevel=ERROR",
)
_state = {}


@app.task(name="greet")
def greet(number):
    """Render, connect, send and say that it is done."""
    if not _state:
        _state["words"] = Environment().from_string(Path(os.environ["BENCH_WORDS"]).read_text())
        _state["done"] = os.open(os.environ["BENCH_DONE"], os.O_WRONLY)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = _SENDER, f"b{number}@example.com", "生日快乐"
    mail.set_content(_state["words"].render(member={"name": f"会员 {number}", "gender": "FEMALE"}))
    with smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_SMTP_PORT"])) as server:
        server.send_message(mail)
    os.write(_state["done"], b".")


def _send(count, done):
    for number in range(count):
        greet.delay(number)
    left = count
    while left:
        left -= len(os.read(done, left))


def main():
    """Serve until the input ends."""
    port, broker, words = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        fifo = f"{folder}/done"
        os.mkfifo(fifo)
        os.environ |= {"BENCH_BROKER": broker, "BENCH_WORDS": words, "BENCH_DONE": fifo, "BENCH_SMTP_PORT": port}
        app.conf.broker_url = broker
        done = os.open(fifo, os.O_RDWR)
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "celery_mail", *_WORKER],
            cwd=Path(__file__).parent,
            stdout=sys.stderr,
        )
        try:
            _send(10, done)  # the worker is up, and every process of it has begun
            print("ready", flush=True)
            for line in sys.stdin:
                _send(int(line), done)
                print("done", flush=True)
        finally:
            worker.terminate()
            worker.wait()


if __name__ == "__main__":
    main()
