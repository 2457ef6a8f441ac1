"""Settings, from the environment and from `.env`; the one place that reads them.

Every variable begins with `NOTIFIER_`. A secret can also stand in a file named by the variable with `_FILE` added.
"""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from notifier.domain.addresses import is_loopback
from notifier.domain.errors import NotifierError
from notifier.domain.hours import zone
from notifier.domain.leads import parse_leads
from notifier.domain.preferences import parse_mailbox

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


Words = Annotated[tuple[str, ...], NoDecode]


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
    base_url: str = Field("", description="use the address people open, such as https://days.example.org")
    host: str = Field("127.0.0.1", description="use an address of this machine, or 0.0.0.0 for all of them")
    port: int = Field(8000, ge=1, le=65535, description="use a whole number from 1 to 65535")
    allowed_origins: Words = Field((), description="use origins such as https://www.example.org, with commas between")
    trusted_proxies: Words = Field((), description="use addresses or networks such as 10.0.0.0/8, with commas between")
    mail_url: str = Field(
        f"maildir:{VAR / 'outbox'}", description="use maildir:PATH, smtp://USER:PASSWORD@HOST:587 or smtps://…"
    )
    mail_from: str = Field("", description="use an address such as Days of remembrance <days@example.org>")
    mail_reply_to: str = Field("", description="use an e-mail address")
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
    postal_address: str = Field("", description="write the sender's postal address")
    operator: str = Field("", description="use an e-mail address")
    bounce_address: str = Field("", description="use an e-mail address, such as bounces@example.org")
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
    feed_cache_bytes: int = Field(64_000_000, ge=1_000_000, description="use a whole number of bytes, 1000000 or more")
    websub_hub: str = Field("", description="use the https address of a WebSub hub, such as https://hub.example.org/")
    resend_unknown: bool = Field(True, description="use true or false")
    accept_unreviewed: Words = Field((), description="use languages, with commas between them")
    log_format: Literal["console", "json"] = Field("console", description="use console or json")

    _split = field_validator(
        "events", "secret", "languages", "accept_unreviewed", "allowed_origins", "trusted_proxies", mode="before"
    )(_words)

    @field_validator("leads", mode="before")
    @classmethod
    def _leads(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        with _value_errors():
            return parse_leads(value) if value.strip() else None

    @field_validator("mail_from", "mail_reply_to", "operator", "bounce_address")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value:
            with _value_errors():
                parse_mailbox(value)
        return value

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

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
            raise ValueError
        return value.rstrip("/")

    @field_validator("websub_hub")
    @classmethod
    def _websub_hub(cls, value: str) -> str:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(value))
        plain = value.isascii() and value.isprintable() and not set(value) & set(' <>"') and not parts.username
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


def read_settings() -> Settings:
    """Read settings, or raise SettingsError with a line for each variable that cannot be used."""
    try:
        settings = Settings(**dict(_from_files()))
    except ValidationError as error:
        raise SettingsError(**_first(error)) from error
    _check_public(settings)
    return settings


def at_address(settings: Settings, base_url: str, name: str) -> Settings:
    """Return the settings at another address. Raises SettingsError, which calls it by `name`.

    What can be opened there holds nothing that has to be signed, so it needs no secret and no sender.
    """
    try:
        return Settings.model_validate(settings.model_dump() | {"base_url": base_url})
    except ValidationError as error:
        remedy = f'{Settings.model_fields["base_url"].description} (it is "{base_url}")'
        raise SettingsError(variable=name, remedy=remedy) from error


def unknown_variables() -> list[str]:
    """Return a sentence for each variable with the prefix that no setting has."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    known += [f"{PREFIX}{name}_FILE" for name in SECRETS]
    strange = sorted(name for name in _environment() if name.startswith(PREFIX) and name not in known)
    near = {name: difflib.get_close_matches(name, known, n=1) for name in strange}
    return [
        f"{name} is not a setting of this version{f'; did you mean {near[name][0]}?' if near[name] else ''}"
        for name in strange
    ]


def kept_secret(folder: Path = VAR, name: str = "secret") -> str:
    """Return the secret kept in `folder`; make one when there is none, readable by its owner alone."""
    path, fresh = folder / name, folder / f"{name}.{secrets.token_hex(4)}"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        # A link is made whole or not at all: of two processes that start at once, one's secret is kept.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text("utf-8").strip()


def _environment() -> dict[str, str]:
    """Return the variables of `.env`, and over them those of the environment."""
    from dotenv import dotenv_values

    try:
        written = dotenv_values(".env")
    except UnicodeError as error:
        raise SettingsError(variable=".env", remedy="it cannot be read, because it is not UTF-8") from error
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def _from_files() -> Iterable[tuple[str, Any]]:
    environment = _environment()
    for name in SECRETS:
        variable = f"{PREFIX}{name}_FILE"
        path = environment.get(variable)
        if path is None or f"{PREFIX}{name}" in environment:
            continue
        try:
            yield name.lower(), Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise SettingsError(variable=variable, remedy=f"{path} cannot be read: {error.strerror}") from error
        except UnicodeError as error:
            raise SettingsError(variable=variable, remedy=f"{path} cannot be read: it is not UTF-8") from error


def _first(error: ValidationError) -> dict[str, str]:
    """Return the variable and remedy of each wrong setting; values of secrets are not repeated."""
    lines = []
    for detail in error.errors():
        name = str(detail["loc"][0])
        shown = "" if name.upper() in SECRETS else f' (it is "{detail["input"]}")'
        lines.append((f"{PREFIX}{name.upper()}", f"{Settings.model_fields[name].description}{shown}"))
    (variable, remedy), *others = lines
    return {"variable": variable, "remedy": "\n".join([remedy, *(f"{v}: {r}" for v, r in others)])}


def _check_public(settings: Settings) -> None:
    """Refuse to serve people from a private set-up: what strangers open and receive needs a secret and a sender."""
    if settings.is_private:
        return
    needs = {"SECRET": settings.secret, "MAIL_FROM": settings.mail_from, "POSTAL_ADDRESS": settings.postal_address}
    for name, value in needs.items():
        if not value:
            raise SettingsError(
                variable=f"{PREFIX}{name}",
                remedy=f"set it, because {settings.address} ({PREFIX}BASE_URL, or HOST) can be opened from elsewhere: "
                f"{Settings.model_fields[name.lower()].description}",
            )
