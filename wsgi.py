"""The app for a WSGI server: `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app`."""

from __future__ import annotations

from feedsvc.web import create_app

app = create_app()
