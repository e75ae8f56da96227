"""What the room says: one of each event."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.contracts.domain.sales.opportunity import Opportunity, OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import OpportunityKind
from services.contracts.domain.sales.order import Order
from services.contracts.domain.sales.order_milestones import Done, OrderMilestone
from services.contracts.domain.sales.quote import Quote, QuoteContent, Written
from services.contracts.domain.sales.quote_lines import QuoteLineDetails
from services.contracts.domain.sales.sales_events import Issue
from services.contracts.domain.terms.money import Money
from tests.unit.contracts.said.life_cycle import CUSTOMER, NOON, OWNER

OPPORTUNITY = "opp_01JTDB8D40CQS3K9Q8YV1H2T3D"
QUOTE = "quo_01JTDB8D40CQS3K9Q8YV1H2T3E"


def said() -> list[object]:
    """A quote that is signed, and its order until it is accepted with an issue."""
    signed = accepted_quote()
    plan = [(OrderMilestone.SHIPPED, "2026-05-11"), (OrderMilestone.DELIVERED, "2026-05-14")]
    order = Order.of_quote(signed, plan, done=done(0))
    shipped = order.start(done=done(2)).ship("SF Express", "SF1234567890", done=done(8))
    line = order.lines[0].id
    delivered = shipped.deliver({line: ["SN-1", "SN-2"]}, done=done(9))
    issue = Issue(line_id=line, description="一台有划痕。One has a scratch.")
    accepted = delivered.accept("王芳", [issue], done=done(12))
    return [*signed.events, *shipped.events, *delivered.events, *accepted.events]


def accepted_quote() -> Quote:
    """Two pumps, signed on the day they were offered."""
    details = OpportunityDetails(kind=OpportunityKind.NEW, title="Two pumps", customer_id=CUSTOMER, owner_id=OWNER)
    deal = Opportunity.opened(OPPORTUNITY, details, author="sophie", now=NOON)
    pumps = QuoteLineDetails(description="Pump", quantity=2, unit_price=Money("CNY", 640_000))
    content = QuoteContent(title="Two pumps", lines=(pumps,), start_date="2026-05-20", sign_by="2026-05-15")
    today = NOON.date()
    quote = Quote.drafted(QUOTE, deal, content=content, written=Written(author="sophie", now=NOON, today=today))
    approved = replace(quote, version=1).approve("anna", today=today, now=NOON)
    return approved.send(today=today, now=NOON).accept("王芳", 1, today=today, now=NOON)


def done(days: int) -> Done:
    """So many days after the order, as the people of the warehouse write it down."""
    now = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC) + timedelta(days=days)
    return Done(author="wei", now=now, today=now.date())
