"""Root fields that change the words that campaigns say."""

import strawberry

from gateway.graphql.care.core.enums import Channel, Purpose
from gateway.graphql.care.templates.types import Words, WordsTextInput
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.sources import message, packed
from membercare.care.v1 import templates_service_pb2 as pb


@strawberry.input(description="Words to write.")
class WordsInput:
    code: str = strawberry.field(description="Unique: 1 to 50 of a-z, 0-9, _, . and -.")
    name: str = strawberry.field(description="1 to 100 characters.")
    channel: Channel = strawberry.field(description="It cannot be changed later.")
    purpose: Purpose = strawberry.field(description="It cannot be changed later; advertising must show its way out.")
    texts: list[WordsTextInput] = strawberry.field(description="One or both languages.")


@strawberry.input(description="The next version of words.")
class WordsRevisionInput:
    name: str | None = strawberry.field(default=None, description="Absent: stays.")
    texts: list[WordsTextInput] = strawberry.field(description="One or both languages; they replace those before.")


@message(
    pb.CreateWordsResponse,
    pb.ReviseWordsResponse,
    pb.PublishWordsResponse,
    pb.RetireWordsResponse,
    description="The words after the change.",
)
class WordsPayload:
    words: Words


_WORDS = result_of(WordsPayload, "WordsResult")


@strawberry.type
class TemplatesMutation:
    @mutation(_WORDS, rpc="CreateWords", description="Writes the first draft of words.")
    async def create_words(self, info: Info, input: WordsInput, request_id: RequestId = None) -> pb.CreateWordsResponse:
        request = packed(input, pb.CreateWordsRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.care.CreateWords, request)

    @mutation(_WORDS, rpc="ReviseWords", description="Writes the next version of words, or the draft anew.")
    async def revise_words(
        self,
        info: Info,
        id: strawberry.ID,
        input: WordsRevisionInput,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.ReviseWordsResponse:
        request = packed(input, pb.ReviseWordsRequest, words_id=id, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.care.ReviseWords, request)

    publish_words = transition(
        _WORDS,
        pb.PublishWordsRequest,
        key="words_id",
        description="Makes the draft what campaigns take; whoever wrote it cannot, nor with an error in it.",
    )
    retire_words = transition(
        _WORDS, pb.RetireWordsRequest, key="words_id", description="Takes words out of use, for good."
    )
