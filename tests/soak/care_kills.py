"""R1, care's part: random kills of care's processes and its database while touches are sent."""

import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from deploy.local.suite import Suite
from membercare.care.v1 import campaign_pb2, member_pb2
from membercare.care.v1 import care_service_pb2 as care
from tests.e2e.evidence import Evidence
from tests.e2e.patient import Patient, until
from tests.soak.figures import Figure, show

ZONE = "Asia/Shanghai"
VICTIMS = ("care-jobs", "care-dispatch", "care-dispatch", "care-rpc", "care-consumers", "mongod")
FAST = {"SWEEP_SECONDS": "0.5", "STRANDED_AFTER_SECONDS": "5", "DISPATCH_LEASE_SECONDS": "4"}
_SLICES = 20
_LEAST_PAUSE, _MOST_PAUSE = 0.5, 3.0
_PATIENCE = 900.0


@dataclass
class _Run:
    """Members come in slices, so that there is something to plan and to send at every kill."""

    suite: Suite
    patient: Patient
    name: str
    touches: int
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    stored: int = 0

    def go(self, kills: int) -> None:
        for number in range(kills):
            if number * _SLICES // kills >= self.stored * _SLICES // self.touches:
                self.import_slice()
            victim = self.chance.choice(VICTIMS)
            self.suite.kill9(victim)
            self.killed[victim] += 1
            time.sleep(self.chance.uniform(_LEAST_PAUSE, _MOST_PAUSE))
        while self.stored < self.touches:
            self.import_slice()

    def import_slice(self) -> None:
        """Import again what may be there already: a call that was killed may have done a part of its work."""
        today = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()
        numbers = range(self.stored, min(self.touches, self.stored + self.touches // _SLICES))
        rows = [
            f"{self.name}-{number},Member {number},{ZONE},1988-{today:%m-%d},{self.name}-{number}@example.com,true"
            for number in numbers
        ]
        content = "\n".join(["external_ref,name,time_zone,birthday,email,email_consent", *rows]).encode()
        self.patient.call(self.patient.care.ImportMembers, care.ImportMembersRequest(content=content))
        self.stored += len(rows)


def run(*, touches: int, kills: int, seed: int) -> bool:
    """Kill and count; return whether nothing was lost and nothing doubled."""
    name, began = uuid4().hex[:8], time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Suite(Path(folder), extra_env=FAST) as suite,
        Patient(suite) as patient,
        Evidence(suite, name) as evidence,
    ):
        campaign = _start_campaign(suite, patient)
        going = _Run(suite, patient, name, touches, random.Random(seed))
        going.go(kills)
        until(lambda: evidence.sent(campaign) == touches, seconds=_PATIENCE, what="every touch is sent")
        mails = evidence.recipients()
        figures = [
            Figure("kills", kills, going.killed.total()),
            Figure("touches in the ledger", touches, evidence.touches(campaign)),
            Figure("touches sent", touches, evidence.sent(campaign)),
            Figure("touches unknown", 0, evidence.touches(campaign, state="TOUCH_STATE_UNKNOWN")),
            Figure("mails at the provider", touches, len(mails)),
            Figure("mails doubled", 0, len(mails) - len(set(mails))),
        ]
    told = f"seed {seed}, {time.monotonic() - began:.0f} s, {dict(going.killed)}"
    return show("R1: random kills while touches are sent", told, figures=figures)


def _start_campaign(suite: Suite, patient: Patient) -> str:
    templates = [
        campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_EN, subject="Hello", body="{{ member.name }}"),
        campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_ZH_HANS, subject="您好", body="{{ member.name }}"),
    ]
    plan = campaign_pb2.CampaignPlan(send_at="00:00", catch_up_days=2, templates=templates)
    draft = patient.call(patient.care.CreateCampaign, care.CreateCampaignRequest(name="Birthdays", plan=plan)).campaign
    patient.call(patient.care.SubmitCampaign, care.SubmitCampaignRequest(campaign_id=draft.id))
    with Patient(suite, subject="approver") as approver:
        approver.call(approver.care.ApproveCampaign, care.ApproveCampaignRequest(campaign_id=draft.id))
    patient.call(patient.care.StartCampaign, care.StartCampaignRequest(campaign_id=draft.id))
    campaign_id: str = draft.id
    return campaign_id
