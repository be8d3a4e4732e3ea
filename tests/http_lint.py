"""What httplint, an oracle nobody here wrote, has to say about a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from httplint import HttpRequestLinter, HttpResponseLinter, levels


def complaints(
    status: int,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    *,
    method: str = "GET",
    asked: Mapping[str, str] | None = None,
) -> list[str]:
    """The bad and warning notes about a response to a request with the headers `asked`."""
    request = HttpRequestLinter()
    request.process_request_topline(method.encode(), b"http://127.0.0.1:8000/x", b"1.1")
    request.process_headers(_bytes([("Host", "127.0.0.1:8000"), *(asked or {}).items()]))
    request.finish_content(True)
    response = HttpResponseLinter(_related=request, no_content=method == "HEAD")
    response.process_response_topline(b"1.1", str(status).encode(), b"Anything")
    response.process_headers(_bytes(headers))
    response.feed_content(body)
    response.finish_content(True)
    poor = (levels.BAD, levels.WARN)
    return [f"{n.subject}: {n.__class__.__name__}" for n in response.notes if n.level in poor]


def _bytes(headers: Sequence[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
