"""Root fields that read the words that campaigns say."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import strawberry

from gateway.graphql.care.core.enums import Channel, Language, Purpose
from gateway.graphql.care.templates.loaders import WORDS
from gateway.graphql.care.templates.types import (
    Words,
    WordsFinding,
    WordsPreview,
    WordsState,
    WordsTextInput,
    WordsVariable,
)
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.sources import packed
from membercare.care.v1 import channel_pb2, member_pb2, words_pb2
from membercare.care.v1 import templates_service_pb2 as pb

NODES: Mapping[str, Loader] = {"wrd": WORDS}
"""By the prefix of an id."""

_WordsId = Annotated[strawberry.ID | None, strawberry.argument(description="Words of the library.")]
_Number = Annotated[int, strawberry.argument(description="Which version of them; 0: the newest, draft or not.")]
_Texts = Annotated[
    list[WordsTextInput] | None, strawberry.argument(description="Words that are being written, in place of `wordsId`.")
]
_Channel = Annotated[Channel | None, strawberry.argument(description="Of `texts`. Absent: e-mail.")]
_Language = Annotated[Language | None, strawberry.argument(description="Absent: the member's.")]


@strawberry.input(description="What listed words must match; absent fields match all.")
class WordsFilter:
    channel: Channel | None = None
    purpose: Purpose | None = None
    state: WordsState | None = None


@strawberry.type
class TemplatesQuery:
    words = one(Words, WORDS, prefix="wrd", description="Words of the library; null if there are none.")

    @query(Connection[Words], rpc="ListWords", description="Words in the order of their making.")
    async def words_library(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: WordsFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListWordsRequest, first=first, after=after, filter=filter)

    @query(
        list[WordsFinding],
        rpc="CheckWords",
        description="What is wrong with words that are being written; nothing is stored.",
    )
    async def check_words(
        self, info: Info, channel: Channel, purpose: Purpose, texts: list[WordsTextInput]
    ) -> Sequence[words_pb2.WordsFinding]:
        request = pb.CheckWordsRequest(
            channel=channel_pb2.Channel.ValueType(channel),
            purpose=channel_pb2.Purpose.ValueType(purpose),
            texts=[packed(each, words_pb2.WordsText) for each in texts],
        )
        reply = await info.context.call(info.context.clients.care.CheckWords, request)
        return reply.findings

    @query(
        WordsPreview,
        rpc="PreviewWords",
        description="What a member would read; names are masked for callers who see them masked.",
    )
    async def preview_words(
        self,
        info: Info,
        member_id: strawberry.ID,
        words_id: _WordsId = None,
        number: _Number = 0,
        texts: _Texts = None,
        channel: _Channel = None,
        language: _Language = None,
    ) -> words_pb2.WordsPreview:
        request = pb.PreviewWordsRequest(
            member_id=member_id,
            words_id=words_id or "",
            number=number,
            texts=[packed(each, words_pb2.WordsText) for each in texts or ()],
            channel=channel_pb2.Channel.ValueType(channel or 0),
            language=member_pb2.Language.ValueType(language or 0),
        )
        reply = await info.context.call(info.context.clients.care.PreviewWords, request)
        return reply.preview

    @query(list[WordsVariable], rpc="ListWordsVariables", description="Every name that words can use.")
    async def words_variables(self, info: Info) -> Sequence[words_pb2.WordsVariable]:
        reply = await info.context.call(info.context.clients.care.ListWordsVariables, pb.ListWordsVariablesRequest())
        return reply.variables
