"""What can be set, what each setting may be, and the remedy where it is something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from notifier.domain.addresses import is_loopback
from notifier.domain.errors import NotifierError
from notifier.domain.hours import zone
from notifier.domain.leads import parse_leads
from notifier.domain.preferences import parse_mailbox
from notifier.settings.by_language import ByLanguage, by_language

PREFIX = "NOTIFIER_"
SECRETS = ("SECRET", "SUPPRESSION_SECRET", "DATABASE_URL", "MAIL_URL", "BOUNCE_MAILBOX")
"""What may carry a password: readable from files, never shown."""

VAR = Path("var")
"""Where everything is kept that the service makes, unless settings say otherwise."""


class SettingsError(NotifierError):
    """A setting that cannot be used."""

    wrong_use = True
    sentence = "{variable}: {remedy}"


def _words(value: object) -> object:
    return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


@contextmanager
def _value_errors() -> Iterator[None]:
    """Let pydantic see an error of the domain as what it collects."""
    try:
        yield
    except NotifierError as error:
        raise ValueError(str(error)) from error


def _mailbox(value: str) -> None:
    """Raise ValueError for what is no address, or one that cannot stand in every message (RFC 5321 §2.3.11)."""
    with _value_errors():
        _, address = parse_mailbox(value)
    if not address.isascii():
        raise ValueError


def _plain_url(value: str) -> bool:
    """Whether nothing in an address has to be written otherwise in a header, a page or a file."""
    return value.isascii() and value.isprintable() and not set(value) & set(" <>\"'`\\^{|}")


Words = Annotated[tuple[str, ...], NoDecode]
Localised = Annotated[ByLanguage, NoDecode, BeforeValidator(by_language)]

BY_LANGUAGE: Final[Mapping[str, Callable[[str], object]]] = {
    "MAIL_FROM": _mailbox,
    "MAIL_REPLY_TO": _mailbox,
    "POSTAL_ADDRESS": str,
}
"""What can be set for one language as well, by the variable with its tag added, and what looks at such a value."""


_ASCII = "all of it ASCII before the @"


class Settings(BaseSettings):
    """What an operator can set; each description is the remedy that is shown when the value cannot be used."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    events: Words = Field((), description="name calendar files, with commas between them")
    templates: Path | None = Field(None, description="name a folder with email/ and web/ templates")
    database_url: str = Field(
        f"sqlite:///{VAR / 'notifier.db'}",
        description="use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE",
        pattern=r"^(sqlite|postgresql(\+psycopg)?)://",
    )
    base_url: str = Field("", description="use the address people open, such as https://days.example.org, all ASCII")
    host: str = Field("127.0.0.1", description="use an address of this machine, or 0.0.0.0 for all of them")
    port: int = Field(8000, ge=1, le=65535, description="use a whole number from 1 to 65535")
    allowed_origins: Words = Field((), description="use origins such as https://www.example.org, with commas between")
    trusted_proxies: Words = Field((), description="use addresses or networks such as 10.0.0.0/8, with commas between")
    mail_url: str = Field(
        f"maildir:{VAR / 'outbox'}", description="use maildir:PATH, smtp://USER:PASSWORD@HOST:587 or smtps://…"
    )
    mail_from: Localised = Field(ByLanguage(), description=f"use an address such as days@example.org, {_ASCII}")
    mail_reply_to: Localised = Field(ByLanguage(), description=f"use an e-mail address, {_ASCII}")
    mail_connections: int = Field(4, ge=1, le=50, description="use a whole number from 1 to 50")
    mail_rate: float | None = Field(
        None,
        ge=0.0001,
        le=100_000,
        allow_inf_nan=False,
        description="use messages a second, such as 10 or 0.5",
    )
    mail_domain_rate: float | None = Field(
        None, ge=0.0001, le=100_000, allow_inf_nan=False, description="use messages a second, such as 1"
    )
    postal_address: Localised = Field(ByLanguage(), description="write the sender's postal address")
    operator: str = Field("", description=f"use an e-mail address, {_ASCII}")
    bounce_address: str = Field("", description=f"use an e-mail address, such as bounces@example.org, {_ASCII}")
    bounce_mailbox: str = Field(
        "", description="use maildir:PATH or imaps://USER:PASSWORD@HOST, with /FOLDER after it where it is not INBOX"
    )
    bounce_threshold: int = Field(5, ge=1, le=1000, description="use a whole number of days, 1 or more")
    secret: Words = Field((), description="use one or more of at least 32 characters, newest first, commas between")
    suppression_secret: str = Field("", description="use at least 32 characters, and never another one afterwards")
    consent_ip: bool = Field(False, description="use true or false")
    languages: Words = Field((), description="use languages of the calendar, with commas between them")
    zone: str = Field("", description="use a time zone such as Europe/Berlin")
    hour: int = Field(9, ge=0, le=23, description="use an hour from 0 to 23")
    leads: Annotated[tuple[int, ...] | None, NoDecode] = Field(None, description="use whole days such as 30,7,0")
    send_until: int = Field(20, ge=1, le=24, description="use an hour from 1 to 24")
    feed_years_back: int = Field(1, ge=0, le=50, description="use a whole number of years from 0 to 50")
    feed_years_ahead: int = Field(3, ge=0, le=50, description="use a whole number of years from 0 to 50")
    pictures: bool = Field(True, description="use true or false")
    feed_cache_bytes: int = Field(64_000_000, ge=1_000_000, description="use a whole number of bytes, 1000000 or more")
    websub_hub: str = Field("", description="use the https address of a WebSub hub, such as https://hub.example.org/")
    resend_unknown: bool = Field(True, description="use true or false")
    accept_unreviewed: Words = Field((), description="use languages, with commas between them")
    holiday_countries: Words = Field((), description="use countries such as AZ,DE:BE, the part of one after a colon")
    log_format: Literal["console", "json"] = Field("console", description="use console or json")

    _split = field_validator(
        "events",
        "secret",
        "languages",
        "accept_unreviewed",
        "allowed_origins",
        "trusted_proxies",
        "holiday_countries",
        mode="before",
    )(_words)

    @field_validator("leads", mode="before")
    @classmethod
    def _leads(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        with _value_errors():
            return parse_leads(value) if value.strip() else None

    @field_validator("operator", "bounce_address")
    @classmethod
    def _one_mailbox(cls, value: str) -> str:
        if value:
            _mailbox(value)
        return value

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _mailboxes(cls, value: ByLanguage) -> ByLanguage:
        return value.checked(_mailbox)

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value:
            with _value_errors():
                zone(value)
        return value

    @field_validator("secret")
    @classmethod
    def _secret(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(secret) < 32 for secret in value):
            raise ValueError
        return value

    @field_validator("suppression_secret")
    @classmethod
    def _suppression_secret(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _allowed_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if (
                parts.scheme not in {"http", "https"}
                or not parts.hostname
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError
        return tuple(origin.lower() for origin in value)

    @field_validator("trusted_proxies")
    @classmethod
    def _trusted_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ip_network(one)) for one in value)

    @field_validator("holiday_countries")
    @classmethod
    def _holiday_countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"[A-Z]{2}(:[A-Za-z0-9][A-Za-z0-9 _-]{0,40})?", one, re.ASCII) for one in value):
            raise ValueError
        return value

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        extra = parts.query or parts.fragment or parts.username is not None
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or extra or not _plain_url(value)):
            raise ValueError
        return value.rstrip("/")

    @field_validator("websub_hub")
    @classmethod
    def _websub_hub(cls, value: str) -> str:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(value))
        plain = _plain_url(value) and not parts.username
        if value and not (safe and plain and parts.hostname and not parts.fragment):
            raise ValueError
        return value

    @property
    def address(self) -> str:
        """The address people open, without a slash at its end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 -- compared, not bound
        return self.base_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def is_private(self) -> bool:
        """Whether only this machine can open it."""
        return is_loopback(self.address)
