"""What members allow: as employees record it, and as the holder of a link says it."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import members_service_pb2 as pb
from services.care.domain.members.consents import ConsentSource, ConsentWord
from services.care.domain.members.masks import sees_clearly, visible_to
from services.care.domain.members.member import Member
from services.care.ports.members import Consents, Members
from services.care.rpc.enums import CHANNELS, LANGUAGES, PURPOSES, needed
from services.care.rpc.members.messages import SOURCES, consent_to_pb, member_to_pb
from services.care.usecases.members.confirm_consent import ConfirmConsent, ReadConfirmation
from services.care.usecases.members.preferences import ChangePreferences, Choice, ReadPreferences, choices
from services.care.usecases.members.record_consent import RecordConsent
from services.chassis.checks import page_size
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.chassis.timestamps import moment

_RECORDED = frozenset({ConsentSource.PERSON, ConsentSource.STAFF})


@dataclass(frozen=True, kw_only=True)
class ConsentMethods:
    """Reads go to the store, words to the use cases."""

    members: Members
    consents: Consents
    record_consent: RecordConsent
    read_preferences: ReadPreferences
    change_preferences: ChangePreferences
    read_confirmation: ReadConfirmation
    confirm_consent: ConfirmConsent

    def RecordConsent(
        self, request: pb.RecordConsentRequest, context: grpc.ServicerContext
    ) -> pb.RecordConsentResponse:
        caller = current_caller()
        source = SOURCES.member(request.source, "source") or ConsentSource.STAFF
        if source not in _RECORDED:
            raise InvalidField("source", "source must be the person or an employee.")
        word = ConsentWord(
            channel=needed(CHANNELS, request.channel, field="channel"),
            purpose=needed(PURPOSES, request.purpose, field="purpose"),
            granted=request.granted,
            source=source,
            time=moment(request.time, "time") if request.HasField("time") else None,
            proof=request.proof,
            by=caller.subject,
        )
        member = self.record_consent(
            request.member_id, word, confirm=request.confirm, etag=request.etag, request_id=request.request_id
        )
        return pb.RecordConsentResponse(member=member_to_pb(visible_to(caller, member)))

    def ListConsents(self, request: pb.ListConsentsRequest, context: grpc.ServicerContext) -> pb.ListConsentsResponse:
        size = page_size(request.page_size)
        after = optional_id(request.page_token, "cns", field="page_token")
        member = self.members.get(check_id(request.member_id, "mem", field="member_id"))
        words = self.consents.of([member, *self.members.batch_get(member.merged_ids)])
        place = next((place for place, (_, word) in enumerate(words, start=1) if word.id == after), 0)
        page = words[place : place + size]
        clear = sees_clearly(current_caller())
        found = [consent_to_pb(key, word) for key, word in page]
        for each in () if clear else found:
            each.ClearField("proof")
            each.ClearField("recorded_by")
        more = len(words) > place + size
        return pb.ListConsentsResponse(consents=found, next_page_token=page[-1][1].id if more else "")

    def GetPreferences(
        self, request: pb.GetPreferencesRequest, context: grpc.ServicerContext
    ) -> pb.GetPreferencesResponse:
        link, member = self.read_preferences(request.token)
        return pb.GetPreferencesResponse(
            preferences=_preferences(member),
            channel=CHANNELS.number(link.channel),
            purpose=PURPOSES.number(link.purpose),
            language=LANGUAGES.number(member.language),
        )

    def ChangePreferences(
        self, request: pb.ChangePreferencesRequest, context: grpc.ServicerContext
    ) -> pb.ChangePreferencesResponse:
        asked: list[Choice] = [
            (
                needed(CHANNELS, each.channel, field="preferences.channel"),
                needed(PURPOSES, each.purpose, field="preferences.purpose"),
                each.granted,
            )
            for each in request.preferences
        ]
        member = self.change_preferences(request.token, asked, everything=request.unsubscribe_from_all)
        return pb.ChangePreferencesResponse(preferences=_preferences(member))

    def GetConfirmation(
        self, request: pb.GetConfirmationRequest, context: grpc.ServicerContext
    ) -> pb.GetConfirmationResponse:
        asked, member = self.read_confirmation(request.token)
        return pb.GetConfirmationResponse(
            channel=CHANNELS.number(asked.channel),
            purpose=PURPOSES.number(asked.purpose),
            granted=asked.granted,
            language=LANGUAGES.number(member.language),
        )

    def ConfirmConsent(
        self, request: pb.ConfirmConsentRequest, context: grpc.ServicerContext
    ) -> pb.ConfirmConsentResponse:
        granted = self.confirm_consent(request.token)
        return pb.ConfirmConsentResponse(
            channel=CHANNELS.number(granted.channel), purpose=PURPOSES.number(granted.purpose)
        )


def _preferences(member: Member) -> list[pb.Preference]:
    return [
        pb.Preference(channel=CHANNELS.number(channel), purpose=PURPOSES.number(purpose), granted=granted)
        for channel, purpose, granted in choices(member)
    ]
