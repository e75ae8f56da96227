"""Who is held out of a campaign, and who gets which variant: drawn by a hash, so the same at every look."""

from hashlib import sha256

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.sending.holdout import in_holdout


def held_out(campaign: Campaign, member_id: str) -> bool:
    """Say whether the member hears nothing of the campaign, so that the others can be compared with them."""
    holdout = campaign.plan.holdout
    return in_holdout(member_id, draw=holdout.salt or campaign.id, basis_points=holdout.basis_points)


def variant_of(campaign: Campaign, member_id: str) -> str:
    """Return the variant that the member gets, in the shares of the weights; the winner, once there is one.

    Empty where the plan has no variants. The draw is another one than that of the holdout.
    """
    variants = campaign.plan.variants
    if not variants:
        return ""
    if campaign.winner in {each.name for each in variants}:
        return campaign.winner
    lot = int.from_bytes(sha256(f"variant|{campaign.id}|{member_id}".encode()).digest()[:8])
    place = lot % sum(each.weight for each in variants)
    for each in variants:
        place -= each.weight
        if place < 0:
            return each.name
    raise AssertionError("the weights add up to their sum")
