"""What the service does, each duty once: called by the daemon's clock, the command line and the web alike."""
