"""Price indices, price runs and stubs as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.money import Money
from gateway.graphql.edges import CONTRACTS, PRICE_INDEXES
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, Date, DateTime, Month
from gateway.graphql.sources import message
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import price_run_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Contract


@strawberry.enum(description="Whether a value of an index may still change.")
class IndexValueState(IntEnum):
    PROVISIONAL = strawberry.enum_value(1, description="A later value of the month may take its place.")
    DEFINITIVE = strawberry.enum_value(2, description="It stays for ever.")


@strawberry.enum(description="How the new prices of a run are found.")
class PriceRunKind(IntEnum):
    UPLIFT = strawberry.enum_value(1, description="So many hundredths of a percent more.")
    INDEX = strawberry.enum_value(2, description="The agreed price times the ratio of an index to its value then.")


@strawberry.enum(description="Where a price run stands.")
class PriceRunState(IntEnum):
    PREVIEWED = strawberry.enum_value(1, description="Computed; nothing has changed.")
    APPROVED = strawberry.enum_value(2, description="A second person has looked through it.")
    APPLIED = strawberry.enum_value(3, description="The contracts have their new prices, as the outcomes say.")
    UNDONE = strawberry.enum_value(4, description="The old prices hold again.")


@message(price_run_pb2.IndexValue, description="What an index was in a month, as published.")
class IndexValue:
    month: Month
    value: str = strawberry.field(description="A decimal number, such as `114.25`.")
    state: IndexValueState
    published_date: Date


@message(price_run_pb2.PriceIndex, description="A published index of prices.")
class PriceIndex(Node):
    name: str
    basis: str = strawberry.field(description="What 100 stands for, such as `2020 = 100`.")
    values: list[IndexValue] = strawberry.field(description="By month.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime


@message(price_run_pb2.PriceRule, description="How a new price is found.")
class PriceRule:
    kind: PriceRunKind
    uplift_bps: int = strawberry.field(description="Hundredths of a percent.")
    index_id: strawberry.ID | None
    lag_months: int = strawberry.field(description="The index of so many months before counts.")
    floor_bps: int | None = strawberry.field(description="The least change, in hundredths of a percent.")
    cap_bps: int | None = strawberry.field(description="The greatest change, in hundredths of a percent.")
    round_to: BigInt = strawberry.field(
        description="Whole multiples of so many minor units, where one lies within floor and cap."
    )
    index: PriceIndex | None = joined(PRICE_INDEXES, key="index_id", description="The index.")


@message(price_run_pb2.PriceItem, description="One line of one contract that gets a new price.")
class PriceItem:
    contract_id: strawberry.ID
    line_id: strawberry.ID
    description: str
    old_price: Money
    new_price: Money
    formula: str = strawberry.field(description="How the new price was found.")
    contract: Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CONTRACTS, key="contract_id", description="The contract."
    )


@message(price_run_pb2.PriceSkip, description="What keeps its price.")
class PriceSkip:
    contract_id: strawberry.ID
    line_id: strawberry.ID | None = strawberry.field(description="Null: the contract as a whole.")
    reason: str = strawberry.field(description="A stable code, such as `LINE_ENDED`.")


@message(price_run_pb2.PriceOutcome, description="What came of one contract when a run was applied or undone.")
class PriceOutcome:
    contract_id: strawberry.ID
    terms_number: int = strawberry.field(description="The version of its terms that was made; 0: none.")
    problem: str | None = strawberry.field(description="The code that refused it.")


@message(price_run_pb2.PriceRun, description="A change of many prices at once.")
class PriceRun(Node):
    name: str
    rule: PriceRule
    effective_date: Date = strawberry.field(description="The first day of the new prices.")
    state: PriceRunState
    items: list[PriceItem] = strawberry.field(description="What gets a new price.")
    skips: list[PriceSkip] = strawberry.field(description="What keeps its price, and why.")
    outcomes: list[PriceOutcome] = strawberry.field(description="What came of each contract.")
    author: str = strawberry.field(description="Who prepared it: the subject of the sign-in.")
    approver: str | None
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    approved_time: DateTime | None
    applied_time: DateTime | None
    undone_time: DateTime | None


@message(price_run_pb2.StubLine, description="What one line costs from the end of its contract to a common end.")
class CoTerminationLine:
    line_id: strawberry.ID | None = strawberry.field(description="Null: the contract as a whole.")
    description: str
    amount: Money
    formula: str = strawberry.field(description="How the amount was found.")


@message(price_run_pb2.Stub, description="The days that a contract lacks to a common end.")
class CoTerminationStub:
    contract_id: strawberry.ID
    start_date: Date | None = strawberry.field(description="Null: it ends on the common day already.")
    end_date: Date | None
    lines: list[CoTerminationLine]
    amount: Money = strawberry.field(description="What all of it costs.")


@message(pb.PreviewCoTerminationResponse, description="What it costs to let contracts end on one day.")
class CoTermination:
    end_date: Date = strawberry.field(description="The common last day.")
    stubs: list[CoTerminationStub] = strawberry.field(description="One for each contract, in the order asked.")
