"""Words that are contested, language by language: what one party calls an event, and another would not.

They stand in a calendar as what somebody named calls it (`called`, `official_name`, a text with `by`), never in the
service's own voice. A pattern is matched from the beginning of a word, in small letters; what follows is an ending.
Left alone is what is no verdict but a name, such as that of the convention of 1948.
"""

from __future__ import annotations

from collections.abc import Mapping

CONTESTED: Mapping[str, tuple[str, ...]] = {
    "en": (
        "massacre", "genocid", "traged", "tragic", "occupation", "occupied", "occupier", "occupying", "terror",
        "ethnic(ally)?[ -]cleans", "mass (murder|killing)", "atrocit", "slaughter", "butcher",
        "barbar", "pogrom", "bloodbath", "aggressor", "aggression",
        "war crime", "crimes? against humanity",
    ),
    "de": (
        "massaker", "massenmord", "v(ö|oe)lkermord", "genozid", "tragödie", "tragisch", "besatzung", "besatzer",
        "besetz", "okkup", "terror",
        "ethnische[nrs]? säuberung", "gräuel", "greuel", "gemetzel", "blutbad", "barbar", "pogrom", "aggressor",
        "aggression", "kriegsverbrechen", "verbrechen gegen die menschlichkeit",
    ),
    "az": (
        "qətliam", "qırğın", "soyqırım", "genosid", "faciə", "işğal", "terror", "etnik təmizləmə", "vəhşilik", "vəhşi",
        "talan", "poqrom", "təcavüz", "müharibə cinayət", "(insanlığa|bəşəriyyətə) qarşı cinayət",
    ),
    "tr": (
        "katliam", "katledil", "soykırım", "facia", "trajedi", "trajik", "işgal", "terör", "etnik temizli", "vahşet",
        "vahşi", "kıyım", "barbar", "pogrom", "savaş suç", "insanlığa karşı suç", "saldırgan",
    ),
    "ru": (
        "резн[яиюе]", "бойн[яиюе]", "массов[а-я]+ убийств", "геноцид", "трагед", "трагич", "оккуп", "террор", "теракт",
        "этническ[а-я]+ чист", "зверств", "злодеян", "варварск", "погром", "агресс", "военн[а-я]+ преступлен",
        "преступлени[а-я]+ против человечности",
    ),
    "fr": (
        "massacre", "massacré", "g[ée]nocid", "trag[ée]di", "tragique", "occupation", "occupant", "occupée?s?\\b",
        "terreur", "terroris",
        "(nettoyage|épuration|purification) ethnique", "atrocité", "carnage", "tuerie", "boucherie", "barbar", "pogrom",
        "agresseur", "agression", "crimes? de guerre", "crimes? contre l.humanité",
    ),
    "fa": (
        "قتل ?عام", "کشتار", "نسل ?کشی", "نسل ?زدایی", "فاجعه", "تراژدی", "اشغال", "ترور", "پاک ?سازی قومی", "جنایت",
        "سلاخی", "وحشی ?گری", "توحش",
    ),
    "hy": (
        "ջարդ", "կոտորած", "ցեղասպան", "եղեռն", "ողբերգ", "օկուպ", "բռնազավթ", "զավթ", "ահաբեկ", "տեռոր",
        "էթնիկ(ական)? զտում", "վայրագ", "բարբարոս", "պոգրոմ", "ագրեսի", "պատերազմական հանցագործ",
        "մարդկության դեմ",
    ),
}  # fmt: skip

NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("genocide convention", "prevention and punishment of the crime of genocide"),
    "de": ("völkermordkonvention", "konvention über die verhütung und bestrafung des völkermordes"),
    "az": ("soyqırımı konvensiya", "soyqırımı cinayətinin qarşısının alınması"),
    "tr": ("soykırım sözleşmesi", "soykırım suçunun önlenmesi"),
    "ru": ("конвенци[а-я]+ о геноциде", "конвенци[а-я]+ о предупреждении преступления геноцида"),
    "fr": ("convention sur le génocide", "convention pour la prévention et la répression du crime de génocide"),
    "fa": ("کنوانسیون (منع )?نسل ?کشی", "کنوانسیون پیشگیری و مجازات (جنایت|جرم) نسل ?کشی"),
    "hy": ("ցեղասպանության կոնվենցիա", "ցեղասպանության (հանցագործության )?կանխարգելման"),
}
"""What of it is a name, and is not looked at."""
