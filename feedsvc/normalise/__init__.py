"""What is this item? RawItem in, Judged out: text, markup, titles, dates, identity.

Room: normalise. Pure: no clock, no file, no randomness; the moment of reading is an
argument. Imports model and errors, nothing else of ours; called by ingest and the doors.
"""

from __future__ import annotations

from feedsvc.normalise.context import Context

__all__ = ["Context"]
