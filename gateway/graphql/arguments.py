"""What a field of a request is called where the caller wrote it: as an argument or input field of the schema."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from google.protobuf.descriptor import Descriptor, FileDescriptor
from google.protobuf.message import Message

from gateway.graphql.rpcs import rpc_of
from services.chassis.rpc_errors import Refusal

_ARGUMENTS = {
    "page_token": "after",
    "page_size": "first",
    "termination_code": "code",
    "termination_reason": "reason",
    "release_reason": "reason",
    "update_mask": "input",
    "billing_line_ids": "ids",
    "upload": "csv",
    "upload.content": "csv",
    "upload.mode": "mode",
    "upload.dry_run": "dry_run",
    "upload.line_offset": "line_offset",
    "upload.file_key": "file_key",
    "content": "content_base64",
}
"""Fields of requests that the schema calls otherwise."""

_ITS_ID: Mapping[str, str] = {
    "UpdateContractDraft": "contract_id",
    "AssignReviewer": "contract_id",
    "ConfirmGate": "contract_id",
    "StartOrderProduction": "order_id",
    "RecordServiceConsent": "order_id",
    "RecordIndexValues": "index_id",
    "ConsumeAllowance": "usage_id",
    "ReleaseAllowance": "usage_id",
    "CorrectAllowance": "usage_id",
    "HoldWarranty": "asset_id",
    "LiftWarrantyHold": "asset_id",
    "PublishPrices": "price_list_id",
    "ImportPriceList": "price_list_id",
    "SetCustomerStage": "customer_id",
    "MergeCustomers": "customer_id",
    "RecordReminder": "renewal_id",
    "SubmitCampaignRevision": "campaign_id",
    "ApproveCampaignRevision": "campaign_id",
    "RejectCampaignRevision": "campaign_id",
    "DiscardCampaignRevision": "campaign_id",
    "ChooseCampaignWinner": "campaign_id",
    "SendCampaignTest": "campaign_id",
    "MergeMembers": "member_id",
}
"""Verbs whose names do not end with what they move, and the field that is their `id`."""

_WRAPPED = ("content", "policy", "asset", "customer", "member", "product", "segment")
"""Messages inside a request whose fields are those of the `input`, or arguments, in the schema."""

_WORD_LISTS = re.compile(r"(?<=\.tag)\.any_of$|(?<=\.tier)\.any_of$")
"""Lists that are a message of their own in the request, and in the schema just a list."""

_INPUTS: Mapping[str, str] = {
    "PutCallAgent": "agent",
    "PutCallScript": "script",
    "PutVisitRule": "rule",
    "DefineAttribute": "attribute",
    "UpdateSendingSettings": "settings",
}
"""Further verbs, and the message inside their requests whose fields are those of the `input`."""

_ENUM_WORD = re.compile(r"(?<!\w)[A-Z]+(?:_[A-Z0-9]+)+(?!\w)")
_SNAKE = re.compile(r"(?<![\w.])[a-z]+(?:_[a-z]+)+(?!\w)")


def argument_of(field: str, rpc: str) -> str:
    """Return the argument that a request field came from: `contract_id` of `SignContract` is its `id`."""
    field = _WORD_LISTS.sub("", field)
    head, _, rest = field.partition(".")
    if head in _WRAPPED and rpc.startswith(("Create", "Update", "Revise")):
        return rest or "input"
    if head == _INPUTS.get(rpc):
        return "agent_id" if field == "agent.id" else rest or "input"
    own = field.removesuffix("_id").replace("_", "")
    about_another = rpc.startswith("Explain") or rpc.lower().endswith(f"from{own}")
    if _ITS_ID.get(rpc) == field or (field.endswith("_id") and rpc.lower().endswith(own) and not about_another):
        return "id"
    return _ARGUMENTS.get(field, field)


def of_a_file(refusal: Refusal) -> bool:
    """Say whether a file was refused for its form: what it names are columns, which are written as in the file."""
    return refusal.reason.startswith("CSV_")


def camel(path: str) -> str:
    """Return the path of a request field (`plan.send_at`) as the schema writes it (`plan.sendAt`)."""
    head, *rest = path.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def worded(refusal: Refusal, request: Message) -> str:
    """Return what a refusal says with the fields of the request named as the caller wrote them."""
    rpc, message = rpc_of(request), refusal.message
    if of_a_file(refusal):
        return message
    if refusal.field:
        shown = camel(argument_of(refusal.field, rpc))
        message = re.sub(rf"(?<![\w.]){re.escape(refusal.field)}(?!\w)", lambda _: shown, message)
    message, names = in_schema_words(message, request), _names(request.DESCRIPTOR)
    return _SNAKE.sub(lambda found: camel(argument_of(found[0], rpc)) if found[0] in names else found[0], message)


def in_schema_words(text: str, request: Message) -> str:
    """Return a text with the values of enums as the schema writes them: `VISIT_STATE_COMPLETED` is its `COMPLETED`."""
    words = _enum_words(request.DESCRIPTOR.file)
    return _ENUM_WORD.sub(lambda found: words.get(found[0], found[0]), text)


@lru_cache(maxsize=64)
def _enum_words(file: FileDescriptor) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for needed in file.dependencies:
        words |= _enum_words(needed)
    for enum in file.enum_types_by_name.values():
        prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
        words |= {name: name.removeprefix(prefix) for name in enum.values_by_name}
    return words


@lru_cache(maxsize=512)
def _names(descriptor: Descriptor) -> frozenset[str]:
    return frozenset(_fields(descriptor, depth=4))


def _fields(descriptor: Descriptor, *, depth: int) -> Iterator[str]:
    for field in descriptor.fields:
        yield field.name
        if field.message_type is not None and depth:
            yield from _fields(field.message_type, depth=depth - 1)
