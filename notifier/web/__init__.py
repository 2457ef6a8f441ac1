"""Addresses to handlers. Handlers are plain functions, run in threads, that answer with finished content."""
