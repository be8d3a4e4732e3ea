"""What RSS and Atom say in namespaces of others, ours and those a package brings along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from feedsvc.formats import atom, rss
from feedsvc.formats.extensions import extensions
from tests.builders import entry, page

GEORSS = """
from feedsvc.formats.extensions import Namespace

PREFIX, URI = "georss", "http://www.georss.org/georss"
georss = Namespace(PREFIX, URI)


def item(item, dialect):
    if item.entry.section == "Kyiv":
        yield georss("point", "50.45 30.52")


def head(head):
    yield georss("featureName", head.title)


def is_for(page):
    return not page.feed.path
"""
BARE = """
from lxml import etree

PREFIX, URI, FORMATS = "slash", "http://purl.org/rss/1.0/modules/slash/", ("rss",)


def item(item, dialect):
    made = etree.Element("{http://purl.org/rss/1.0/modules/slash/}section")
    made.text = item.title
    yield made
"""
STRANGE = BARE.replace('Element("{http://purl.org/rss/1.0/modules/slash/}', 'Element("{urn:x}')
RENDER = """
from feedsvc.formats import atom, rss
from feedsvc.model import Feed
from tests.builders import entry, page
made = page(entry(1, section="Kyiv"), entry(2), feed=Feed(path={path!r}, title="T"))
print({format}.render(made).decode())
"""


@pytest.fixture
def package(tmp_path):
    """Installs a module as an extension; gives what a program prints beside it."""

    def install(name, source):
        folder = tmp_path / f"{name}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Name: {name}\nVersion: 1\n")
        (folder / "entry_points.txt").write_text(f"[feedsvc.extensions]\n{name} = {name}\n")
        (tmp_path / f"{name}.py").write_text(source)

    def run(format, path=""):
        return subprocess.run(
            [sys.executable, "-c", RENDER.format(format=format, path=path)],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )

    install.run = run
    return install


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_a_package_brings_a_namespace_along(package, format):
    package("georss", GEORSS)

    document = package.run(format).stdout

    assert document.count('xmlns:georss="http://www.georss.org/georss"') == 1
    assert document.count("<georss:featureName>T</georss:featureName>") == 1
    assert document.count("<georss:point>50.45 30.52</georss:point>") == 1


def test_a_feed_that_does_not_speak_a_namespace_does_not_declare_it(package):
    package("georss", GEORSS)

    assert "georss" not in package.run("rss", "tags/war").stdout


def test_an_element_made_by_other_means_gets_the_prefix_too(package):
    package("slash", BARE)

    document = package.run("rss").stdout

    assert "<slash:section>Entry 2</slash:section>" in document
    assert "ns0" not in document
    assert "slash" not in package.run("atom").stdout


def test_an_element_of_an_undeclared_namespace_is_refused_by_name(package):
    package("strange", STRANGE)

    told = package.run("rss").stderr

    assert "extension slash: <{urn:x}section> is not of its namespace" in told


def test_two_extensions_never_share_a_prefix(package):
    package("ours", BARE.replace('"slash"', '"media"'))

    told = package.run("rss").stderr

    assert "two extensions have the prefix media" in told
    assert "uninstall one of the packages" in told


@pytest.mark.parametrize("format", [rss, atom])
def test_every_prefix_of_ours_is_declared_on_the_root_alone(format):
    document = format.render(page(entry(1))).decode()
    root = etree.fromstring(document.encode())

    assert document.count("xmlns:") == len([prefix for prefix in root.nsmap if prefix])
    assert "ns0" not in document


def test_no_two_extensions_of_ours_name_one_namespace():
    found = {one.prefix: one.uri for one in extensions("rss") + extensions("atom")}

    assert len(set(found.values())) == len(found)
