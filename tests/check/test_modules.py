"""The extensions of RSS and Atom: each rule has an edit that breaks it and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.check import Finding, Severity, check_document
from feedsvc.check.modules import registry

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = Path(__file__).parent.parent / "cases" / "check" / "modules"
NEWS, POD, ATOM = (
    (CASES / name).read_text(encoding="utf-8") for name in ("news.rss", "podcast.rss", "news.atom")
)


def found(text: str) -> tuple[Finding, ...]:
    return check_document(text.encode(), now=NOW)


def rules(text: str) -> list[str]:
    """The rules a document breaks, each once."""
    return list(dict.fromkeys(finding.rule.name for finding in found(text)))


def edited(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_documents_in_order_have_nothing_to_report(name: str) -> None:
    data = (CASES / name).read_bytes()

    assert [(f.rule.name, f.message) for f in check_document(data, now=NOW)] == []


def with_channel(text: str, words: str) -> str:
    """A document with more right before its first item."""
    return text.replace("<item>", words + "\n<item>", 1)


def with_item(text: str, words: str) -> str:
    """A document with more at the end of its first item."""
    return text.replace("</item>", words + "\n</item>", 1)


NEWS_EDITS = [
    ("<sy:updatePeriod>hourly", "<sy:updatePeriod>sometimes", "sy-update-period-invalid"),
    ("<sy:updatePeriod>hourly", "<sy:updatePeriod>Hourly", "sy-update-period-invalid"),
    ("<sy:updateFrequency>2", "<sy:updateFrequency>0", "sy-update-frequency-invalid"),
    ("<sy:updateFrequency>2", "<sy:updateFrequency>-1", "sy-update-frequency-invalid"),
    ("<sy:updateFrequency>2", "<sy:updateFrequency>", "sy-update-frequency-blank"),
    ("<sy:updateBase>2026-01-01T00:00:00Z", "<sy:updateBase>Monday", "date-w3cdtf-invalid"),
    ("<dc:date>2026-11-20T08:00:00Z", "<dc:date>20 Nov 2026", "date-w3cdtf-invalid"),
    ("<dc:language>en", "<dc:language>en_GB", "language-malformed"),
    ("<dc:rights>CC BY", "<dc:rights>&lt;b&gt;CC BY&lt;/b&gt;", "text-holds-html"),
    ("<slash:comments>3", "<slash:comments>many", "slash-comments-invalid"),
    ("<slash:comments>3", "<slash:comments>-3", "slash-comments-invalid"),
    ("<lastBuildDate>Sat, 21 Nov 2026 09:30:00 GMT</lastBuildDate>", "", "slash-comments-undated"),
    ("<slash:hit_parade>3,1", "<slash:hit_parade>3;1", "slash-hit-parade-invalid"),
    ("<wfw:commentRss>https://news.example.org", "<wfw:commentRss>", "address-relative"),
    ("<wfw:comment>https://news.example.org", "<wfw:comment>", "address-relative"),
    ("<creativeCommons:license>https://creative", "<creativeCommons:license>creative", "address-relative"),
    ("<georss:point>45.256 -71.92", "<georss:point>45.256", "georss-coordinates-wrong"),
    ("<georss:point>45.256 -71.92", "<georss:point>145.256 -71.92", "georss-coordinates-wrong"),
    ("<georss:point>45.256 -71.92", "<georss:point>45.256,-71.92", "georss-commas"),
    ("<georss:point>45.256 -71.92", "<georss:point>north", "georss-coordinates-wrong"),
    ("<gml:pos>45.256 -71.92", "<gml:pos>45.256 -271.92", "georss-coordinates-wrong"),
    ("45 -71 46 -71 46 -72 45 -71", "45 -71 46 -71 46 -72 45 -72", "georss-coordinates-wrong"),
    ("<georss:line>45 -71 46 -72", "<georss:line>45 -71 46", "georss-coordinates-wrong"),
    ("<georss:elev>313", "<georss:elev>high", "georss-elev-invalid"),
    ("<geo:lat>45.256", "<geo:lat>95.256", "geo-lat-invalid"),
    ("<geo:lat>45.256</geo:lat>", "", "geo-half-a-place"),
    ("<geo:long>-71.92", "<geo:long>W 71.92", "geo-long-invalid"),
    ('url="https://news.example.org/1.jpg"', 'url="/1.jpg"', "address-relative"),
    (' url="https://news.example.org/1.jpg"', "", "media-content-source-missing"),
    ('medium="image"', 'medium="picture"', "media-content-medium-invalid"),
    ('medium="image"', 'medium="video"', "media-content-medium-mismatch"),
    ("1.mp3", "1.png", "media-type-doubtful"),
    ('type="image/jpeg"', 'type="jpeg"', "media-content-type-invalid"),
    ('width="800"', 'width="800px"', "media-content-width-invalid"),
    ('height="600"', 'height="0"', "media-content-height-invalid"),
    ('fileSize="12345"', 'fileSize="12 kB"', "media-content-file-size-invalid"),
    ('fileSize="12345"', 'filesize="12345"', "media-content-attribute-spelling"),
    ('fileSize="12345"', 'weight="12345"', "media-content-attribute-unknown"),
    ('expression="full"', 'expression="whole"', "media-content-expression-invalid"),
    ('bitrate="128.5"', 'bitrate="fast"', "media-content-bitrate-invalid"),
    ('duration="61"', 'duration="1:01"', "media-content-duration-invalid"),
    ('channels="2"', 'channels="stereo"', "media-content-channels-invalid"),
    ('isDefault="true"', 'isDefault="yes"', "media-content-is-default-invalid"),
    ('isDefault="false"', 'isDefault="true"', "media-group-two-defaults"),
    ('lang="de"', 'lang="deutsch"', "language-unknown"),
    ("<media:group>", '<media:group isDefault="true">', "media-group-attribute-unknown"),
    ('<media:thumbnail url="https://news.example.org/t.jpg"', "<media:thumbnail", "media-thumbnail-url-missing"),
    ('time="12:05:01.123"', 'time="late"', "media-thumbnail-time-invalid"),
    ('<media:title type="plain">A film', '<media:title type="text">A film', "media-title-type-invalid"),
    ("A film</media:title>", "A &lt;b&gt;film&lt;/b&gt;</media:title>", "text-holds-html"),
    ("&lt;p&gt;Of a &lt;b&gt;day&lt;/b&gt;.&lt;/p&gt;", "&lt;p&gt;Of a &lt;b&gt;day.&lt;/p&gt;", "html-unbalanced"),
    ('<media:hash algo="md5">', '<media:hash algo="crc">', "media-hash-algo-invalid"),
    ("dfdec888b72151965a34b4b59031290a", "dfdec888", "media-hash-invalid"),
    ('<media:rating scheme="urn:simple">nonadult', '<media:rating scheme="urn:simple">fine', "media-rating-invalid"),
    ('<media:rating scheme="urn:mpaa">pg', '<media:rating scheme="urn:mpaa">PG', "media-rating-invalid"),
    ('<media:player url="https://news.example.org/p"', "<media:player", "media-player-url-missing"),
    ('role="photographer"', 'role="Photographer"', "media-credit-role-unknown"),
    ('role="photographer"', 'role="nobody"', "media-credit-role-unknown"),
    ('<media:copyright url="https://', '<media:copyright url="', "address-relative"),
    ('relationship="allow" ', "", "media-restriction-relationship-missing"),
    ('relationship="allow"', 'relationship="permit"', "media-restriction-relationship-invalid"),
    ('type="country"', 'type="land"', "media-restriction-type-invalid"),
    ("GB IE<", "GB Ireland<", "media-restriction-invalid"),
    ('<media:text type="plain"', '<media:text type="words"', "media-text-type-invalid"),
    ('start="0:00:10"', 'start="10 seconds"', "media-text-start-invalid"),
    ('<media:category scheme="https://', '<media:category scheme="', "address-relative"),
    ("<media:keywords>a, b<", "<media:keywords><", "media-keywords-blank"),
    ("</media:keywords>", "</media:keywords><media:keywords>c</media:keywords>", "media-keywords-twice"),
    ("</media:group>", "<media:adult>true</media:adult></media:group>", "media-adult-deprecated"),
    ("</media:group>", "<media:film/></media:group>", "media-element-unknown"),
    ("</media:group>", "<media:Thumbnail/></media:group>", "media-element-unknown"),
    ('average="3.5"', 'average="good"', "media-star-rating-average-invalid"),
    ('state="active"', 'state="on"', "media-status-state-invalid"),
    ('currency="EUR"', 'currency="euro"', "media-price-currency-invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule"), NEWS_EDITS)
def test_an_edit_of_a_news_feed(old: str, new: str, rule: str) -> None:
    assert rules(edited(NEWS, old, new)) == [rule]


NEWS_ADDITIONS = [
    ("channel", "<dc:publisher>A</dc:publisher>", "dc-said-twice"),
    ("channel", "<dc:creator>A</dc:creator>", "dc-said-twice"),
    ("channel", "<dc:date>2026-11-20</dc:date>", "dc-said-twice"),
    ("channel", "<dcterms:modified>2026-11-20</dcterms:modified>", "dc-said-twice"),
    ("channel", "<dc:title>A</dc:title><dc:title>B</dc:title>", "dc-title-twice"),
    ("channel", "<dc:maker>A</dc:maker>", "dc-element-unknown"),
    ("channel", "<dc:creater>A</dc:creater>", "dc-element-unknown"),
    ("channel", "<sy:UpdatePeriod>hourly</sy:UpdatePeriod>", "sy-element-unknown"),
    ("channel", "<sy:updatePeriod>daily</sy:updatePeriod>", "sy-update-period-twice"),
    ("channel", "<wfw:comment>https://news.example.org/</wfw:comment>", "wfw-comment-misplaced"),
    ("channel", "<content:encoded>A</content:encoded>", "content-encoded-misplaced"),
    ("channel", '<media:content url="https://news.example.org/1.jpg"/>', "media-content-misplaced"),
    ("channel", "<feedburner:origLink>https://a.example.org/</feedburner:origLink>", "feedburner-orig-link-misplaced"),
    ("item", "<dc:subject>Ukraine</dc:subject>", "dc-said-twice"),
    ("item", "<dc:source>A</dc:source>", "dc-said-twice"),
    ("item", "<sy:updatePeriod>hourly</sy:updatePeriod>", "sy-update-period-misplaced"),
    ("item", "<slash:comments>4</slash:comments>", "slash-comments-twice"),
    ("item", "<wfw:commentRSS>https://news.example.org/c</wfw:commentRSS>", "wfw-element-unknown"),
    ("item", "<content:encoded>A</content:encoded>", "content-encoded-twice"),
    ("item", '<media:group><media:content url="https://news.example.org/1.jpg"/></media:group>', "media-group-without-alternatives"),
    ("item", '<media:thumbnail url="https://news.example.org/1.jpg">A</media:thumbnail>', "media-thumbnail-text-unexpected"),
    ("item", "<media:starRating/>", "media-star-rating-misplaced"),
    ("item", "<media:comments/>", "media-comments-comment-missing"),
    ("item", "<feedburner:awareness>/1</feedburner:awareness>", "address-relative"),
    ("item", '<x:y xmlns:x="https://example.net/unheard-of">A</x:y>', "namespace-unknown"),
    ("channel", '<cc:license xmlns:cc="http://web.resource.org/cc/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>', "licence-said-twice"),
    ("channel", '<generator>A</generator><admin:generatorAgent xmlns:admin="http://webns.net/mvcb/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:resource="https://news.example.org/a"/>', "admin-generator-said-twice"),
    ("item", '<trackback:ping xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:resource="https://news.example.org/t"/>', "trackback-address-missing"),
    ("item", '<icbm:latitude xmlns:icbm="http://postneo.com/icbm">91</icbm:latitude>', "icbm-latitude-invalid"),
    ("item", '<geourl:longitude xmlns:geourl="http://geourl.org/rss/module/">-181</geourl:longitude>', "geourl-longitude-invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "words", "rule"), NEWS_ADDITIONS)
def test_an_addition_to_a_news_feed(place: str, words: str, rule: str) -> None:
    add = with_channel if place == "channel" else with_item

    assert rules(add(NEWS, words)) == [rule]


POD_EDITS = [
    ("<itunes:author>Example</itunes:author>", "", "itunes-author-missing"),
    ("<itunes:author>Example</itunes:author>", "<itunes:author/>", "itunes-author-blank"),
    ("<itunes:author>Example<", "<itunes:author>" + "x" * 256 + "<", "itunes-author-invalid"),
    ("<itunes:email>pod@news.example.org</itunes:email>", "", "itunes-owner-email-missing"),
    ("<itunes:email>pod@news.example.org", "<itunes:email>pod at example", "itunes-email-invalid"),
    ('<itunes:image href="https://news.example.org/pod.jpg"/>', "", "itunes-image-missing"),
    ('<itunes:image href="https://news.example.org/pod.jpg"/>', "<itunes:image/>", "itunes-image-href-missing"),
    ("https://news.example.org/pod.jpg", "/pod.jpg", "address-relative"),
    ("https://news.example.org/pod.jpg", "https://news.example.org/pod.webp", "itunes-image-format"),
    ('<itunes:category text="News"><itunes:category text="Politics"/></itunes:category>', "", "itunes-category-missing"),
    ('<itunes:category text="Politics"/>', "<itunes:category/>", "itunes-category-text-missing"),
    ('text="Politics"', 'text="Gardening"', "itunes-category-unknown"),
    ('text="Politics"', 'text="politics"', "itunes-category-unknown"),
    ('text="News"', 'text="Nachrichten"', "itunes-category-unknown"),
    ('text="Politics"', 'text="Business News "', "itunes-category-unknown"),
    ('<itunes:category text="News"><itunes:category text="Politics"/>', '<itunes:category text="News &amp; Politics">', "itunes-category-old"),
    ('<itunes:category text="Politics"/>', '<itunes:category text="Politics"><itunes:category text="Politics"/></itunes:category>', "itunes-category-deep"),
    ("<itunes:explicit>false</itunes:explicit>\n    <itunes:type>", "<itunes:type>", "itunes-explicit-missing"),
    ("<itunes:explicit>false</itunes:explicit>\n    <itunes:type>", "<itunes:explicit>No</itunes:explicit><itunes:type>", "itunes-explicit-old"),
    ("<itunes:explicit>false</itunes:explicit>\n    <itunes:type>", "<itunes:explicit>True</itunes:explicit><itunes:type>", "itunes-explicit-invalid"),
    ("<itunes:type>episodic", "<itunes:type>daily", "itunes-type-invalid"),
    ("<itunes:duration>61", "<itunes:duration>1 minute", "itunes-duration-invalid"),
    ("<itunes:duration>61", "<itunes:duration>1:61", "itunes-duration-invalid"),
    ("<itunes:duration>61", "<itunes:duration>", "itunes-duration-blank"),
    ("<itunes:episode>1", "<itunes:episode>0", "itunes-episode-invalid"),
    ("<itunes:episode>1", "<itunes:episode>one", "itunes-episode-invalid"),
    ("<itunes:season>2", "<itunes:season>-2", "itunes-season-invalid"),
    ("<itunes:episodeType>full", "<itunes:episodeType>Full", "itunes-episode-type-invalid"),
    ("<itunes:block>no", "<itunes:block>perhaps", "itunes-block-invalid"),
    ("<itunes:keywords>a, b", "<itunes:keywords>many words without a comma", "itunes-keywords-invalid"),
    ("<itunes:summary>Short", "<itunes:summary>&lt;b&gt;Short&lt;/b&gt;", "text-holds-html"),
    ("<itunes:title>One", "<itunes:title>Q&amp;amp;A", "text-double-escaped"),
    ("1.mp3", "1.ogg", "podcast-enclosure-format"),
    ("<description>First", "<description>" + "First " * 700, "podcast-description-long"),
    ("<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>", "", "podcast-guid-missing"),
    ('<podcast:locked owner="pod@news.example.org">no</podcast:locked>', "", "podcast-locked-missing"),
    ("917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>", "917393e3</podcast:guid>", "podcast-guid-invalid"),
    ("917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>", "917393e3-1b1e-4cef-ace4-edaa54e1f810</podcast:guid>", "podcast-guid-version"),
    (">no</podcast:locked>", ">maybe</podcast:locked>", "podcast-locked-invalid"),
    (">no</podcast:locked>", ">No</podcast:locked>", "podcast-locked-invalid"),
    ('owner="pod@news.example.org"', 'owner="Pod"', "podcast-locked-owner-invalid"),
    ('<podcast:funding url="https://news.example.org/donate">', "<podcast:funding>", "podcast-funding-url-missing"),
    ("Support</podcast:funding>", "S" * 129 + "</podcast:funding>", "podcast-funding-invalid"),
    ("<podcast:medium>podcast", "<podcast:medium>radio", "podcast-medium-invalid"),
    ("<podcast:medium>podcast", "<podcast:medium>musicL", "podcast-medium-list-items"),
    ('<podcast:transcript url="https://news.example.org/1.vtt" type="text/vtt"', '<podcast:transcript type="text/vtt"', "podcast-transcript-url-missing"),
    (' type="text/vtt"', "", "podcast-transcript-type-missing"),
    ('type="text/vtt"', 'type="vtt"', "podcast-transcript-type-invalid"),
    ('type="text/vtt"', 'type="application/pdf"', "podcast-transcript-type-unknown"),
    ('rel="captions"', 'rel="subtitles"', "podcast-transcript-rel-invalid"),
    (' type="application/json+chapters"', "", "podcast-chapters-type-missing"),
    ('<podcast:chapters url="https://news.example.org/1.json"', "<podcast:chapters", "podcast-chapters-url-missing"),
    (">Jane</podcast:person>", "></podcast:person>", "podcast-person-blank"),
    ('role="host"', 'role="hoster"', "podcast-person-role-unknown"),
    ('group="cast"', 'group="crew"', "podcast-person-group-unknown"),
    ('img="https://news.example.org/jane.jpg"', 'img="jane.jpg"', "address-relative"),
    ('startTime="33.5" ', "", "podcast-soundbite-start-time-missing"),
    ('duration="60.0"', 'duration="a minute"', "podcast-soundbite-duration-invalid"),
    ('duration="60.0"', 'duration="600"', "podcast-soundbite-length"),
    ('geo="geo:30.2672,-97.7431"', 'geo="30.2672,-97.7431"', "podcast-location-geo-invalid"),
    ('osm="R113314"', 'osm="113314"', "podcast-location-osm-invalid"),
    ('country="US"', 'country="USA"', "podcast-location-country-invalid"),
    ('rel="subject"', 'rel="about"', "podcast-location-rel-invalid"),
    (">3</podcast:season>", ">third</podcast:season>", "podcast-season-invalid"),
    (">315.5</podcast:episode>", ">Ch.3</podcast:episode>", "podcast-episode-invalid"),
    ('display="Ch.3"', f'display="{"C" * 33}"', "podcast-episode-display-invalid"),
    ('<podcast:trailer pubdate="Thu, 01 Oct 2026 08:00:00 GMT"', "<podcast:trailer", "podcast-trailer-pubdate-missing"),
    ('pubdate="Thu, 01 Oct 2026 08:00:00 GMT"', 'pubdate="2026-10-01"', "date-rfc822-invalid"),
    ("<podcast:license>cc-by-4.0", "<podcast:license>my-own", "podcast-license-url-missing"),
    ('<podcast:source uri="https://news.example.org/1.opus"/>', "", "podcast-alternate-enclosure-source-missing"),
    ('<podcast:alternateEnclosure type="audio/opus"', "<podcast:alternateEnclosure", "podcast-alternate-enclosure-type-missing"),
    ('default="true"', 'default="1"', "podcast-alternate-enclosure-default-invalid"),
    ('<podcast:integrity type="sri"', '<podcast:integrity type="md5"', "podcast-integrity-type-invalid"),
    ('<podcast:value type="lightning" method="keysend"', '<podcast:value type="lightning"', "podcast-value-method-missing"),
    ('address="02d5c1" split="90"', 'address="02d5c1"', "podcast-value-recipient-split-missing"),
    ('split="90"', 'split="90%"', "podcast-value-recipient-split-invalid"),
    ('startTime="60" duration="237"', 'startTime="60"', "podcast-value-time-split-duration-missing"),
    ('<podcast:remoteItem itemGuid="x" feedGuid="a94f5cc9-8c58-55fc-91fe-a324087a655b"/>', "", "podcast-value-time-split-recipients"),
    ('status="live"', 'status="running"', "podcast-live-item-status-invalid"),
    ('start="2026-11-26T07:30:00.000-0600"', 'start="tonight"', "podcast-live-item-start-invalid"),
    ('<podcast:contentLink href="https://news.example.org/live">Watch</podcast:contentLink>', "", "podcast-live-item-content-link-missing"),
    ('<podcast:contentLink href="https://news.example.org/live">', "<podcast:contentLink>", "podcast-content-link-href-missing"),
    ('protocol="activitypub"', 'protocol="carrier-pigeon"', "podcast-social-interact-protocol-invalid"),
    ('uri="https://social.example.org/1"', "", "podcast-social-interact-uri-missing"),
    ('<podcast:block id="spotify">yes', '<podcast:block id="spotify">true', "podcast-block-invalid"),
    ('<podcast:block id="spotify">', '<podcast:block id="nobody">', "podcast-block-service-unknown"),
    ('purpose="verify"', f'purpose="{"v" * 129}"', "podcast-txt-purpose-invalid"),
    ('<podcast:remoteItem feedGuid="29cdca4a-32d8-56ba-b48b-09a011c5daa9"/>', "", "podcast-podroll-remote-item-missing"),
    ('feedGuid="29cdca4a-32d8-56ba-b48b-09a011c5daa9"', 'feedGuid="29cdca4a"', "podcast-remote-item-feed-guid-invalid"),
    ('medium="publisher"', 'medium="podcast"', "podcast-publisher-items"),
    ('rrule="FREQ=WEEKLY;BYDAY=MO"', 'rrule="every week"', "podcast-update-frequency-rrule-invalid"),
    ('rrule="FREQ=WEEKLY;BYDAY=MO"', 'rrule="FREQ=WEEKLY;COUNT=10"', "podcast-update-frequency-dtstart-missing"),
    ('usesPodping="true"', 'usesPodping="on"', "podcast-podping-uses-podping-invalid"),
    ('usesPodping="true"', "", "podcast-podping-uses-podping-missing"),
    ('protocol="irc"', "", "podcast-chat-protocol-missing"),
    ('<podcast:image href="https://news.example.org/wide.jpg"', "<podcast:image", "podcast-image-href-missing"),
    ('aspect-ratio="16/9"', 'aspect-ratio="wide"', "podcast-image-aspect-ratio-invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule"), POD_EDITS)
def test_an_edit_of_a_podcast(old: str, new: str, rule: str) -> None:
    assert rules(edited(POD, old, new)) == [rule]


POD_ADDITIONS = [
    ("channel", "<itunes:duration>61</itunes:duration>", "itunes-duration-misplaced"),
    ("channel", "<itunes:type>episodic</itunes:type>", "itunes-type-twice"),
    ("channel", "<itunes:new-feed-url>/pod.rss</itunes:new-feed-url>", "address-relative"),
    ("channel", "<itunes:newFeedUrl>https://a.example.org/</itunes:newFeedUrl>", "itunes-element-unknown"),
    ("channel", "<itunes:complete>finished</itunes:complete>", "itunes-complete-invalid"),
    ("channel", '<podcast:images srcset="https://news.example.org/a.jpg 600w"/>', "podcast-images-deprecated"),
    ("channel", '<podcast:transcript url="https://news.example.org/1.vtt" type="text/vtt"/>', "podcast-transcript-misplaced"),
    ("channel", "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>", "podcast-guid-twice"),
    ("channel", "<podcast:Locked>no</podcast:Locked>", "podcast-element-unknown"),
    ("channel", "<podcast:invention>A</podcast:invention>", "podcast-element-unknown"),
    ("item", "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>", "podcast-guid-misplaced"),
    ("item", "<podcast:locked>no</podcast:locked>", "podcast-locked-misplaced"),
    ("item", "<itunes:type>episodic</itunes:type>", "itunes-type-misplaced"),
    ("item", '<podcast:images srcset="a.jpg 600w"/>', "podcast-images-srcset-invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "words", "rule"), POD_ADDITIONS)
def test_an_addition_to_a_podcast(place: str, words: str, rule: str) -> None:
    add = with_channel if place == "channel" else with_item

    told = rules(add(POD, words))

    assert [name for name in told if name != "podcast-images-deprecated" or name == rule] == [rule]


def test_a_podcast_says_which_language_is_spoken() -> None:
    silent = edited(POD, "<language>en</language>", "")

    assert "itunes-language-missing" in rules(silent)
    assert "itunes-language-missing" not in rules(
        with_channel(
            silent, '<dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">en</dc:language>'
        )
    )


def test_a_podcast_without_an_owner() -> None:
    start, end = POD.index("<itunes:owner>"), POD.index("</itunes:owner>") + len("</itunes:owner>")

    assert rules(POD[:start] + POD[end:]) == ["itunes-owner-missing"]


def test_an_episode_needs_something_to_play_a_title_and_a_date() -> None:
    bare = POD.replace("</channel>", "<item><description>x</description></item></channel>")

    assert {"podcast-enclosure-missing", "podcast-title-missing", "podcast-date-missing"} <= set(
        rules(bare)
    )


def test_a_serial_podcast_numbers_its_episodes() -> None:
    serial = edited(POD, "<itunes:type>episodic", "<itunes:type>serial")

    assert rules(serial) == []
    assert rules(edited(serial, "<itunes:episode>1</itunes:episode>", "")) == [
        "itunes-episode-missing"
    ]


def test_a_news_feed_with_a_picture_of_itunes_is_no_podcast() -> None:
    namespace = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    picture = '<itunes:image href="https://news.example.org/pod.jpg"/>'
    text = NEWS.replace('<rss version="2.0"', f'<rss version="2.0" {namespace}')

    assert rules(with_channel(text, picture)) == []


def test_atom_entries_are_looked_at_too() -> None:
    assert rules(edited(ATOM, 'medium="image"', 'medium="picture"')) == [
        "media-content-medium-invalid"
    ]
    assert rules(edited(ATOM, "<georss:point>45 -71", "<georss:point>45")) == [
        "georss-coordinates-wrong"
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("<app:edited>2026-11-21T08:00:00Z</app:edited>", []),
        ("<app:edited>yesterday</app:edited>", ["date-rfc3339-invalid"]),
        ("<app:control><app:draft>no</app:draft></app:control>", []),
        ("<app:control><app:draft>perhaps</app:draft></app:control>", ["app-draft-invalid"]),
        ("<app:draft>no</app:draft>", ["app-draft-misplaced"]),
    ],
)
def test_marks_of_the_publishing_protocol(words: str, expected: list[str]) -> None:
    text = edited(ATOM, "<feed ", '<feed xmlns:app="http://www.w3.org/2007/app" ')

    assert rules(edited(text, "</entry>", words + "</entry>")) == expected


def test_a_flare_of_atom_may_be_relative_and_holds_no_blanks() -> None:
    flare = '<feedburner:feedFlare href="https://a.example.org/" src="{}">A</feedburner:feedFlare>'
    uri = "http://rssnamespace.org/feedburner/ext/1.0"
    text = edited(ATOM, "<feed ", f'<feed xmlns:feedburner="{uri}" ')

    assert rules(text.replace("<entry>", flare.format("flares/a") + "<entry>", 1)) == []
    assert rules(text.replace("<entry>", flare.format("not a URI") + "<entry>", 1)) == [
        "address-whitespace"
    ]


def test_an_unknown_vocabulary_is_advice_once() -> None:
    strange = '<x:y xmlns:x="https://example.net/unheard-of">A</x:y>'

    told = found(NEWS.replace("</item>", strange + "</item>"))

    assert [(f.rule.name, f.rule.severity) for f in told] == [
        ("namespace-unknown", Severity.ADVICE)
    ]


def test_a_live_item_is_looked_into() -> None:
    assert rules(edited(POD, "<itunes:subtitle>Live", "<itunes:subtitle>" + "x" * 256)) == [
        "itunes-subtitle-invalid"
    ]


def test_the_folder_is_the_registry() -> None:
    prefixes = {vocabulary.prefix for vocabulary in registry().values()}

    assert {"dc", "dcterms", "content", "sy", "slash", "wfw", "media"} <= prefixes
    assert {"itunes", "podcast", "georss", "geo", "creativeCommons"} <= prefixes
