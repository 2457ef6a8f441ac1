"""Words and signs that never stand in what is said of a day of mourning, in each language.

Asked for in hebcal/hebcal#299 (no "Happy …" for days of mourning) and nextcloud/server#16722 (no cheerful signs).
"""

from __future__ import annotations

import re

# Of joy and congratulation, by the beginnings of their words; "bayram" is a holiday as well as a feast.
CHEERFUL = {
    "en": r"celebrat|happ[yi]|joy|congratulat|festiv|cheer",
    "de": r"feier(?!lich)|glücklich|glückw|fröhlich|freud|herzlich|gratul",
    "az": r"bayram|təbrik|xoşbəxt|sevinc|şənlik|mübarək",
    "tr": r"bayram|tebrik|mutlu|sevinç|neşe|kutla|kutlu",
    "ru": r"празд|поздрав|счаст|весел|торжеств|радост",
    "fr": r"célébr|fêt|joyeu|heureu[sx]|félicit|réjou",
    # Thursday ends in what is a feast by itself: پنجشنبه, جشن.
    "fa": r"(?<!پن)جشن|شادباش|تبریک|خجسته|فرخنده|خوشحال|شادمان|مبارک",
    "hy": r"շնորհավոր|ուրախ|երջանիկ|ցնծ|տոնախմբ|տոնակատար",
}
PICTOGRAPHS = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3]")
_NAMES = re.compile(r"https?://\S+|\{[^{}]*\}")


def cheerful(text: str, *languages: str) -> list[str]:
    """Return the words of joy in a text, and what cries out or is a picture; addresses and fields are left out."""
    said = _NAMES.sub(" ", text).casefold()
    words = [word for tag in languages for word in re.findall(CHEERFUL[tag], said)]
    return [*words, *PICTOGRAPHS.findall(said), *re.findall(r"[!¡՜]", said)]
