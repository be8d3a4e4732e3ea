"""feedsvc: raw items in, dated RSS, Atom and JSON feeds with permanent ids out."""

__version__ = "0.1.0"
