"""The servicer of care, by noun."""
