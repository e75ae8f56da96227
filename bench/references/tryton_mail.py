"""Tryton marketing_automation: a scenario finds its parties, its activity mails them. In an environment of its own.

Arguments: port of the mail server, how many mails one call sends, how many calls there will be. A line is a call.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

_ACTIVITY = """<html xmlns:py="http://genshi.edgewall.org/"><body><p>亲爱的${record.name}：</p>
<p>祝您生日快乐，万事如意！<span py:if="record.active">祝女士青春永驻。</span></p></body></html>"""


def _make_database(folder, port):
    settings, secret = Path(folder, "trytond.conf"), Path(folder, "secret")
    settings.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n"
        f"[email]\nuri = smtp://127.0.0.1:{port}\nfrom = care@membercare.example\n"
    )
    secret.write_text("bench")
    Path(folder, "care.sqlite").touch()
    admin = [str(Path(sys.executable).with_name("trytond-admin")), "-c", str(settings), "-d", "care"]
    modules = ["-u", "marketing_automation", "party", "--activate-dependencies", "--email", "a@example.com"]
    environment = os.environ | {"TRYTONPASSFILE": str(secret)}
    subprocess.run([*admin, *modules], env=environment, check=True, stdout=sys.stderr)
    return str(settings)


def _fill(pool, *, count, calls):
    """Store the parties of every call, and a scenario with its activity for each call."""
    party, scenario, activity = (
        pool.get(name) for name in ("party.party", "marketing.automation.scenario", "marketing.automation.activity")
    )
    made = []
    for call in range(calls):
        party.create(
            [
                {
                    "name": f"会员 {number}",
                    "code": f"{call}-{number}",
                    "contact_mechanisms": [("create", [{"type": "email", "value": f"b{number}@example.com"}])],
                }
                for number in range(count)
            ]
        )
        domain = f'[["code", "like", "{call}-%"]]'
        [each] = scenario.create([{"name": f"Birthday {call}", "model": "party.party", "domain": domain}])
        greeting = {"name": "Greeting", "parent": str(each), "action": "send_email", "email_title": "生日快乐"}
        activity.create([greeting | {"email_template": _ACTIVITY}])
        made.append(each.id)
        scenario.run([each])
    return made


def _send(pool, scenario_id, *, call, count):
    """Do what the two cron jobs do, for one scenario."""
    from trytond.transaction import Transaction
    from trytond.worker import run_task

    with Transaction().start("care", 1):
        scenario = pool.get("marketing.automation.scenario")
        scenario.trigger([scenario(scenario_id)])
    with Transaction().start("care", 1) as transaction:
        pool.get("marketing.automation.record.activity").process()
        tasks = transaction.tasks
    while tasks:
        run_task("care", tasks.pop())
    with Transaction().start("care", 1, readonly=True):
        sent = pool.get("ir.email").search([("resource.code", "like", f"{call}-%", "party.party")], count=True)
        if sent != count:
            raise RuntimeError(f"{sent} of {count} mails were sent")


def main():
    """Serve until the input ends."""
    port, count, calls = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        settings = _make_database(folder, port)
        import trytond.config

        trytond.config.update_etc(settings)
        from trytond.pool import Pool
        from trytond.transaction import Transaction

        Pool.start()
        pool = Pool("care")
        pool.init()
        with Transaction().start("care", 1):
            scenarios = _fill(pool, count=int(count), calls=int(calls))
        print("ready", flush=True)
        for call, _ in enumerate(sys.stdin):
            _send(pool, scenarios[call], call=call, count=int(count))
            print("done", flush=True)


if __name__ == "__main__":
    main()
