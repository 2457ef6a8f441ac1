"""Settings, from the environment and from `.env`; `environment` is the one place that reads them.

Every variable begins with `NOTIFIER_`. A secret can also stand in a file named by the variable with `_FILE` added, and
what readers are told of the sender can be given for one language by the variable with its tag added.
"""

from __future__ import annotations

from notifier.settings.by_language import ByLanguage
from notifier.settings.environment import at_address, read_settings, unknown_variables
from notifier.settings.kept import kept_secret
from notifier.settings.model import PREFIX, SECRETS, VAR, Settings, SettingsError

__all__ = [
    "PREFIX",
    "SECRETS",
    "VAR",
    "ByLanguage",
    "Settings",
    "SettingsError",
    "at_address",
    "kept_secret",
    "read_settings",
    "unknown_variables",
]
