"""Answers calls about the words that campaigns say: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import templates_service_pb2 as pb
from membercare.care.v1.templates_service_pb2_grpc import TemplatesServiceServicer
from services.care.domain.templates.lint import findings
from services.care.domain.templates.variables import VARIABLES
from services.care.domain.templates.words import checked_texts
from services.care.ports.templates import WordsFilter, WordsLibrary
from services.care.rpc.enums import CHANNELS, LANGUAGES, PURPOSES, needed
from services.care.rpc.templates.messages import (
    STATES,
    finding_to_pb,
    preview_to_pb,
    to_texts,
    variable_to_pb,
    words_to_pb,
)
from services.care.usecases.templates.preview_words import PreviewOrder, PreviewWords
from services.care.usecases.templates.write_words import (
    NewWords,
    PublishWords,
    RetireWords,
    ReviseWords,
    WordsOrder,
    WriteWords,
)
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id

FULL_NAME = pb.DESCRIPTOR.services_by_name["TemplatesService"].full_name


@dataclass(frozen=True, kw_only=True)
class TemplatesServicer(TemplatesServiceServicer):
    """Reads go to the store, writes to the use cases."""

    library: WordsLibrary
    write_words: WriteWords
    revise_words: ReviseWords
    publish_words: PublishWords
    retire_words: RetireWords
    preview_words: PreviewWords

    def CreateWords(self, request: pb.CreateWordsRequest, context: grpc.ServicerContext) -> pb.CreateWordsResponse:
        wanted = NewWords(
            code=request.code,
            name=request.name,
            channel=needed(CHANNELS, request.channel, field="channel"),
            purpose=needed(PURPOSES, request.purpose, field="purpose"),
            texts=to_texts(request.texts),
        )
        words = self.write_words(wanted, author=current_caller().subject, request_id=request.request_id)
        return pb.CreateWordsResponse(words=words_to_pb(words))

    def ReviseWords(self, request: pb.ReviseWordsRequest, context: grpc.ServicerContext) -> pb.ReviseWordsResponse:
        words = self.revise_words(_order(request), request.name, texts=to_texts(request.texts))
        return pb.ReviseWordsResponse(words=words_to_pb(words))

    def PublishWords(self, request: pb.PublishWordsRequest, context: grpc.ServicerContext) -> pb.PublishWordsResponse:
        return pb.PublishWordsResponse(words=words_to_pb(self.publish_words(_order(request))))

    def RetireWords(self, request: pb.RetireWordsRequest, context: grpc.ServicerContext) -> pb.RetireWordsResponse:
        return pb.RetireWordsResponse(words=words_to_pb(self.retire_words(_order(request))))

    def BatchGetWords(
        self, request: pb.BatchGetWordsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetWordsResponse:
        found = self.library.batch_get(batch(request.words_ids, "words_ids", prefix="wrd"))
        return pb.BatchGetWordsResponse(words=map(words_to_pb, found))

    def ListWords(self, request: pb.ListWordsRequest, context: grpc.ServicerContext) -> pb.ListWordsResponse:
        page = self.library.page(
            WordsFilter(
                channel=CHANNELS.member(request.filter.channel, "filter.channel"),
                purpose=PURPOSES.member(request.filter.purpose, "filter.purpose"),
                state=STATES.member(request.filter.state, "filter.state"),
            ),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "wrd", field="page_token"),
        )
        return pb.ListWordsResponse(words=map(words_to_pb, page.items), next_page_token=page.next_token)

    def CheckWords(self, request: pb.CheckWordsRequest, context: grpc.ServicerContext) -> pb.CheckWordsResponse:
        channel = needed(CHANNELS, request.channel, field="channel")
        purpose = needed(PURPOSES, request.purpose, field="purpose")
        found = findings(checked_texts(to_texts(request.texts)), channel, purpose=purpose)
        return pb.CheckWordsResponse(findings=map(finding_to_pb, found))

    def PreviewWords(self, request: pb.PreviewWordsRequest, context: grpc.ServicerContext) -> pb.PreviewWordsResponse:
        order = PreviewOrder(
            member_id=request.member_id,
            words_id=request.words_id,
            number=request.number,
            texts=to_texts(request.texts),
            channel=CHANNELS.member(request.channel, "channel"),
            language=LANGUAGES.member(request.language, "language"),
        )
        return pb.PreviewWordsResponse(preview=preview_to_pb(self.preview_words(order, caller=current_caller())))

    def ListWordsVariables(
        self, request: pb.ListWordsVariablesRequest, context: grpc.ServicerContext
    ) -> pb.ListWordsVariablesResponse:
        return pb.ListWordsVariablesResponse(variables=map(variable_to_pb, VARIABLES))


def _order(request: pb.ReviseWordsRequest | pb.PublishWordsRequest | pb.RetireWordsRequest) -> WordsOrder:
    return WordsOrder(
        words_id=request.words_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
    )
