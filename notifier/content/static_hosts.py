"""`_headers` and `_redirects`: what static hosts (Cloudflare Pages, Netlify) read beside the files they serve.

Such a host makes strong ETags from the files' content, compresses by itself, and finds `404.html` the nearest way up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notifier.content.published import OWN, Headers, Published, Rule, rules
from notifier.domain import addresses

_UNSAID = frozenset({("vary", "Accept-Encoding"), ("content-disposition", "inline")})
"""What the host says itself, since it compresses; and what goes without saying."""


def headers_file(published: Sequence[Published], prefix: str) -> str:
    """Return the `_headers` file. `prefix` is the path of the base address, empty or `/days`.

    Every rule that fits is applied, and values of one header are joined: so an address with a rule of its own is told
    only what the wide rule does not say.
    """
    told = rules(published)
    wide = {(rule.segment, rule.suffix): rule for rule in told if rule.path is None}
    blocks = []
    for rule in told:
        common = wide.get((rule.segment, rule.suffix))
        said = () if common is None or common is rule else common.headers
        headers = tuple(header for header in rule.headers if header not in said)
        blocks.append(_block(prefix, rule.path or f"/{rule.segment}/*{rule.suffix}", rule, headers))
    start = start_page(published)
    if start is not None:
        root = Rule(addresses.ROOT, "", "", start.lasting_headers, dated=False, packed=False)
        blocks.insert(0, _block(prefix, addresses.ROOT, root, root.headers))
    return "\n".join(blocks)


def redirects_file(published: Sequence[Published], prefix: str) -> str:
    """Return the `_redirects` file: where former addresses lead."""
    return "".join(f"{line}\n" for line in _redirects(published, prefix))


def start_page(published: Sequence[Published]) -> Published | None:
    """Return the page a static host shows at `/`, where it cannot ask which language is read."""
    by_path = {one.path: one for one in published if one.status == 200}
    root = next((one for one in published if one.path == addresses.ROOT), None)
    location = None if root is None else root.header("location")
    return None if location is None else by_path.get(f"/{location.rstrip('/').rpartition('/')[2]}/")


def _redirects(published: Sequence[Published], prefix: str) -> Iterator[str]:
    for one in published:
        location = one.header("location")
        if location is not None and one.path != addresses.ROOT:
            yield f"{prefix}{one.path} {location} {one.status}"


def _block(prefix: str, place: str, rule: Rule, headers: Headers) -> str:
    own = rule.path or f"/{rule.segment}/:splat{rule.suffix}"
    said = (f"  {name.title()}: {value.replace(OWN, own)}" for name, value in headers if (name, value) not in _UNSAID)
    return "\n".join([f"{prefix}{place}", *said, ""])
