"""Figures as a picture: every claim has its own row on one scale, and nothing is averaged."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from notifier.content.figures import WIDTH, Plot, plot, plots, scale
from notifier.content.wording import view_event
from notifier.domain.events import Figure, FigureClaim, Qualifier
from tests.factories import EURONEWS, EURONEWS_PAGE, JAMNEWS, JAMNEWS_PAGE, OFFICIAL, make_catalog, make_event
from tests.web_site import LANGUAGES


def claim(value: int, qualifier: Qualifier, party: object = EURONEWS) -> FigureClaim:
    source = EURONEWS_PAGE if party is EURONEWS else JAMNEWS_PAGE
    return FigureClaim(value, qualifier, party, (source,), None)  # type: ignore[arg-type]  # a party of the factories


KILLED = Figure(
    "killed",
    None,
    (
        claim(147, Qualifier.EXACTLY, OFFICIAL),
        claim(140, Qualifier.AT_LEAST),
        claim(100, Qualifier.MORE_THAN, JAMNEWS),
        claim(150, Qualifier.ABOUT, JAMNEWS),
    ),
)


def plotted(tag: str = "en", figure: Figure = KILLED) -> Plot:
    event = make_event(figures=(figure,))
    view = view_event(event, make_catalog(event), LANGUAGES[tag])
    return plot("plot-1", figure, view.figures[0], LANGUAGES[tag])


def test_every_claim_has_a_row_of_its_own_in_the_order_of_the_calendar() -> None:
    marks = plotted().marks

    assert [mark.value for mark in marks] == ["147", "at least 140", "more than 100", "about 150"]
    assert [mark.by for mark in marks] == [
        "\u2068official data\u2069",
        "\u2068Euronews\u2069",
        *["\u2068JAMnews\u2069"] * 2,
    ]
    assert [mark.dot_y for mark in marks] == sorted({mark.dot_y for mark in marks})


def test_how_a_figure_is_meant_is_seen_from_its_mark() -> None:
    assert [(mark.filled, mark.more, mark.about) for mark in plotted().marks] == [
        (True, False, False),
        (True, True, False),
        (False, True, False),
        (False, False, True),
    ]


def test_dots_lie_in_proportion_from_zero() -> None:
    picture = plotted()
    zero = picture.ticks[0].x
    lengths = [mark.x - zero for mark in picture.marks]

    assert picture.ticks[0].text == "0"
    assert lengths[0] / lengths[2] == pytest.approx(1.47, abs=0.01)
    assert lengths[1] / lengths[2] == pytest.approx(1.40, abs=0.01)


def test_zero_is_at_the_right_where_a_language_runs_from_the_right() -> None:
    there, here = plotted("fa"), plotted("en")

    assert [round(WIDTH - mark.x, 1) for mark in there.marks] == [mark.x for mark in here.marks]
    assert there.start > there.end
    assert there.marks[1].reach < there.marks[1].x
    assert there.ticks[0].text == "۰"


@pytest.mark.parametrize("tag", LANGUAGES.tags)
def test_the_description_says_every_claim_in_words(tag: str) -> None:
    picture = plotted(tag)

    assert picture.title
    assert all(mark.value in picture.description for mark in picture.marks)


def test_a_single_claim_has_no_picture() -> None:
    alone = replace(KILLED, claims=KILLED.claims[:1])
    event = make_event(figures=(KILLED, alone))
    view = view_event(event, make_catalog(event), LANGUAGES["en"])

    assert [one is None for one in plots(event.figures, view.figures, LANGUAGES["en"])] == [False, True]


@pytest.mark.parametrize("greatest", [0, 1, 3, 9, 10, 99, 100, 101, 147, 841, 1275, 6000, 999_999, 10**9, 10**12])
def test_a_scale_has_few_whole_numbers_and_room_beyond_the_greatest(greatest: int) -> None:
    step, last = scale(greatest)

    assert last % step == 0
    assert 2 <= last // step <= 4
    assert greatest * 1.05 < last or greatest == 0
    assert str(step).strip("0") in {"1", "2", "5"}


def test_a_long_name_is_cut_and_the_arrow_stays_in_the_picture() -> None:
    long = replace(KILLED, claims=(claim(200, Qualifier.MORE_THAN), claim(199, Qualifier.EXACTLY)))
    picture = plotted(figure=long)

    assert all(0 < mark.reach < WIDTH for mark in picture.marks)


@pytest.mark.parametrize("tag", ["en", "fa", "ru"])
@pytest.mark.parametrize("greatest", [147, 999_999, 5_600_000, 6_300_000, 10**9, 1_400_000_000, 10**15])
def test_numbers_on_the_scale_do_not_touch(greatest: int, tag: str) -> None:
    large = replace(KILLED, claims=(claim(greatest, Qualifier.EXACTLY), claim(1, Qualifier.EXACTLY)))
    ticks = plotted(tag, large).ticks
    numbers = [tick for tick in ticks if tick.text]
    # The outer two stand within the picture. A digit of 12 px is about 7 px wide.
    shift = {numbers[0].x: 0.0, numbers[-1].x: 1.0}
    spans = []
    for one in numbers:
        width, along = 7 * len(one.text), abs(one.x - ticks[0].x)
        begins = along - shift.get(one.x, 0.5) * width
        spans.append((begins, begins + width))

    assert ticks[0].text
    assert ticks[-1].text
    assert all(end < begins for (_, end), (begins, _) in pairwise(spans)), spans


def test_small_numbers_all_stand_on_the_scale() -> None:
    assert [tick.text for tick in plotted().ticks] == ["0", "50", "100", "150", "200"]


def test_a_name_in_another_language_is_marked_as_such() -> None:
    marks, own = plotted("fa").marks, plotted("de").marks

    assert [mark.language for mark in marks] == ["en"] * 4
    assert all(mark.by.startswith("\u2066") for mark in marks), "from left to right among words from right to left"
    assert [mark.language for mark in own] == [None] * 4


def test_a_key_tells_what_the_signs_mean_that_there_are() -> None:
    signs = [(sign.filled, sign.more, sign.about, sign.means) for sign in plotted().key]
    exact = replace(KILLED, claims=(claim(1, Qualifier.EXACTLY), claim(2, Qualifier.EXACTLY)))

    assert signs == [
        (True, False, False, "this number"),
        (True, True, False, "at least this number"),
        (False, True, False, "more than this number"),
        (False, False, True, "about this number"),
    ]
    assert plotted(figure=exact).key == ()
