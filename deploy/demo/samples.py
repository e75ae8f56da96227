"""Queries to paste: what a person asks first once the demo has run."""

import json
import shlex

from deploy.demo.loop import INDICATOR


def member(member_id: str) -> str:
    """Return one member with everything that the four services know."""
    return f"""{{
  member(id: "{member_id}") {{
    name timeZone
    birthday {{ calendar month day leapMonth }}
    customer {{ name owner {{ name }} }}
    contracts {{ title state startDate endDate price {{ amount currencyCode }} }}
    touches {{ occurrence state reason dueTime campaign {{ name }} }}
    visits {{ dueDate state outcome satisfaction words }}
    cases {{ number kind state closedOnTime resolution assignee {{ name }} }}
  }}
}}"""


def not_reached(campaign_id: str) -> str:
    """Return the touches of a campaign that were skipped or failed."""
    return f"""{{
  skipped: touches(first: 20, filter: {{campaignId: "{campaign_id}", state: SKIPPED}}) {{
    nodes {{ reason date member {{ id name timeZone email }} }}
  }}
  failed: touches(first: 20, filter: {{campaignId: "{campaign_id}", state: FAILED}}) {{
    nodes {{ reason attempts member {{ id name email }} }}
  }}
}}"""


def explanation(campaign_id: str, member_id: str) -> str:
    """Return the verdict on one member, as of now."""
    return f"""{{
  explainMember(campaignId: "{campaign_id}", memberId: "{member_id}") {{
    verdict nextDate explanationEn explanationZh
  }}
}}"""


def membership(segment_id: str, member_id: str) -> str:
    """Return the verdict on one member, rule by rule."""
    return f"""{{
  explainMembership(segmentId: "{segment_id}", memberId: "{member_id}") {{
    holds reasons {{ depth holds ruleEn ruleZh foundEn foundZh }}
  }}
}}"""


def offers(campaign_ids: list[str]) -> str:
    """Return the touches of campaigns, each with its channel, its end, and why."""
    ledgers = "\n".join(
        f"""  offer{number}: touches(first: 30, filter: {{campaignId: "{campaign_id}"}}) {{
    nodes {{ channel state reasonEn reasonZh heldUntilTime fallbackToId campaign {{ name }} member {{ name }} }}
  }}"""
        for number, campaign_id in enumerate(campaign_ids, start=1)
    )
    return f"{{\n{ledgers}\n}}"


def consents(member_id: str) -> str:
    """Return every word on consent of one member."""
    return f"""{{
  consents(memberId: "{member_id}") {{ nodes {{ channel purpose granted source time recordedBy }} }}
}}"""


def figure(employee_id: str, month: str) -> str:
    """Return a figure of one employee with the facts behind it, each with its evidence."""
    return f"""{{
  employee(id: "{employee_id}") {{
    name manager {{ name }}
    indicator(key: "{INDICATOR}", month: "{month}") {{ numerator denominator rate intervalLow intervalHigh sufficient }}
  }}
  facts(filter: {{employeeId: "{employee_id}", indicator: "{INDICATOR}", month: "{month}"}}) {{
    nodes {{ numerator denominator occurredTime evidenceId }}
  }}
}}"""


def curl(url: str, make: str) -> str:
    """Return a line for the shell that signs in and asks."""
    body = json.dumps({"query": "{ viewer { subject roles } campaigns { nodes { name state plannedThrough } } }"})
    return (
        f'curl -s {url} -H "Authorization: Bearer $({make} -s token ROLE=ops)" \\\n'
        f"  -H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )
