"""Remembers dates and tells people ahead of time: calendar feeds, e-mail and web pages."""

import zoneinfo

# Here, before any zone is read: they come from the locked `tzdata` package alone, so that the same calendar makes the
# same bytes and the same hours on every machine, whatever zone data its system has.
zoneinfo.reset_tzpath(to=())
