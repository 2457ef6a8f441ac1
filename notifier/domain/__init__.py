"""What the service knows about days, people's choices and messages: pure values and functions.

Nothing here reads a file, a socket, the environment or the clock; time is always an argument.
"""
