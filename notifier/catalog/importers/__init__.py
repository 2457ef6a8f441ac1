"""Bringing events in from elsewhere, and taking texts out to translators and back.

Libraries that only this needs (holidays, ruamel.yaml, openpyxl) are imported where they are used.
"""
