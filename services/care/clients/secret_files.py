"""Secrets of providers by name: files in a folder, as an orchestrator mounts them."""

from pathlib import Path


class SecretFiles:
    """Keeps nothing: whoever asks holds the secret for as long as it needs it."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder, if there is one."""
        self._folder = folder

    def get(self, name: str) -> str:
        """Return the secret, or the empty string. A name is capitals, digits and `_`: it leads out of no folder."""
        if self._folder is None:
            return ""
        try:
            return (self._folder / name).read_text().strip()
        except (OSError, UnicodeDecodeError):
            return ""
