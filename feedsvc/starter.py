"""A first settings file and a first seed, for `feedsvc init`.

Room: starter. Never overwrites. Called by cli.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

from feedsvc.files import write_atomically

_SETTINGS = """\
# Settings of feedsvc. Every key is optional; an unknown one is an error that names the nearest.

[site]
# Names this site in the ids of its feeds. Never change it.
id = "{id}"
title = "My feeds"
# Where the documents will be published. Unset, addresses say http://127.0.0.1:8000.
# base_url = "https://example.com"
language = "en"
time_zone = "UTC"
# author = "Your name"
# Keeps ids, dates and removals where the database does not last (a CI job, a lost disk).
ledger = "ledger.jsonl"

# How files are read; the last matching table wins, key by key.
[[source]]
path = "seeds/*.txt"
# When the text was captured: gives a day without a year its year.
# reference_date = 2025-05-14
# In which direction time runs down the file: "newest-first" or "oldest-first".
# order = "newest-first"
"""
_SEED = """\
The first item of my feed
2025-05-14

Replace this text with your own: one item a line, a headline above its story, or a list of
headlines below a label. JSON and JSON Lines files are welcome beside it.
"""


def start(folder: Path) -> Iterator[str]:
    """Write what is not there yet; yields a line a file."""
    files = {
        folder / "feedsvc.toml": _SETTINGS.format(id=uuid.uuid4()),
        folder / "seeds" / "first.txt": _SEED,
    }
    for file, text in files.items():
        if file.exists():
            yield f"{file} is there already; left as it is"
        else:
            write_atomically(file, text.encode())
            yield f"wrote {file}"
    yield "next: feedsvc serve"
