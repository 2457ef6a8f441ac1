"""Every kind of message in every language, made by what makes the real ones, from the calendar that is shipped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from notifier.content.corrections import render_correction
from notifier.content.editions import EditionText
from notifier.content.language import Language
from notifier.content.message_head import MessageHead
from notifier.content.places import PLACES
from notifier.domain.deliveries import EditionKey, EditionKind
from notifier.domain.events import Event, Place, ProgrammeItem, YearNotes
from notifier.domain.leads import OwnLeads, parse_own_leads
from notifier.domain.preferences import Preference
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag, Text
from notifier.services import open_services
from notifier.settings import Settings
from notifier.tokens import TOKEN_LENGTH
from notifier.usecases.announcements import Announcements
from notifier.usecases.letters import SUBSCRIBED_ALREADY, about_welcome
from notifier.usecases.sending.press import Press, SenderIn
from tests.factories import ROOT
from tests.further_languages import SPOKEN, in_every_language

LANGUAGES = SPOKEN
MACHINE_TRANSLATED = ("az", "tr", "ru")
POSTAL_ADDRESS = ("Example Foundation", "1 Example Street", "AZ1000 Baku")
BASE_URL = "https://days.example.org"
SENT = datetime(2027, 1, 13, 8, tzinfo=UTC)
MESSAGE_ID = "<1.a@remembrance.example.org>"

# Every token of its own, so that one in the place of another is seen.
TOKENS = {place: f"{purpose}-".ljust(TOKEN_LENGTH, "t") for purpose, place in PLACES.items()}

SETTINGS = {
    "events": (str(ROOT / "events.yaml"),),
    "base_url": BASE_URL,
    "mail_from": "days@example.org",
    "mail_reply_to": "office@example.org",
    "operator": "owner@example.org",
    "postal_address": "\n".join(POSTAL_ADDRESS),
    "bounce_address": "bounces@example.org",
    "bounce_mailbox": "maildir:bounces",
    "secret": ("a-secret-of-the-tests-of-32-characters",),
}

WRONG = {
    "en": "The message named a wrong time for the ceremony.\n\nIt begins at 11:00, not at 12:00.",
    "de": "Die Nachricht nannte eine falsche Uhrzeit.\n\nDas Gedenken beginnt um 11:00 Uhr, nicht um 12:00 Uhr.",
    "az": "Mesajda mərasimin vaxtı səhv göstərilmişdi.\n\nMərasim saat 12:00-da deyil, 11:00-da başlayır.",
    "tr": "İletide törenin saati yanlış belirtilmişti.\n\nTören saat 12.00’de değil, 11.00’de başlıyor.",
    "fr": "Le message indiquait une heure erronée.\n\nLa cérémonie commence à 11 h, et non à 12 h.",
    "fa": "در پیام ساعت مراسم نادرست آمده بود.\n\nمراسم ساعت ۱۱ آغاز می‌شود، نه ساعت ۱۲.",
    "hy": "Նամակում արարողության ժամը սխալ էր նշված։\n\nԱյն սկսվում է ժամը 11-ին, ոչ թե 12-ին։",
    "ru": "В сообщении было указано неверное время церемонии.\n\nОна начинается в 11:00, а не в 12:00.",
}


@dataclass(frozen=True)
class Message:
    """One message: what it is called here, its content, and how it goes out."""

    name: str
    of: EditionKey
    content: EditionText
    press: Press

    @property
    def head(self) -> MessageHead:
        return self.press.head_of(self.of)

    def bytes(self) -> bytes:
        """Return it as it goes over the wire."""
        return self.press.encode(self.content, self.of).personal("reader@example.org", MESSAGE_ID, TOKENS, SENT)


def preference(language: str, leads: str, digest: str = "none", selection: str = "all") -> Preference:
    own: OwnLeads = parse_own_leads(leads)
    return Preference(LanguageTag(language), "Europe/Berlin", 9, own, digest, parse_selection(selection))


def announced(press: Press, wanted: Preference, day: date) -> EditionKey:
    """Return what the planner makes of a preference on a day, for somebody who was told of all before it."""
    edition = Announcements(press.catalog).of(wanted, date.fromordinal(day.toordinal() - 1), day).edition
    assert edition is not None, (wanted.key, day)
    return edition


A_WEEK_BEFORE = date(2027, 1, 13)
THE_DAY_BEFORE = date(2027, 1, 19)
TWO_AHEAD = date(2027, 2, 24)  # Khojaly in 2 days, 31 March in 35
A_NATIONAL_DAY = date(2027, 5, 28)
MANY_WISHES = ("7,1,0;milestones;khojaly:30,0", "weekly:mon", "collection:azerbaijan,-azal-8243")


def _service(kind: EditionKind, language: str, about: str) -> EditionKey:
    return EditionKey(language, A_WEEK_BEFORE, kind=kind, about=about)


ANNOUNCEMENTS: Mapping[str, Callable[[Press, str], EditionKey]] = {
    "notice": lambda press, tag: announced(press, preference(tag, "7"), A_WEEK_BEFORE),
    "notice-of-two-days": lambda press, tag: announced(press, preference(tag, "44,7"), A_WEEK_BEFORE),
    "notice-of-a-national-day": lambda press, tag: announced(press, preference(tag, "0"), A_NATIONAL_DAY),
    "digest": lambda press, tag: announced(press, preference(tag, "none", "weekly:wed"), TWO_AHEAD),
    "digest-and-notice": lambda press, tag: announced(press, preference(tag, "2", "weekly:wed"), TWO_AHEAD),
}

LETTERS: Mapping[str, Callable[[str], EditionKey]] = {
    "confirm": lambda tag: _service(EditionKind.CONFIRM, tag, preference(tag, *MANY_WISHES).key),
    "welcome": lambda tag: _service(
        EditionKind.WELCOME, tag, about_welcome(preference(tag, *MANY_WISHES), A_WEEK_BEFORE)
    ),
    "manage": lambda tag: _service(EditionKind.MANAGE, tag, ""),
    "subscribed-already": lambda tag: _service(EditionKind.MANAGE, tag, SUBSCRIBED_ALREADY),
}

OF_THIS_YEAR: Mapping[str, Callable[[Press, str], EditionKey]] = {
    "notice-with-programme": lambda press, tag: announced(press, preference(tag, "7"), A_WEEK_BEFORE),
    # It begins at 5 in Berlin, before the reader's hour on the day itself.
    "notice-before-it-begins": lambda press, tag: announced(press, preference(tag, "0"), THE_DAY_BEFORE),
}

NAMES = (*ANNOUNCEMENTS, *LETTERS, *OF_THIS_YEAR, "correction", "notice-machine-translated")


@contextmanager
def presses(folder: Path) -> Iterator[tuple[Press, Press]]:
    """Give the press as it is by default, and that of an operator who accepts unreviewed translations."""
    database = {"database_url": f"sqlite:///{folder}/notifier.db"}
    accepting = {"accept_unreviewed": MACHINE_TRANSLATED}
    with (
        open_services(Settings.model_validate(SETTINGS | database), lambda: SENT) as one,
        open_services(Settings.model_validate(SETTINGS | database | accepting), lambda: SENT) as other,
    ):
        yield one.mail.press(), other.mail.press()


def every_message(press: Press, accepting: Press) -> dict[tuple[str, str], Message]:
    """Return all of them, by name and language."""
    press, accepting = speaking_every_language(press), speaking_every_language(accepting)
    fuller = with_programme(press)
    made = [
        message
        for tag in LANGUAGES
        for message in (
            *(_rendered(name, key(press, tag), press) for name, key in ANNOUNCEMENTS.items()),
            *(_rendered(name, key(tag), press) for name, key in LETTERS.items()),
            _correction(press, tag),
            *(_rendered(name, key(fuller, tag), fuller) for name, key in OF_THIS_YEAR.items()),
            *_machine_translated(accepting, tag),
        )
    ]
    return {(message.name, message.content.language): message for message in made}


def _machine_translated(press: Press, tag: str) -> list[Message]:
    if tag not in MACHINE_TRANSLATED:
        return []
    return [_rendered("notice-machine-translated", ANNOUNCEMENTS["notice-of-two-days"](press, tag), press)]


def _rendered(name: str, of: EditionKey, press: Press) -> Message:
    content = press.render(of)
    assert content is not None, name
    return Message(name, of, content, press)


def _correction(press: Press, tag: str) -> Message:
    corrected = _rendered("notice", ANNOUNCEMENTS["notice"](press, tag), press)
    language = press.languages(tag)
    content = render_correction(
        WRONG[tag],
        subject=corrected.content.subject,
        day=corrected.of.day,
        edition="a" * 26,
        language=language,
        templates=press.templates,
        base_url=press.head.base_url,
        sender=press.sender_in(language).name,
        postal_address=press.sender_in(language).postal_address,
    )
    of = EditionKey(tag, corrected.of.day, kind=EditionKind.CORRECTION, about="a" * 26)
    return Message("correction", of, content, press)


def speaking_every_language(press: Press) -> Press:
    """Return the press of the calendar in all languages the service speaks."""
    catalog = in_every_language(press.catalog)

    def sender_in(language: Language) -> SenderIn:
        return replace(press.sender_in(language), name=catalog.calendar.name.get(language.tag) or "")

    return replace(press, catalog=catalog, sender_in=sender_in)


def with_programme(press: Press) -> Press:
    """Return the press of a year with a note and a programme, part of it in a language that runs the other way."""
    events = tuple(_with_a_year(event) if event.id == "black-january" else event for event in press.catalog.events)
    return replace(press, catalog=replace(press.catalog, events=events))


def _with_a_year(event: Event) -> Event:
    note = {
        "en": "The Alley of Martyrs is open from 8 a.m. this year.",
        "de": "Die Allee der Märtyrer ist in diesem Jahr ab 8 Uhr geöffnet.",
        "az": "Şəhidlər xiyabanı bu il saat 8-dən açıqdır.",
        "tr": "Şehitler Hıyabanı bu yıl saat 8’den itibaren açıktır.",
        "fr": "Cette année, l’Allée des Martyrs est ouverte à partir de 8 heures.",
        "fa": "خیابان شهدا امسال از ساعت ۸ باز است.",
        "hy": "Նահատակների պուրակն այս տարի բաց է ժամը 8-ից։",
        "ru": "Аллея шахидов в этом году открыта с 8 часов.",
    }
    silence = {
        "en": "Minute of silence",
        "de": "Schweigeminute",
        "az": "Bir dəqiqəlik sükut",
        "tr": "Saygı duruşu",
        "fr": "Minute de silence",
        "fa": "یک دقیقه سکوت",
        "hy": "Մեկ րոպե լռություն",
        "ru": "Минута молчания",
    }
    programme = (
        _item("2027-01-20T08:00", silence, event.place),
        _item("2027-01-20T19:00+01:00", {"he": "קריאת השמות"}, None, "https://example.org/reading"),
    )
    return replace(event, years={2027: YearNotes(Text.of(note.items()), programme)})


def _item(at: str, said: Mapping[str, str], place: Place | None, url: str | None = None) -> ProgrammeItem:
    return ProgrammeItem(datetime.fromisoformat(at), place, Text.of(said.items()), url)


def of_languages(names: Collection[str]) -> list[tuple[str, str]]:
    """Return each name with each language it is there in."""
    everywhere = [name for name in names if name != "notice-machine-translated"]
    machine = [(name, tag) for name in names if name not in everywhere for tag in MACHINE_TRANSLATED]
    return [*((name, tag) for name in everywhere for tag in LANGUAGES), *machine]
