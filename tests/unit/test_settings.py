from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from notifier.settings import SettingsError, at_address, kept_secret, read_settings, unknown_variables

SECRET = "s" * 32
ASCII = "all of it ASCII before the @"
BASE_URL_REMEDY = "use the address people open, such as https://days.example.org, all ASCII"
HUB_REMEDY = "use the https address of a WebSub hub, such as https://hub.example.org/"


@pytest.fixture(autouse=True)
def _empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("NOTIFIER_"):
            monkeypatch.delenv(name)


def test_without_any_settings_everything_stays_on_this_machine() -> None:
    settings = read_settings()

    assert settings.address == "http://127.0.0.1:8000"
    assert settings.mail_url == "maildir:var/outbox"
    assert settings.database_url == "sqlite:///var/notifier.db"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "eighty", 'NOTIFIER_PORT: use a whole number from 1 to 65535 (it is "eighty")'),
        ("PORT", "70000", 'NOTIFIER_PORT: use a whole number from 1 to 65535 (it is "70000")'),
        ("LEADS", "a week", 'NOTIFIER_LEADS: use whole days such as 30,7,0 (it is "a week")'),
        ("ZONE", "Mars", 'NOTIFIER_ZONE: use a time zone such as Europe/Berlin (it is "Mars")'),
        (
            "MAIL_FROM",
            "garbage",
            f'NOTIFIER_MAIL_FROM: use an address such as days@example.org, {ASCII} (it is "garbage")',
        ),
        *(
            (name, address, f'NOTIFIER_{name}: {remedy}, {ASCII} (it is "{address}")')
            for name, address, remedy in (
                ("OPERATOR", "a@b.example\r\nX: y", "use an e-mail address"),
                ("OPERATOR", "бюро@example.org", "use an e-mail address"),
                ("BOUNCE_ADDRESS", "b\u00fcro@example.org", "use an e-mail address, such as bounces@example.org"),
                ("MAIL_FROM", "Дни <дни@example.org>", "use an address such as days@example.org"),
                ("MAIL_REPLY_TO", "büro@example.org", "use an e-mail address"),
                ("MAIL_REPLY_TO_DE", "büro@example.org", "use an e-mail address"),
                ("MAIL_FROM_PT_BR", "Dias", "use an address such as days@example.org"),
            )
        ),
        ("LOG_FORMAT", "xml", 'NOTIFIER_LOG_FORMAT: use console or json (it is "xml")'),
        *(
            (
                "BASE_URL",
                url,
                f'NOTIFIER_BASE_URL: {BASE_URL_REMEDY} (it is "{url}")',
            )
            for url in (
                "ftp://h",
                "https://days.example.org/a b",
                'https://days.example.org/"',
                "https://days.example.org/'",
                "https://days.example.org/<b>",
                "https://days.example.org/{a}",
                "https://days.example.org\\x",
                "https://d\u00e4ys.example.org",
                "https://user:password@days.example.org",
            )
        ),
        *(
            ("WEBSUB_HUB", hub, f'NOTIFIER_WEBSUB_HUB: {HUB_REMEDY} (it is "{hub}")')
            for hub in (
                "http://hub.example.org/",
                "hub.example.org",
                "https://",
                "https://user@hub.example.org/",
                "https://hub.example.org/#a",
                'https://hub.example.org/>; rel="self',
                "https://hub.example.org/\r\nX: y",
                "https://hub.exämple.org/",
            )
        ),
        *(
            (
                "ALLOWED_ORIGINS",
                origin,
                (
                    "NOTIFIER_ALLOWED_ORIGINS: use origins such as https://www.example.org, with commas between "
                    f'(it is "{origin}")'
                ),
            )
            for origin in ("www.example.org", "https://www.example.org/", "ftp://h", "null")
        ),
        *(
            (
                "TRUSTED_PROXIES",
                proxy,
                (
                    "NOTIFIER_TRUSTED_PROXIES: use addresses or networks such as 10.0.0.0/8, with commas between "
                    f'(it is "{proxy}")'
                ),
            )
            for proxy in ("localhost", "10.0.0.1/8", "*")
        ),
        (
            "DATABASE_URL",
            "mysql://u:p4ss@h/d",
            "NOTIFIER_DATABASE_URL: use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE",
        ),
        (
            "SECRET",
            "short",
            "NOTIFIER_SECRET: use one or more of at least 32 characters, newest first, commas between",
        ),
    ],
)
def test_a_wrong_setting_names_its_variable_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"NOTIFIER_{variable}", value)

    with pytest.raises(SettingsError) as error:
        read_settings()

    assert str(error.value) == sentence


@pytest.mark.parametrize("hub", ["https://hub.example.org/?topic=all", "http://127.0.0.1:8080/", "http://localhost/"])
def test_a_hub_is_told_in_secret_or_on_this_machine(monkeypatch: pytest.MonkeyPatch, hub: str) -> None:
    monkeypatch.setenv("NOTIFIER_WEBSUB_HUB", hub)

    assert read_settings().websub_hub == hub


def test_a_secret_can_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("NOTIFIER_SECRET_FILE", str(tmp_path / "secret"))

    assert read_settings().secret == (SECRET,)

    monkeypatch.setenv("NOTIFIER_SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match=r"NOTIFIER_SECRET_FILE: .*none cannot be read"):
        read_settings()


def test_settings_can_stand_in_a_file_beside_the_calendar(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NOTIFIER_PORT=9000\n")

    assert read_settings().address == "http://127.0.0.1:9000"


def test_that_file_can_name_secrets_and_hold_misspelt_variables(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / ".env").write_text("NOTIFIER_SECRET_FILE=secret\nNOTIFIER_HUOR=3\n")

    assert read_settings().secret == (SECRET,)
    assert unknown_variables() == ["NOTIFIER_HUOR is not a setting of this version; did you mean NOTIFIER_HOUR?"]


@pytest.mark.parametrize("missing", ["SECRET", "MAIL_FROM", "POSTAL_ADDRESS"])
def test_what_strangers_can_open_needs_a_secret_and_a_sender(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    needed = {"SECRET": SECRET, "MAIL_FROM": "days@example.org", "POSTAL_ADDRESS": "1 Street"}
    for name, value in needed.items():
        if name != missing:
            monkeypatch.setenv(f"NOTIFIER_{name}", value)
    monkeypatch.setenv("NOTIFIER_BASE_URL", "https://days.example.org")

    with pytest.raises(SettingsError, match=f"NOTIFIER_{missing}: set it"):
        read_settings()


def test_a_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_BSE_URL", "x")

    assert unknown_variables() == ["NOTIFIER_BSE_URL is not a setting of this version; did you mean NOTIFIER_BASE_URL?"]


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "var")

    assert len(first) >= 32
    assert kept_secret(tmp_path / "var") == first
    assert stat.S_IMODE((tmp_path / "var/secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_origins_and_proxies_are_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_ALLOWED_ORIGINS", "https://WWW.example.org, http://localhost:8080")
    monkeypatch.setenv("NOTIFIER_TRUSTED_PROXIES", "10.0.0.0/8,::1")
    settings = read_settings()

    assert settings.allowed_origins == ("https://www.example.org", "http://localhost:8080")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1/128")


def test_a_secret_that_is_no_text_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_bytes(b"\xff\xfe" * 40)
    monkeypatch.setenv("NOTIFIER_SECRET_FILE", "secret")

    with pytest.raises(SettingsError, match="NOTIFIER_SECRET_FILE: secret cannot be read: it is not UTF-8"):
        read_settings()


def test_so_is_an_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"NOTIFIER_HOUR=\xff\n")

    with pytest.raises(SettingsError, match=r"\.env: it cannot be read, because it is not UTF-8"):
        read_settings()


@pytest.mark.parametrize("rate", ["inf", "nan", "0", "-1", "1e-300", "1e9", "many"])
def test_a_rate_that_nobody_can_keep_is_refused(rate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFIER_MAIL_RATE", "NOTIFIER_MAIL_DOMAIN_RATE"):
        monkeypatch.setenv(name, rate)
        with pytest.raises(SettingsError, match=f"{name}: use messages a second"):
            read_settings()
        monkeypatch.delenv(name)


def test_what_readers_are_told_of_the_sender_can_be_set_for_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "MAIL_FROM": "days@example.org",
        "MAIL_FROM_DE": "Gedenktage <days@example.org>",
        "MAIL_REPLY_TO_AZ": "Ofis <baku@example.org>",
        "POSTAL_ADDRESS": "1 Example Street, Baku",
        "POSTAL_ADDRESS_DE": "Beispielstraße 1\nBaku",
        "POSTAL_ADDRESS_PT_BR": "Rua Exemplo 1",
        "POSTAL_ADDRESS_RU": "",
    }.items():
        monkeypatch.setenv(f"NOTIFIER_{name}", value)

    settings = read_settings()

    assert [settings.mail_from.of(tag) for tag in ("de", "ru")] == ["Gedenktage <days@example.org>", "days@example.org"]
    assert [settings.mail_reply_to.of(tag) for tag in ("az", "de")] == ["Ofis <baku@example.org>", ""]
    addresses = {tag: settings.postal_address.of(tag) for tag in ("de", "ru", "pt-br")}
    assert addresses == {"de": "Beispielstraße 1\nBaku", "ru": "1 Example Street, Baku", "pt-br": "Rua Exemplo 1"}
    assert unknown_variables() == []
    assert at_address(settings, "https://days.example.net", "--base-url").postal_address == settings.postal_address


def test_a_name_that_is_no_language_is_a_misspelt_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_POSTAL_ADDRESS_GERMAN", "x")
    monkeypatch.setenv("NOTIFIER_PORT_DE", "9000")

    assert unknown_variables() == [
        "NOTIFIER_PORT_DE is not a setting of this version; did you mean NOTIFIER_PORT?",
        "NOTIFIER_POSTAL_ADDRESS_GERMAN is not a setting of this version; did you mean NOTIFIER_POSTAL_ADDRESS?",
    ]


def test_one_value_for_one_language_alone_does_not_serve_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SECRET": SECRET,
        "MAIL_FROM": "days@example.org",
        "POSTAL_ADDRESS_DE": "Beispielstraße 1",
        "BASE_URL": "https://days.example.org",
    }.items():
        monkeypatch.setenv(f"NOTIFIER_{name}", value)

    with pytest.raises(SettingsError, match="NOTIFIER_POSTAL_ADDRESS: set it"):
        read_settings()
