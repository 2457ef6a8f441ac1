"""Print every figure. Each goal stands beside what was measured; nothing fails here, a reader judges."""

from __future__ import annotations

from benchmarks import catalog, feeds, mail, occurrences, pages, planning, selections, start

if __name__ == "__main__":
    occurrences.report()
    catalog.report()
    start.report()
    feeds.report()
    pages.report()
    selections.report()
    mail.report()
    planning.report()
