"""What a feed cannot carry becomes what it can: links, pictures, words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Markup
from feedsvc.normalise.markup import to_html
from feedsvc.normalise.rescue import page_of, rescued


def html(body: str) -> str:
    return to_html(body, Markup.HTML)


def link(address: str, words: str) -> str:
    return f'<p><a href="{address}">{words}</a></p>'


@pytest.mark.parametrize(
    ("player", "page"),
    [
        (
            "https://www.youtube.com/embed/aBc-dEf_123?rel=0",
            "https://www.youtube.com/watch?v=aBc-dEf_123",
        ),
        (
            "//www.youtube-nocookie.com/embed/aBc-dEf_123?start=90",
            "https://www.youtube.com/watch?v=aBc-dEf_123&t=90s",
        ),
        (
            "http://youtube.com/embed/videoseries?si=x&list=PL1",
            "https://www.youtube.com/playlist?list=PL1",
        ),
        ("https://player.vimeo.com/video/76979871?title=0", "https://vimeo.com/76979871"),
        ("https://player.vimeo.com/video/769?h=ab12", "https://vimeo.com/769/ab12"),
        (
            "https://w.soundcloud.com/player/?color=f&url=https%3A//api.soundcloud.com/tracks/2",
            "https://api.soundcloud.com/tracks/2",
        ),
        ("https://open.spotify.com/embed/episode/7x?t=1", "https://open.spotify.com/episode/7x"),
        (
            "https://embed.podcasts.apple.com/de/podcast/x/id1?i=2",
            "https://podcasts.apple.com/de/podcast/x/id1",
        ),
        ("https://www.dailymotion.com/embed/video/x8", "https://www.dailymotion.com/video/x8"),
        (
            "https://player.twitch.tv/?video=v123&parent=h.test",
            "https://www.twitch.tv/videos/123",
        ),
        (
            "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1&width=5",
            "https://www.facebook.com/a/posts/1",
        ),
        (
            "https://platform.twitter.com/embed/Tweet.html?dnt=1&id=42",
            "https://x.com/i/status/42",
        ),
        ("https://www.instagram.com/reel/C-x/embed/", "https://www.instagram.com/reel/C-x/"),
        ("https://codepen.io/ann/embed/preview/ab?height=3", "https://codepen.io/ann/pen/ab"),
        ("https://maps.test/embed?pb=1", "https://maps.test/embed?pb=1"),
        ("frames/map.html", "frames/map.html"),
    ],
)
def test_a_player_shows_a_page(player, page):
    assert page_of(player) == page


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            '<iframe src="https://www.youtube.com/embed/aBcdEf" title="Rain &amp; sun"></iframe>',
            link("https://www.youtube.com/watch?v=aBcdEf", "Rain &amp; sun"),
            id="a frame with a title",
        ),
        pytest.param(
            "<p>a</p><p><IFRAME SRC=//maps.test/m?x=1&y=2>no frames</IFRAME></p><p>b</p>",
            "<p>a</p>"
            + link("https://maps.test/m?x=1&amp;y=2", "maps.test/m?x=1&amp;y=2")
            + "<p>b</p>",
            id="a frame in a paragraph",
        ),
        pytest.param(
            '<iframe src="about:blank" data-src="https://h.test/f"></iframe>',
            link("https://h.test/f", "h.test/f"),
            id="a frame that is loaded later",
        ),
        pytest.param(
            '<object><param value="https://www.youtube.com/v/aBcdEf" name="movie">'
            '<embed src="https://www.youtube.com/v/aBcdEf">old</object>',
            link("https://www.youtube.com/watch?v=aBcdEf", "youtube.com/watch?v=aBcdEf"),
            id="an object",
        ),
        pytest.param(
            '<embed src="https://h.test/x.swf">',
            link("https://h.test/x.swf", "h.test/x.swf"),
            id="embedded",
        ),
        pytest.param(
            '<object><img src="https://h.test/a.png" alt="A">f</object>',
            '<img src="https://h.test/a.png" alt="A">',
            id="an object without an address has its picture",
        ),
        pytest.param(
            '<lite-youtube videoid="aBcdEf"><a>x</a></lite-youtube>',
            link("https://www.youtube.com/watch?v=aBcdEf", "youtube.com/watch?v=aBcdEf"),
            id="a player of its own",
        ),
        pytest.param(
            '<iframe src="https://h.test/f"></iframe><noscript><iframe src="https://h.test/f">'
            "</iframe></noscript>",
            link("https://h.test/f", "h.test/f"),
            id="twice the same",
        ),
        pytest.param('a<iframe src="javascript:x()"></iframe>', "a", id="a script"),
        pytest.param('a<iframe src="data:text/html,x"></iframe>', "a", id="data"),
        pytest.param(
            '<noscript><iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>'
            "</noscript>a",
            "a",
            id="a counter",
        ),
        pytest.param(
            'a<iframe src="https://h.test/f" style="Display : none"></iframe>', "a", id="hidden"
        ),
        pytest.param(
            '<blockquote class="twitter-tweet"><p>Hi</p>Ann <a href="https://x.com/a/status/1">May'
            "</a></blockquote><script src=//x></script>",
            '<blockquote><p>Hi</p>Ann <a href="https://x.com/a/status/1">May</a></blockquote>',
            id="a post with its words",
        ),
        pytest.param(
            '<blockquote class="twitter-tweet"><a href="https://x.com/a/status/1"></a></blockquote>',
            '<blockquote><a href="https://x.com/a/status/1">https://x.com/a/status/1</a></blockquote>',
            id="a post without words",
        ),
        pytest.param(
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com'
            '/p/C/?utm=1"><div></div></blockquote>',
            "<blockquote>"
            + link("https://www.instagram.com/p/C/", "instagram.com/p/C/")
            + "</blockquote>",
            id="a post that a script would fill",
        ),
    ],
)
def test_frames_become_links(body, expected):
    assert html(body) == expected


PICTURE = '<img src="https://h.test/a.jpg" alt="A">'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<img class="lazy" data-src="https://h.test/a.jpg" alt="A">', PICTURE),
        (
            '<img src="data:image/gif;base64,R0" data-lazy-src="https://h.test/a.jpg" alt=A>',
            PICTURE,
        ),
        ('<img src="https://h.test/tiny.jpg" data-original="https://h.test/a.jpg" alt=A>', PICTURE),
        (f'<img src="https://h.test/blank.gif" alt=A><noscript>{PICTURE}</noscript>', PICTURE),
        (f'<img data-src="https://h.test/a.jpg" alt=A><noscript>{PICTURE}</noscript>', PICTURE),
        (f'<noscript>{PICTURE}</noscript><img data-src="https://h.test/a.jpg" alt=A>', PICTURE),
        (f"<noscript>{PICTURE}</noscript>", PICTURE),
        (f"<noscript>Please enable scripts.</noscript>{PICTURE}", PICTURE),
        (
            f'<figure><img src="data:x" alt=A></figure><noscript>{PICTURE}</noscript>',
            f"<figure>{PICTURE}</figure>",
        ),
        (
            '<img src="data:x" data-srcset="https://h.test/a.jpg 1x, https://h.test/b.jpg 2x" alt=A>',
            '<img src="https://h.test/a.jpg" '
            'srcset="https://h.test/a.jpg 1x, https://h.test/b.jpg 2x" alt="A">',
        ),
        (
            '<picture><source data-srcset="https://h.test/a.webp" type="image/webp">'
            '<img data-src="https://h.test/a.jpg" alt=A></picture>',
            '<picture><source srcset="https://h.test/a.webp" type="image/webp">'
            f"{PICTURE}</picture>",
        ),
        ('<amp-img src="https://h.test/a.jpg" alt="A"></amp-img>', PICTURE),
        (f'{PICTURE}<noscript><img src="https://h.test/pixel.gif?id=1"></noscript>', PICTURE),
    ],
)
def test_of_a_picture_that_is_loaded_later_one_picture_is_left(body, expected):
    assert html(body) == expected


@pytest.mark.parametrize(
    "pixel",
    [
        '<img src="https://h.test/x" width="1" height="1">',
        '<img src="https://h.test/x" height="0">',
        '<img src="https://h.test/x" width="1px">',
        '<img src="https://h.test/x" style="display:none">',
        '<img src="https://h.test/x" style="width: 1px; height: 1px">',
        '<img src="https://pixel.wp.com/b.gif?v=1" alt="">',
        '<a href="https://h.test/l"><img src="http://feeds.feedburner.com/~r/x/~4/y"></a>',
        '<img src="https://vg01.met.vgwort.de/na/0123">',
        '<img src="https://ad.doubleclick.net/x">',
        '<img src="https://x.us1.list-manage.com/track/open.php?u=1">',
        '<img src="https://mail.h.test/wf/open?upn=1">',
        '<img src="https://www.facebook.com/tr?id=1&amp;ev=PageView">',
    ],
)
def test_a_picture_that_only_counts_readers_is_dropped(pixel):
    assert html(f"<p>a{pixel}</p><p>{pixel}</p>") == "<p>a</p>"


def test_a_small_picture_and_a_style_stay():
    body = '<p><img src="https://h.test/a" width="16" height="10" style="min-height:1px"></p>'

    assert html(body) == '<p><img src="https://h.test/a" width="16" height="10"></p>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<math alttext="x^2"><mi>x</mi></math>', "x^2"),
        (
            '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">\\frac ab'
            "</annotation></semantics></math>",
            "\\frac ab",
        ),
        ("<math><mi>x</mi> <mo>&lt;</mo> <mn>2</mn></math>", "x&lt;2"),
        ("<svg aria-label='Rain &amp; sun'><path d=M0/></svg>", "Rain &amp; sun"),
        ("<svg viewBox='0'><title>A chart</title><text>x</text></svg>", "A chart"),
        ("a<svg><path d=M0/></svg>", "a"),
        (
            '<span class="katex"><math><mi>x</mi></math><span class="katex-html">x</span></span>',
            "<span><span>x</span></span>",
        ),
        ("<ul><li><input type=checkbox checked disabled> a</li></ul>", "<ul><li>☑ a</li></ul>"),
        ("<ul><li><input disabled type=checkbox> a</li></ul>", "<ul><li>☐ a</li></ul>"),
    ],
)
def test_formulas_drawings_and_boxes_become_words(body, expected):
    assert html(body) == expected


def test_what_hygiene_drops_whole_is_dropped_here_too():
    body = "<noscript></noscript><button>b</button><style>s</style><textarea>t</textarea><p>a</p>"

    assert html(body) == "<p>a</p>"


def test_plain_html_is_not_touched():
    body = "<p CLASS=x>a <b>b</p><img src=x ONERROR=y>"

    assert rescued(body) is body


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<iframe src=//h.test/f>",
            "</iframe>",
            "<object data=x>",
            "</object>",
            "<embed src=javascript:x>",
            "<noscript>",
            "</noscript>",
            "<img data-src='\"><script>x</script>'>",
            "<img src=data:x>",
            "<svg aria-label='<script>'>",
            "</svg>",
            "<math>",
            "<mi>",
            "</math>",
            "<blockquote class=twitter-tweet cite=javascript:x>",
            "</blockquote>",
            "<a href=javascript:x>",
            "<p>",
            "</p>",
            "word ",
            "<wbr data-noscript=opened>",
            "<iframe title='</a><script>x</script>' src=//h.test/>",
        ]
    )
).map("".join)


@given(FRAGMENTS)
def test_nothing_active_comes_of_it_and_no_word_is_doubled(body):
    made = html(body)

    for active in ("<script", "<iframe", "<object", "<svg", "javascript:", " on"):
        assert active not in made.replace("&lt;", "")
    assert made.count("word") <= body.count("word")


@pytest.mark.parametrize(
    "piece",
    [
        "<noscript>",
        "<noscript>x</noscript>",
        "<iframe src=x>",
        "<object><noscript></object></noscript>",
        "<svg></svg><svg>",
        "<math ",
        "<blockquote class=twitter-tweet><noscript></blockquote></noscript>",
        "<img data-src=x>   ",
        "<p><br> </p><br>",
        "<input type=checkbox",
    ],
)
def test_hostile_repetition_costs_no_time(piece):
    body = piece * 20_000

    start = time.process_time()
    html(body + "display:none checkbox <noscript>")

    assert time.process_time() - start < 2
