"""What the room says: one of each event."""


def said() -> list[object]:
    return []
