"""Sending: what is due leaves, and what became of each message is kept before its connection takes another."""
