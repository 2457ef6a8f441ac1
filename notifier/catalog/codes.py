"""The codes of what `notifier check` finds: an error, a warning, or a note; docs/checks.md explains each.

A code never changes its meaning and is never given out again. The first digit groups them: the file, its shape, days,
sources, translations, wording, feeds and pages, and what else is set up.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What sort of finding it is. The letter says how grave: E keeps a calendar from being used."""

    UNREADABLE = "E101"
    NOT_UTF_8 = "E102"
    NOT_YAML = "E103"
    TOO_LARGE = "E104"
    INCLUDE = "E105"

    UNKNOWN_KEY = "E201"
    MISSING = "E202"
    VALUE = "E203"
    TWICE = "E204"
    UNKNOWN_LANGUAGE = "E205"
    DUPLICATE_ID = "E206"
    UNKNOWN_ID = "E207"
    ITEMS_WITHOUT_ID = "W208"
    REMARK = "W209"

    RULE = "E301"
    ORIGIN = "E302"
    MOMENT = "E303"
    TIME_WITHOUT_ZONE = "E304"
    OTHER_DAY = "W305"
    EXCEPTION = "W306"
    YEAR_NOT_KEPT = "W307"
    CONFIRMED = "W308"
    PLACE_WITHOUT_ZONE = "W309"
    TABLE_ENDS = "W310"
    NEVER_KEPT = "W311"
    OPEN_SPAN = "W312"

    WITHOUT_SOURCE = "E401"
    UNUSED_SOURCE = "W402"
    UNUSED_PARTY = "W403"
    CONTRADICTION = "W404"
    REPEATED_CLAIM = "W405"
    EMPTY_COLLECTION = "W406"
    NAMELESS_COLLECTION = "W407"

    MISSING_TRANSLATION = "W501"
    NUMBERS_DIFFER = "W502"
    UNSTATED = "W503"
    UNREVIEWED = "N504"

    CONTESTED = "W601"
    UNSEEN = "W602"
    EMOJI = "W603"

    LONG_FEED = "W701"
    LONG_ADDRESS = "W702"
    LONG_TEXTS = "W703"

    TEMPLATE = "E801"
    LANGUAGE_SETTING = "E802"
    DATABASE = "E803"
    MAIL = "E804"
    MAILBOX = "E805"
    OPERATOR = "W806"
    SCHEMA_BEHIND = "W807"
    HOLIDAYS = "E808"
