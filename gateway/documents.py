"""Files over HTTP: documents of contracts, and contracts as PDF or HTML, with the sign-in and the roles of GraphQL."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.exchange import Exchange, Refusal
from gateway.graphql.context import Context
from gateway.graphql.contracts.paperwork.types import PaperLanguage
from gateway.graphql.errors import Coded, answer, refusal_from
from gateway.graphql.rights import RIGHTS
from gateway.signin import SignIn
from membercare.contracts.v1 import document_pb2
from membercare.contracts.v1 import paperwork_service_pb2 as pb
from services.chassis import deadlines, logs
from services.chassis.errors import InvalidField, InvalidId, Kind, NotFound, Unauthenticated
from services.chassis.identity import Caller
from services.chassis.ids import check_id, prefix_of

_log = logs.get("gateway.documents")
_STATUS = {Kind.FORBIDDEN: 403, Kind.UNAUTHENTICATED: 401, Kind.NOT_FOUND: 404, Kind.PRECONDITION: 409}
_CODES = {"DEADLINE_EXCEEDED": 504, "SERVICE_UNAVAILABLE": 503, "DOCUMENT_DAMAGED": 500}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""Whatever a file holds, a browser that opens it runs nothing of it and asks nobody."""
_FORMATS = {"pdf": pb.PAPER_FORMAT_PDF, "html": pb.PAPER_FORMAT_HTML}
_LANGUAGES = {each.name.lower(): each for each in PaperLanguage}


@dataclass(frozen=True, kw_only=True)
class Downloads:
    """Answers `GET /documents/<id>`: an id of a document (`doc_`) or of a contract (`con_`)."""

    sign_in: SignIn
    context: Callable[[Caller | None], Context]
    request_seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        exchange = Exchange(scope, receive, send)
        logs.request_id.set(exchange.id)
        deadlines.begin(self.request_seconds)
        try:
            response = await self._file(exchange, scope["path_params"]["id"])
        except Exception as error:  # noqa: BLE001  # the caller must not see a fault, and the log must
            response = _refused(error, exchange.id)
        response.headers.setdefault("cache-control", "no-store")
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["x-request-id"] = exchange.id
        _log.info("document", status=response.status_code)
        await response(scope, receive, send)

    async def _file(self, exchange: Exchange, key: str) -> Response:
        if exchange.method not in {"GET", "HEAD"}:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "Files are asked for by GET.", allow="GET, HEAD")
        caller = await self.sign_in.caller(exchange.headers.get("authorization"), exchange.id)
        context = self.context(caller)
        if prefix_of(key) == "con":
            return await _paper(context, key, asked=parse_qs(exchange.query_string.decode("latin-1")))
        return await _document(context, key)


async def _document(context: Context, key: str) -> Response:
    first = await _slice(context, check_id(key, "doc", field="id"), offset=0)
    document = first.document
    if document.HasField("deleted_time"):
        raise NotFound("document", key)
    content = await _whole(context, document, first=first.content)
    headers = _headers(document.file_name, len(content), digest=bytes.fromhex(document.sha256))
    return Response(content, media_type=document.content_type, headers=headers)


async def _whole(context: Context, document: document_pb2.Document, *, first: bytes) -> bytes:
    """Return all bytes, which are few enough to hold: what is damaged or breaks off must not look like a file."""
    content, part = bytearray(first), first
    while part and len(content) < document.size_bytes:
        part = (await _slice(context, document.id, offset=len(content))).content
        content += part
    if hashlib.sha256(content).hexdigest() != document.sha256:
        _log.error("document_damaged", document=document.id)
        raise Coded("DOCUMENT_DAMAGED", "The stored bytes are not those that were uploaded. They are not served.")
    return bytes(content)


async def _slice(context: Context, key: str, *, offset: int) -> pb.GetDocumentContentResponse:
    context.admit(RIGHTS["GetDocumentContent"])
    request = pb.GetDocumentContentRequest(document_id=key, offset=offset)
    return await context.call(context.clients.contracts.GetDocumentContent, request)


async def _paper(context: Context, key: str, *, asked: dict[str, list[str]]) -> Response:
    context.admit(RIGHTS["GetContractText"])
    kind = _one(asked, "format", known=_FORMATS, default="pdf")
    language = _one(asked, "language", known=_LANGUAGES, default="")
    request: Any = pb.GetContractTextRequest(
        contract_id=check_id(key, "con", field="id"),
        language=_LANGUAGES[language] if language else 0,  # type: ignore[arg-type]  # an enum is its number
        format=_FORMATS[kind],
        terms_number=_number(asked, "terms_number"),
    )
    reply = await context.call(context.clients.contracts.GetContractText, request)
    body = reply.pdf if kind == "pdf" else reply.contract_text.html.encode()
    written = PaperLanguage(reply.contract_text.language).name.lower()
    version = f"-{reply.contract_text.terms_number}" if reply.contract_text.terms_number else ""
    headers = _headers(f"{key}{version}-{written}.{kind}", len(body))
    headers["x-text-sha256"] = reply.contract_text.sha256
    return Response(
        body, media_type="application/pdf" if kind == "pdf" else "text/html; charset=utf-8", headers=headers
    )


def _one(asked: dict[str, list[str]], name: str, *, known: dict[str, Any], default: str) -> str:
    value = asked.get(name, [default])[-1].lower()
    if value and value not in known:
        raise InvalidField(name, f"{name} must be one of {', '.join(known)}.")
    return value or default


def _number(asked: dict[str, list[str]], name: str) -> int:
    value = asked.get(name, ["0"])[-1]
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise InvalidField(name, f"{name} must be the number of a version.")
    return int(value)


def _headers(file_name: str, size: int, *, digest: bytes = b"") -> dict[str, str]:
    headers = {
        "content-disposition": disposition(file_name),
        "content-length": str(size),
        "content-security-policy": _POLICY,
        "referrer-policy": "no-referrer",
    }
    if digest:
        headers["repr-digest"] = f"sha-256=:{base64.b64encode(digest).decode()}:"  # RFC 9530
    return headers


def disposition(file_name: str) -> str:
    """Return the header that names a file: RFC 6266, with the name in UTF-8 as RFC 8187 (once 5987) encodes it."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _refused(error: Exception, request_id: str) -> Response:
    if isinstance(error, Refusal):
        return _told(error.status, answer(error.code, str(error)), headers=error.headers)
    if isinstance(error, Coded):
        return _told(_CODES.get(error.code, 503), answer(error.code, str(error)))
    refusal = refusal_from(error)
    if refusal is None:
        _log.exception("fault")
        return _told(500, answer("INTERNAL", "Internal error.", requestId=request_id))
    status = 404 if isinstance(error, InvalidId) else _STATUS.get(refusal.kind, 400)
    headers = {"www-authenticate": "Bearer"} if isinstance(error, Unauthenticated) else {}
    return _told(status, answer(refusal.reason, refusal.message), headers=headers)


def _told(status: int, error: dict[str, Any], *, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"errors": [error]}, status, headers=headers)
