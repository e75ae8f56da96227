"""Record what a member allows, or shall be asked to confirm."""

from dataclasses import dataclass, replace

from services.care.domain.members.confirmations import ConfirmationRule, require_reachable
from services.care.domain.members.consents import MOST_PROOF, ConsentSource, ConsentWord
from services.care.domain.members.member import Member
from services.care.ports.members import Members
from services.chassis.checks import request_key, text
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Takes over one word for one channel and purpose."""

    members: Members
    rule: ConfirmationRule
    clock: Clock

    def __call__(self, member_id: str, word: ConsentWord, *, confirm: bool, etag: str, request_id: str) -> Member:
        """Return the member after the change; a word that must not replace what is on record changes nothing.

        With `confirm`, and where the rule says so, a grant counts once the person has confirmed it.
        """
        now = self.clock.now()
        if confirm and not word.granted:
            raise InvalidField("confirm", "confirm goes with a grant only: a withdrawal holds at once.")
        told = replace(word.checked(now), proof=text(word.proof, "proof", most=MOST_PROOF))
        if told.granted and told.source is ConsentSource.PERSON and not told.proof:
            raise InvalidField("proof", "proof is missing: say what shows that the person agreed.")

        def step(member: Member) -> Member:
            granted = member.allows(told.channel, told.purpose)
            said = self.rule.applied(told, granted=granted, confirm=confirm).checked(now)
            if said.pending:
                require_reachable(member, said.channel)
            return member.take_over({}, now=now, words=[said])

        return self.members.change(
            check_id(member_id, "mem", field="member_id"),
            step,
            etag=etag,
            request_key=request_key("consent", request_id),
        )
