"""Forms as browsers send them without JavaScript (application/x-www-form-urlencoded)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from notifier.domain.errors import NotifierError
from notifier.web.headers import LONGEST_BODY

_TYPE = "application/x-www-form-urlencoded"

MOST_FIELDS = 20_000
"""More than there is room for in the longest body."""


class FormError(NotifierError):
    """A body that is no form."""

    sentence = "The request is not a form that can be read."


class UnknownFieldError(FormError):
    """A field that the form does not have; it is not passed over, since it was meant to change something."""

    sentence = 'There is no field "{field}" in this form.'


class FieldError(FormError):
    """A field whose value cannot be one."""

    sentence = '"{value}" cannot be the value of "{field}".'


Form = dict[str, list[str]]
"""The values of each field, in the order they were sent."""


async def read_form(request: Request) -> Form:
    """Read a request's form, at most LONGEST_BODY bytes of it. Raises FormError, and HTTPException 413 and 415."""
    kind = request.headers.get("content-type", _TYPE).partition(";")[0].strip().lower()
    if kind != _TYPE:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise HTTPException(413)
    form: Form = {}
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise FormError from error
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def only(form: Form, name: str, default: str = "") -> str:
    """Return a field that has one value. Raises FieldError where it has several that differ."""
    values = {value.strip() for value in form.get(name, [])}
    if len(values) > 1:
        raise FieldError(field=name, value=", ".join(sorted(values)))
    return values.pop() if values else default


def chosen(form: Form, name: str) -> bool:
    """Return whether a box is ticked. Raises FieldError for what no box sends."""
    value = only(form, name).lower()
    if value in {"on", "1", "true", "yes"}:
        return True
    if value in {"", "off", "0", "false", "no"}:
        return False
    raise FieldError(field=name, value=value)
