"""Ids from names: small ASCII letters, digits and single hyphens, as addresses have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 60
"""Characters before a number is added; an id has at most 100."""

_LATIN = {
    "ə": "e", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
}  # fmt: skip
_CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch "
    "ш=sh щ=shch ъ= ы=y ь= э=e ю=iu я=ia і=i ї=i є=ie ґ=g ў=u қ=q ғ=gh ҳ=h ә=e ө=o ү=u ұ=u һ=h ң=n ҝ=g ҹ=j"
)
_GREEK = "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
_ARMENIAN = (
    "ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o "
    "չ=ch պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=v փ=p ք=k օ=o ֆ=f և=ev"
)
_LETTERS = _LATIN | dict(pair.split("=") for pair in f"{_CYRILLIC} {_GREEK} {_ARMENIAN}".split())


def slug(text: str, otherwise: str = "day") -> str:
    """Return an id made from a text; from `otherwise` where the text has no letter that can be written in ASCII."""
    for candidate in (text, otherwise):
        made = _slug(candidate)
        if made:
            return made
    return "day"


def _slug(text: str) -> str:
    letters = "".join(_letter(character) for character in unicodedata.normalize("NFC", text).lower())
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’ʼ`]", "", letters)).strip("-")
    if len(words) <= _LONGEST:
        return words
    return words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]


def _letter(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    plain = unicodedata.normalize("NFKD", character)
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return "".join(_LETTERS.get(one, one) for one in bare)


def free_id(wanted: str, taken: Collection[str]) -> str:
    """Return `wanted`, with a number behind it where that id is taken."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
