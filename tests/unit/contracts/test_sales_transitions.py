"""Every verb in every state of leads, opportunities, quotes and orders: what is not allowed here is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.contracts.domain.sales.follow_ups import MOST_KEPT, FollowUpDetails
from services.contracts.domain.sales.lead import DisqualifyReason, Lead, LeadDetails, LeadSource, LeadState
from services.contracts.domain.sales.opportunity import Correction, Opportunity, OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import LossReason, OpportunityKind, OpportunityStage, WinReason
from services.contracts.domain.sales.order import Order
from services.contracts.domain.sales.order_milestones import Done, OrderMilestone, started
from services.contracts.domain.sales.quote import Quote, QuoteContent, Written
from services.contracts.domain.sales.quote_lines import QuoteLineDetails
from services.contracts.domain.sales.quote_states import QuoteState
from services.contracts.domain.sales.sales_errors import OpportunityNotOpen, SalesTransitionRefused
from services.contracts.domain.terms.money import Money
from tests.unit.contracts.said.sales import accepted_quote

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
TODAY = NOW.date()
CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
EMPLOYEE = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"
NOTE = FollowUpDetails(note="Called.")
DONE = Done(author="wei", now=NOW, today=TODAY)
PUMP = QuoteLineDetails(description="Pump", unit_price=Money("CNY", 100))
CONTENT = QuoteContent(title="Pump", lines=(PUMP,), start_date="2026-06-01", sign_by="2026-05-20")
WRITTEN = Written(author="sophie", now=NOW, today=TODAY)


def a_lead(state: str) -> Lead:
    details = LeadDetails(source=LeadSource.WEB, contact="Wang Fang")
    lead = Lead.written("led_01JTDB8D40CQS3K9Q8YV1H2T3A", details, author="sophie", now=NOW)
    return replace(lead, state=LeadState(state))


def an_opportunity(stage: str) -> Opportunity:
    details = OpportunityDetails(kind=OpportunityKind.NEW, title="Pumps", customer_id=CUSTOMER)
    deal = Opportunity.opened("opp_01JTDB8D40CQS3K9Q8YV1H2T3A", details, author="sophie", now=NOW)
    return replace(deal, stage=OpportunityStage(stage))


def a_quote(state: str) -> Quote:
    quote_id = "quo_01JTDB8D40CQS3K9Q8YV1H2T3A"
    quote = Quote.drafted(quote_id, an_opportunity("proposing"), content=CONTENT, written=WRITTEN)
    return replace(quote, state=QuoteState(state), versions=(replace(quote.current, state=QuoteState(state)),))


def an_order(milestone: str) -> Order:
    order = Order.of_quote(accepted_quote(), [], done=DONE)
    return replace(order, milestone=OrderMilestone(milestone), milestones=started(DONE))


LEADS: dict[str, Callable[[Lead], Lead]] = {
    "assign": lambda lead: lead.assign(EMPLOYEE, now=NOW),
    "follow_up": lambda lead: lead.follow_up(NOTE, author="sophie", now=NOW),
    "qualify": lambda lead: lead.qualify("opp_x", CUSTOMER, now=NOW),
    "disqualify": lambda lead: lead.disqualify(DisqualifyReason.SPAM, "", now=NOW),
    "reopen": lambda lead: lead.reopen(NOW),
}
OPPORTUNITIES: dict[str, Callable[[Opportunity], Opportunity]] = {
    "update": lambda deal: deal.update(Correction(mask=("title",), title="More"), now=NOW),
    "follow_up": lambda deal: deal.follow_up(NOTE, author="sophie", now=NOW),
    "propose": lambda deal: deal.propose("sophie", now=NOW),
    "negotiate": lambda deal: deal.negotiate("sophie", now=NOW),
    "win": lambda deal: deal.win(WinReason.PRICE, "", author="sophie", now=NOW),
    "lose": lambda deal: deal.lose(LossReason.PRICE, "", author="sophie", now=NOW),
    "reopen": lambda deal: deal.reopen("sophie", now=NOW),
}
QUOTES: dict[str, Callable[[Quote], Quote]] = {
    "revise": lambda quote: quote.revise(CONTENT, written=WRITTEN),
    "approve": lambda quote: quote.approve("anna", today=TODAY, now=NOW),
    "send": lambda quote: quote.send(today=TODAY, now=NOW),
    "accept": lambda quote: quote.accept("Wang Fang", 0, today=TODAY, now=NOW),
    "void": lambda quote: quote.void("No.", now=NOW),
}
ORDERS: dict[str, Callable[[Order], Order]] = {
    "plan": lambda order: order.plan([(OrderMilestone.ACCEPTED, "2026-07-01")], now=NOW),
    "start": lambda order: order.start(done=DONE),
    "ship": lambda order: order.ship("SF", "1", done=DONE),
    "deliver": lambda order: order.deliver({}, done=DONE),
    "accept": lambda order: order.accept("Wang Fang", [], done=DONE),
    "cancel": lambda order: order.cancel("No budget.", by="wei", now=NOW),
}
ALLOWED: dict[str, dict[str, dict[str, str]]] = {
    "lead": {
        "new": {"assign": "new", "follow_up": "working", "qualify": "qualified", "disqualify": "disqualified"},
        "working": {"assign": "working", "follow_up": "working", "qualify": "qualified", "disqualify": "disqualified"},
        "qualified": {},
        "disqualified": {"reopen": "working"},
    },
    "opportunity": {
        "qualifying": {
            "update": "qualifying",
            "follow_up": "qualifying",
            "propose": "proposing",
            "win": "won",
            "lose": "lost",
        },
        "proposing": {
            "update": "proposing",
            "follow_up": "proposing",
            "negotiate": "negotiating",
            "win": "won",
            "lose": "lost",
        },
        "negotiating": {
            "update": "negotiating",
            "follow_up": "negotiating",
            "propose": "proposing",
            "win": "won",
            "lose": "lost",
        },
        "won": {},
        "lost": {"reopen": "qualifying"},
    },
    "quote": {
        "draft": {"revise": "draft", "approve": "approved", "void": "void"},
        "approved": {"revise": "draft", "send": "sent", "void": "void"},
        "sent": {"revise": "draft", "accept": "accepted", "void": "void"},
        "accepted": {},
        "void": {"revise": "draft"},
    },
    "order": {
        "planned": {"plan": "planned", "start": "in_production", "cancel": "cancelled"},
        "in_production": {"plan": "in_production", "ship": "shipped", "cancel": "cancelled"},
        "shipped": {"plan": "shipped", "deliver": "delivered"},
        "delivered": {"plan": "delivered", "accept": "accepted"},
        "accepted": {},
        "cancelled": {},
    },
}
"""By thing and state: each verb that is allowed, and where it leads."""
MAKE: dict[str, Callable[[str], Any]] = {
    "lead": a_lead,
    "opportunity": an_opportunity,
    "quote": a_quote,
    "order": an_order,
}
VERBS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "lead": LEADS,
    "opportunity": OPPORTUNITIES,
    "quote": QUOTES,
    "order": ORDERS,
}
STATE = {"lead": "state", "opportunity": "stage", "quote": "state", "order": "milestone"}
EVERY = [(noun, state, verb) for noun, states in ALLOWED.items() for state in states for verb in VERBS[noun]]


@pytest.mark.parametrize(("noun", "state", "verb"), EVERY)
def test_every_verb_in_every_state_leads_where_the_table_says_or_is_refused(noun: str, state: str, verb: str) -> None:
    thing, act = MAKE[noun](state), VERBS[noun][verb]
    wanted = ALLOWED[noun][state].get(verb)
    if wanted:
        assert getattr(act(thing), STATE[noun]).value == wanted
        return
    with pytest.raises(SalesTransitionRefused) as refusal:
        act(thing)
    assert refusal.value.code == f"{noun.upper()}_TRANSITION_REFUSED"
    assert refusal.value.metadata == {f"{noun}_id": thing.id, "state": state, "verb": verb}


@pytest.mark.parametrize("state", ["accepted", "void"])
def test_what_was_signed_or_called_off_does_not_expire(state: str) -> None:
    quote = a_quote(state)
    assert quote.expire(today=TODAY.replace(year=2030), now=NOW) is quote


@pytest.mark.parametrize(("day", "state"), [(20, "sent"), (21, "void")])
def test_the_last_day_of_the_window_still_counts(day: int, state: str) -> None:
    assert a_quote("sent").expire(today=TODAY.replace(day=day), now=NOW).state.value == state


def test_an_accepted_quote_wins_what_is_open_leaves_what_is_won_and_does_not_revive_what_is_lost() -> None:
    worth = Money("CNY", 100)
    won = an_opportunity("negotiating").won_by_quote(worth, author="sophie", now=NOW)
    assert (won.stage, won.win_reason, won.amount) == (OpportunityStage.WON, WinReason.QUOTE_ACCEPTED, worth)
    assert won.won_by_quote(Money("CNY", 5), author="sophie", now=NOW) is won
    with pytest.raises(OpportunityNotOpen):
        an_opportunity("lost").won_by_quote(worth, author="sophie", now=NOW)


def test_every_change_of_stage_is_kept_with_who_made_it() -> None:
    deal = an_opportunity("qualifying").propose("a", now=NOW).negotiate("b", now=NOW)
    again = deal.lose(LossReason.PRICE, "", author="c", now=NOW).reopen("d", now=NOW)
    assert [(move.stage.value, move.author) for move in again.moves] == [
        ("qualifying", "sophie"),
        ("proposing", "a"),
        ("negotiating", "b"),
        ("lost", "c"),
        ("qualifying", "d"),
    ]
    assert (again.loss_reason, again.closed_time, again.outcome_note) == (None, None, "")


def test_a_log_keeps_the_latest_entries_only() -> None:
    lead = a_lead("new")
    for number in range(MOST_KEPT + 5):
        lead = lead.follow_up(FollowUpDetails(note=f"Call {number}"), author="sophie", now=NOW)
    assert (len(lead.follow_ups), lead.follow_ups[0].note) == (MOST_KEPT, "Call 5")
