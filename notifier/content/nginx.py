"""What nginx has to be told, so that it answers for published files as the service does for the same addresses.

Only what stands in the configuration is served. nginx makes ETag and Last-Modified from a file's time and size; they
are as strong as the service's own, their values differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from notifier.content.published import OWN, Headers, Published, Rule, file_of, missing_file, rules, segment_of
from notifier.domain import addresses

_BEGINNING = """\
# Written by `notifier publish`. Inside a server block:
#
#     root {root};
#     include {include};
#
# An address without an ending, /en/events/black-january, is the file black-january.html; one that ends with a slash is
# index.html. Feeds have their gzip form beside them.
#
# What needs the running service is not among the files: building a feed, the feeds that were built, all that has to
# do with messages, the API. To have that too, put before the include:
#
#     location ~ {live} {{ {passed}proxy_pass http://127.0.0.1:8000; }}

etag on;
if_modified_since before;
max_ranges 0;
absolute_redirect off;
charset off;
gzip off;
gzip_vary on;
gzip_proxied any;
gzip_http_version 1.0;
"""

_TYPE = "content-type"
_BY_GZIP = ("vary", "Accept-Encoding")
"""What nginx says by itself where there is a gzip form."""


def nginx_conf(published: Sequence[Published], prefix: str) -> str:
    """Return the include for a server block. `prefix` is the path of the base address, empty or `/days`."""
    folder = f"/srv/site{prefix}"
    missing = {one.path: one for one in published if one.status == 404}
    blocks = [
        _BEGINNING.format(
            root="/srv/site", include=f"{folder}/nginx.conf", live=live_pattern(prefix), passed=_without(prefix)
        ),
        *(_missing(one, prefix) for one in missing.values()),
        *(_rule(rule, prefix, missing) for rule in rules(published)),
        *_redirects(published, prefix),
    ]
    return "\n".join(blocks)


def _without(prefix: str) -> str:
    """Return what takes the path of the base address away: the service has its addresses without it."""
    return f"rewrite ^{re.escape(prefix)}(/.*)$ $1 break; " if prefix else ""


def live_pattern(prefix: str) -> str:
    """Return the regular expression of the addresses that only the running service can answer for."""
    forms = (f"{path('[^/]+')}$" for path in (addresses.subscribe, addresses.search))
    whole = (f"{path}$" for path in (addresses.SELECTIONS, addresses.SUBSCRIPTIONS, addresses.MANAGE))
    of_one = (addresses.confirm, addresses.manage, addresses.unsubscribe, addresses.undo, addresses.never)
    below = (*(path("") for path in of_one), addresses.edition(""), addresses.SELECTED, addresses.API)
    return f"^{re.escape(prefix)}(?:{'|'.join((*whole, *forms, *below))})"


def _rule(rule: Rule, prefix: str, missing: Mapping[str, Published]) -> str:
    lines = _answering(rule, prefix, missing)
    if rule.path is not None:
        file = file_of(rule.path)
        found = [] if file == rule.path else [f"try_files {prefix}{file} =404;"]
        return _block(f"= {prefix}{rule.path}", [*lines, *found])
    below = re.escape(f"{prefix}/{rule.segment}/")
    if rule.suffix:
        return _block(f'~ "^{below}.+{re.escape(rule.suffix)}$"', lines)
    # A file's name is no address: the patterns take no dot, and neither /en/index nor /en/404 is a page.
    pages = _block(f'~ "^{below}(?!(index|404)$)[^.]*[^./]$"', [*lines, "try_files $uri.html =404;"])
    return pages + "\n" + _block(f'~ "^{below}([^.]*/)?$"', [*lines, "try_files ${uri}index.html =404;"])


def _answering(rule: Rule, prefix: str, missing: Mapping[str, Published]) -> list[str]:
    below = missing.get(f"/{rule.segment}/") or missing.get("/")
    lines = [f"error_page 404 {_named(below)};"] if below else []
    headers = dict(rule.headers)
    lines += _typed(headers.pop(_TYPE, "application/octet-stream"))
    if rule.pinned:
        version, kept = rule.pinned
        lines += [f"set $kept {_quoted(headers.pop('cache-control'))};"]
        lines += [
            f"if ($arg_v = {_quoted(version)}) {{ set $kept {_quoted(kept)}; }}",
            "add_header Cache-Control $kept;",
        ]
    if rule.packed:
        lines += ["gzip_static on;"]
        headers = {name: value for name, value in headers.items() if (name, value) != _BY_GZIP}
    if not rule.dated:
        lines += ["if_modified_since off;", 'add_header Last-Modified "";']
    return [*lines, *_added(tuple(headers.items()), prefix)]


def _missing(one: Published, prefix: str) -> str:
    """Return what is answered below a path for what is not there; the answer has no address of its own."""
    headers = dict(one.lasting_headers)
    lines = ["etag off;", *_typed(headers.pop(_TYPE)), 'add_header Last-Modified "" always;']
    lines += [f"{line[:-1]} always;" for line in _added(tuple(headers.items()), prefix)]
    said = _block(_named(one), [*lines, f"rewrite ^ {prefix}{missing_file(one)} break;"])
    return said + "\n" + _block(f"{prefix}{one.path}", [f"error_page 404 {_named(one)};", "return 404;"])


def _named(missing: Published) -> str:
    return f"@missing_{segment_of(missing.path)}"


def _redirects(published: Iterable[Published], prefix: str) -> Iterator[str]:
    languages = sorted({segment_of(one.path) for one in published if one.header("content-language")} - {""})
    for one in published:
        location = one.header("location")
        if location is None:
            continue
        lines = _added(tuple(pair for pair in one.lasting_headers if pair[0] not in {"location", _TYPE}), prefix)
        if one.header("vary") == "Accept-Language":
            # A browser names the languages it reads in their order; the first one that is served is taken.
            tags = "|".join(sorted(map(re.escape, languages), key=len, reverse=True))
            lines += [
                f'if ($http_accept_language ~ "(?:^|[, ])({tags})(?:[-;, ]|$)") {{ return {one.status} {prefix}/$1/; }}'
            ]
        yield _block(f"= {prefix}{one.path}", [*lines, f"return {one.status} {location}$is_args$args;"])


def _typed(media_type: str) -> list[str]:
    return ["types { }", f"default_type {_quoted(media_type)};"]


def _added(headers: Headers, prefix: str) -> list[str]:
    # nginx's own idea of the path begins with the prefix.
    return [f"add_header {name.title()} {_quoted(value).replace(f'{prefix}{OWN}', '$uri')};" for name, value in headers]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _block(place: str, lines: Iterable[str]) -> str:
    return "\n".join([f"location {place} {{", *(f"    {line}" for line in lines), "}", ""])
