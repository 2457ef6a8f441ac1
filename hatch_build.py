"""Puts the calendars, the templates and the translations into the wheel.

An editable install reads them where they are; hatchling's own `force-include` would copy them there too,
and the copies would soon be old.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGED = ("events.yaml", "calendars", "templates", "locales")


class PackagedData(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its configuration class open
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            there = [name for name in PACKAGED if Path(self.root, name).exists()]
            build_data["force_include"].update({name: f"notifier/data/{name}" for name in there})
