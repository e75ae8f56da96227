"""Something that happens at one exact moment of somebody else's work: what two processes do to each other."""

from collections.abc import Callable
from typing import Any

Happens = Callable[[], object]


def right_after(port: Any, method: str, *, happens: Happens) -> Any:
    """Return the port as it is, but for what happens once, right after the first call of one of its methods."""
    return _InBetween(port, method, happens=(_nothing, happens))


def right_before(port: Any, method: str, *, happens: Happens) -> Any:
    """Return the port as it is, but for what happens once, right before the first call of one of its methods."""
    return _InBetween(port, method, happens=(happens, _nothing))


def _nothing() -> None:
    return


class _InBetween:
    def __init__(self, port: Any, method: str, *, happens: tuple[Happens, Happens]) -> None:
        self._port, self._method, self._happens = port, method, [happens]

    def __call__(self, *args: Any, **told: Any) -> Any:
        return self.__getattr__("__call__")(*args, **told)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._with(found) if name == self._method and self._happens else found

    def _with(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **told: Any) -> Any:
            before, after = self._happens.pop() if self._happens else (_nothing, _nothing)
            before()
            outcome = call(*args, **told)
            after()
            return outcome

        return called
