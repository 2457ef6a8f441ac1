"""Looking at calendar files more closely than using them takes; docs/checks.md lists what is looked for."""
