"""The unit ring is run after every change: hypothesis tries fewer examples, and never judges by the clock."""

from hypothesis import settings

settings.register_profile("unit", max_examples=15, deadline=None)
settings.load_profile("unit")
