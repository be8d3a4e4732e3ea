"""What a body may be made of: the table that hygiene and what comes before it share.

Room: normalise. Imports nothing of ours; called by markup and rescue.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

TABLES = tomllib.loads(files("feedsvc.normalise").joinpath("markup.toml").read_text("utf-8"))
ELEMENTS = {kind: frozenset(names.split()) for kind, names in TABLES["elements"].items()}
ATTRIBUTES = {tag: set(names.split()) for tag, names in TABLES["attributes"].items()}
KEPT = frozenset().union(
    *(ELEMENTS[kind] for kind in ("blocks", "lines", "inline", "table", "media"))
)
