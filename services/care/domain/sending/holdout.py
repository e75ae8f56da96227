"""Who hears nothing, so that the others can be compared with them: drawn by a hash, the same at every look."""

from hashlib import sha256

_ALL = 10_000


def in_holdout(member_id: str, *, draw: str, basis_points: int) -> bool:
    """Say whether a member is held out; `draw` names the drawing of lots, `basis_points` is the share in 1/10000."""
    if basis_points <= 0:
        return False
    lot = int.from_bytes(sha256(f"{draw}|{member_id}".encode()).digest()[:8])
    return lot % _ALL < basis_points
