"""The live app: a request in, what `delivery` answers out, byte for byte.

Room: web, a door. Imports delivery, attachments, errors and model; the only room that knows Flask.
`create_app` makes the whole app; `create_blueprint` mounts the feeds below any prefix of an
app that exists, whose own routes and error pages stay as they are.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Flask, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable
from werkzeug.routing import PathConverter
from werkzeug.utils import send_file

from feedsvc import delivery
from feedsvc.addresses import MEDIA
from feedsvc.attachments import digest_in, is_intact
from feedsvc.delivery import Documents
from feedsvc.errors import FeedsvcError, UnknownPath
from feedsvc.model import Reply
from feedsvc.web.ready import ReadyReplies

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger(__name__)

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
RETRY_SECONDS = 60
YEAR_SECONDS = 31_536_000
ACTIVE = ("image/svg+xml",)  #: files that may hold scripts
ACTIVE_POLICY = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
)


class AnyPath(PathConverter):
    """Every path, with empty segments and line feeds, so that no host app rewrites it for us."""

    regex = "(?s:.*?)"
    part_isolating = False


class ExactResponse(Response):
    """A response with the headers of its Reply and no others.

    Werkzeug would strip Last-Modified from a 304; clients that know no ETag live on it.
    """

    default_mimetype = None

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:  # noqa: ARG002
        return self.headers


def create_app(publisher: Documents | None = None) -> Flask:
    """The app that serves a publisher; with none given, the one that the settings describe.

    Known documents are answered ahead of Flask, by `feedsvc.web.ready`.
    """
    documents = default_publisher() if publisher is None else publisher
    app = Flask("feedsvc.web", static_folder=None)
    app.register_blueprint(create_blueprint(documents))
    app.add_url_rule("/healthz", "healthz", healthz)
    app.register_error_handler(HTTPException, refused)
    app.wsgi_app = ReadyReplies(app.wsgi_app, documents)  # type: ignore[method-assign]
    return app


def create_blueprint(publisher: Documents, name: str = "feedsvc") -> Blueprint:
    """Every path below the mount; `register_blueprint(…, url_prefix="/news")` chooses it.

    `[site] base_url` must name the same place: redirects and links are made from it.
    """
    blueprint = Blueprint(name, __name__)

    def show(path: str | None = None) -> Response:
        where = "" if path is None else f"/{path}"
        headers, base = dict(request.headers), publisher.site.base_url
        try:
            if where.startswith(MEDIA) and request.method in ("GET", "HEAD"):
                return file_at(publisher, where)
            asked = request.query_string.decode("latin-1")
            reply = delivery.answer(publisher, request.method, where, headers, base, asked)
        except FeedsvcError:
            log.exception("no answer for %s", where)
            reply = delivery.refuse(503, "Not now; try again soon.", retry_after=RETRY_SECONDS)
        return response(reply)

    def mount(state: BlueprintSetupState) -> None:
        state.app.url_map.converters["feedsvc_path"] = AnyPath
        bare = ("",) if state.url_prefix else ()
        for rule in ("/<feedsvc_path:path>", *bare):
            state.add_url_rule(rule, "show", show, methods=METHODS, merge_slashes=False)

    blueprint.record(mount)
    return blueprint


def file_at(publisher: Documents, path: str) -> Response:
    """A file of the seeds, whole or a range of it; 404 when it is not the one that was kept."""
    try:
        one = publisher.media(path)
    except UnknownPath:
        return response(delivery.refuse(404, "Nothing is published here."))
    if not is_intact(one):
        log.warning("%s is gone or was changed; ingest the seeds again", one.file)
        return response(delivery.refuse(404, "The file is gone, or was changed since."))
    try:
        sent = send_file(
            one.file,
            request.environ,
            mimetype=one.media_type,
            etag=digest_in(one),
            max_age=YEAR_SECONDS,
        )
    except RequestedRangeNotSatisfiable:
        size = ("Content-Range", f"bytes */{one.size_bytes}")
        return response(delivery.plain(416, "No such range in this file.", "no-store", (size,)))
    policy = (ACTIVE_POLICY,) if one.media_type in ACTIVE else ()
    sent.headers.extend([*delivery.CORS, delivery.NOSNIFF, *policy])
    sent.cache_control.immutable = True
    return cast("Response", Response.force_type(sent))  # made one of Flask


def default_publisher() -> Documents:
    """The publisher of the settings found by file and environment."""
    from feedsvc.service import open_publisher

    return open_publisher()


def response(reply: Reply) -> Response:
    """A Reply as Flask sends it."""
    # In a list, for a body given alone brings its own Content-Length, which HEAD must not have.
    return ExactResponse([reply.body], reply.status, Headers(list(reply.headers)))


def healthz() -> Response:
    return response(delivery.plain(200, "ok", "no-store"))


def refused(error: HTTPException) -> Response:
    """What Flask itself refuses, told like everything else here: a line of text."""
    status = error.code or 500
    allow = delivery.ALLOWED if status == 405 else None
    return response(delivery.refuse(status, error.description or "Refused.", allow=allow))
