"""Reading settings from the environment, from `.env`, and from files that hold secrets."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from notifier.settings.by_language import ByLanguage
from notifier.settings.model import BY_LANGUAGE, PREFIX, SECRETS, Settings, SettingsError

# A language tag as a variable's name can carry it: DE, PT_BR.
_OF_A_LANGUAGE = re.compile(rf"{PREFIX}({'|'.join(BY_LANGUAGE)})_([A-Z]{{2,3}}(?:_[A-Z0-9]{{2,8}})*)")


def read_settings() -> Settings:
    """Read settings, or raise SettingsError with a line for each variable that cannot be used."""
    environment = _environment()
    try:
        settings = Settings(**dict(_from_files(environment)), **dict(_of_languages(environment)))
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
    strange = sorted(
        name
        for name in _environment()
        if name.startswith(PREFIX) and name not in known and not _OF_A_LANGUAGE.fullmatch(name)
    )
    near = {name: difflib.get_close_matches(name, known, n=1) for name in strange}
    return [
        f"{name} is not a setting of this version{f'; did you mean {near[name][0]}?' if near[name] else ''}"
        for name in strange
    ]


def _environment() -> dict[str, str]:
    """Return the variables of `.env`, and over them those of the environment."""
    from dotenv import dotenv_values

    try:
        written = dotenv_values(".env")
    except UnicodeError as error:
        raise SettingsError(variable=".env", remedy="it cannot be read, because it is not UTF-8") from error
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def _from_files(environment: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
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


def _of_languages(environment: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield the settings that have values for single languages; an empty one is none."""
    others: dict[str, dict[str, str]] = {}
    for variable, value in environment.items():
        found = _OF_A_LANGUAGE.fullmatch(variable)
        if found is None or not value.strip():
            continue
        name, tag = found[1], found[2].lower().replace("_", "-")
        try:
            BY_LANGUAGE[name](value)
        except ValueError as error:
            remedy = f'{Settings.model_fields[name.lower()].description} (it is "{value}")'
            raise SettingsError(variable=variable, remedy=remedy) from error
        others.setdefault(name, {})[tag] = value
    for name, values in others.items():
        yield name.lower(), ByLanguage(environment.get(f"{PREFIX}{name}", ""), values)


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
