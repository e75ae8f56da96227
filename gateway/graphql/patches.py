"""Patches: inputs in which a field that is left out stays as it is, and null empties it."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from strawberry import UNSET


def named(patch: Any) -> FieldMask:
    """Return the mask of exactly the fields that the caller named, also to nothing."""
    return FieldMask(paths=[name for name, value in vars(patch).items() if value is not UNSET])
