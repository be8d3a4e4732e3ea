"""What this program publishes gives a check nothing to tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from feedsvc.check import check_document
from feedsvc.service import Service

OpenService = Callable[..., Service]
FEEDS = (".xml", ".json", ".opml")
SITEMAP = "/sitemap.xml"  # of pages, not of entries


def test_no_document_of_the_seed_site_breaks_a_rule(open_service: OpenService, seeds: Path) -> None:
    base = "https://news.example.org"
    service = open_service(seeds, FEEDSVC_BASE_URL=base)
    service.ingest()
    publisher = service.publisher()
    paths = [path for path in publisher.paths() if path.endswith(FEEDS) and path != SITEMAP]

    told = {
        path: findings
        for path in paths
        if (
            findings := check_document(
                publisher.document(path).body,
                name=path,
                address=base + path,
                now=datetime.now(UTC),
            )
        )
    }

    assert len(paths) > 3
    assert told == {}
