"""How a campaign came to be what it is, as types of the schema."""

import strawberry

from gateway.graphql.arguments import camel
from gateway.graphql.care.campaigns.plan import CampaignPlan
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import computed, message
from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb


@message(campaign_pb2.CampaignVersion, description="A plan as it was approved.")
class CampaignVersion:
    number: int
    plan: CampaignPlan
    author: str = strawberry.field(description="Subject of the person who wrote it.")
    create_time: DateTime
    submitter: str | None = strawberry.field(description="Subject of the person who asked for approval.")
    submit_time: DateTime | None
    approver: str = strawberry.field(description="Subject of the person who approved it.")
    approve_time: DateTime | None
    effective_from: Date | None = strawberry.field(
        description="The first civil day whose occurrences follow it; null: from the beginning."
    )


@message(pb.CampaignNote, description="What somebody did with a campaign or said about it.")
class CampaignNote:
    by: str = strawberry.field(description="Subject of the person.")
    time: DateTime
    verb: str = strawberry.field(description="What was done, such as `submit`, `approve_revision` or `comment`.")
    text: str | None = strawberry.field(description="What was said.")
    version: int = strawberry.field(description="The version that it is about.")


@message(pb.CampaignHistory, description="How a campaign came to be what it is.")
class CampaignHistory:
    versions: list[CampaignVersion] = strawberry.field(description="What was approved, oldest first.")
    notes: list[CampaignNote] = strawberry.field(description="The last 200, oldest first.")


@message(pb.CampaignChange, description="One field of the plan that changed.")
class CampaignChange:
    path: str = computed(
        lambda change: camel(change.path),
        description="Such as `sendAt`, `holdout.basisPoints` or `templates[en,email].body`.",
    )
    before: str | None = strawberry.field(description="As it was, as text; null: it was not there.")
    after: str | None = strawberry.field(description="As it is, as text; null: it is not there any more.")


@message(pb.GetCampaignChangesResponse, description="What changed from one version of a campaign to another.")
class CampaignChanges:
    from_version: int = strawberry.field(description="0: none was approved, so everything is new.")
    to_version: int = strawberry.field(description="The next number if it is being written.")
    changes: list[CampaignChange] = strawberry.field(description="Empty: nothing changed.")
