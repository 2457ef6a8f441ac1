"""What is kept between runs, in SQLite or PostgreSQL. All SQL is here.

Functions take a `Connection` inside a transaction that somebody else began, and return frozen values.
"""
