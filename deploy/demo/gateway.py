"""The public API as the demo uses it: GraphQL over HTTP, each request signed in as the person whose work it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

from deploy.demo.screen import Trouble

SECONDS = 60.0
"""The longest that one request may take; a dry run of 5,000 rows takes one or two."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in."""

    subject: str
    roles: tuple[str, ...]


class Refused(Exception):
    """A change was refused, and nothing was changed."""

    def __init__(self, code: str, message: str, at: str) -> None:
        """Take what the API said."""
        super().__init__(f"{message} ({code}{f', {at}' if at else ''})")
        self.code = code


@dataclass(frozen=True, slots=True)
class Gateway:
    """Asks one gateway."""

    url: str
    """Of `/graphql`."""
    sign: Callable[[Person], str]
    """Makes the token of a person."""
    logs: str
    """Where a person finds the logs."""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=SECONDS, trust_env=False))
    """A proxy for the internet does not know this machine."""

    def ask(self, who: Person, document: str, **variables: Any) -> Any:
        """Return `data`, or raise Trouble."""
        answer = self._post(who, {"query": document, "variables": variables})
        errors = answer.get("errors")
        if errors:
            raise self._trouble(errors[0])
        return answer["data"]

    def change(self, who: Person, document: str, **variables: Any) -> Any:
        """Return the payload of the one mutation in the document, or raise Refused with the API's own words."""
        (result,) = self.ask(who, document, **variables).values()
        if "code" in result:
            raise Refused(result["code"], result["message"], result.get("field") or "")
        return result

    def _post(self, who: Person, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.sign(who)}"}
        try:
            response = self.http.post(self.url, json=body, headers=headers)
            answer: dict[str, Any] = response.json()
        except httpx.TimeoutException:
            raise Trouble(
                f"The gateway took longer than {SECONDS:.0f} s. Look at {self.logs}, then run the demo again:"
                " what is done stays done.",
                f"网关超过 {SECONDS:.0f} 秒没有应答。请查看 {self.logs} 后重新运行演示：已完成的步骤不会重做。",
            ) from None
        except (httpx.TransportError, ValueError) as error:
            raise Trouble(
                f"The gateway at {self.url} does not answer ({type(error).__name__}). Is `make run` still running in"
                f" its terminal? Its log is {self.logs}/gateway.log.",
                f"网关 {self.url} 没有应答（{type(error).__name__}）。`make run` 的终端还在运行吗？"
                f"日志：{self.logs}/gateway.log。",
            ) from None
        return answer

    def _trouble(self, error: dict[str, Any]) -> Trouble:
        code = str(error.get("extensions", {}).get("code", "UNKNOWN"))
        where = ".".join(str(step) for step in error.get("path") or ())
        what = f"{where}: {error['message']} ({code})" if where else f"{error['message']} ({code})"
        english, chinese = _ADVICE.get(code, _ELSE)
        return Trouble(f"{what}\n{english.format(logs=self.logs)}", f"{what}\n{chinese.format(logs=self.logs)}")


_ADVICE = {
    "SERVICE_UNAVAILABLE": (
        "A service is down or just starting again; {logs} says why. Wait a moment and run the demo again.",
        "某个服务未运行或正在重启，原因见 {logs}。请稍候再运行演示。",
    ),
    "DEADLINE_EXCEEDED": (
        "This machine is busy. Run the demo again: what is done stays done.",
        "本机繁忙。请重新运行演示：已完成的步骤不会重做。",
    ),
    "UNAUTHENTICATED": (
        "The suite was started with other keys. Give the demo the same DATA as `make run`.",
        "套件使用了另一组密钥启动。请让演示与 `make run` 使用相同的 DATA。",
    ),
}
_ELSE = (
    "That should not happen. {logs} says more; please report it with these lines.",
    "这不应发生。详情见 {logs}；请附上以上内容反馈。",
)


def request_id(*parts: str) -> str:
    """Return the UUID of one change: sent again, it changes nothing again."""
    return str(uuid5(NAMESPACE_URL, "/".join(("https://membercare.example/demo", *parts))))
