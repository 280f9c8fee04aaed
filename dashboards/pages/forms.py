"""Forms: read with a limit, guarded against other sites and double clicks, errors beside the field they belong to."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request

from dashboards.models import Site
from dashboards.origin import is_own_origin
from domain.errors import InvalidError, NotAllowedError
from usecases.access.sign_in import Present

LARGEST_FORM = 1024 * 1024
GUARD_FIELDS = ("csrf", "sleutel")


class ForeignFormError(NotAllowedError):
    """Dit formulier kwam niet van deze pagina, of de pagina was te oud. Ververs de pagina en probeer het opnieuw."""


class FormTooBigError(InvalidError):
    """Dit formulier is te groot. Maak de tekst korter."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong, and the id of the field it is about (None = the whole form)."""

    message: str
    field: str | None = None


class FormErrors(Exception):  # noqa: N818 - more than one
    """The form cannot be taken; the page is shown again with these and with what was typed."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(*(error.message for error in errors))
        self.errors = errors


@dataclass(frozen=True)
class Form:
    """Fields as they were typed, without the guard. `key` makes the same form the same act."""

    fields: Mapping[str, Sequence[str]]
    key: str

    def one(self, name: str) -> str:
        """A field, trimmed; empty when it was left out."""
        return (self.fields.get(name) or [""])[0].strip()

    def many(self, name: str) -> tuple[str, ...]:
        """All chosen values of a field."""
        return tuple(dict.fromkeys(value.strip() for value in self.fields.get(name, ()) if value.strip()))

    def needed(self, name: str, field: str, message: str) -> str:
        """A field that must be filled. Raises FormErrors that points to the element `field`."""
        value = self.one(name)
        if not value:
            raise FormErrors(FieldError(message, field))
        return value


async def read_form(request: Request, site: Site, present: Present | None) -> Form:
    """The form of this request. Raises ForeignFormError or FormTooBigError before anything is done with it.

    Without a session there is no token to compare; then Origin must be ours (SameSite keeps the cookie away besides).
    """
    if not is_own_origin(request, site, needed=present is None):
        raise ForeignFormError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise FormTooBigError
    text = body.decode("utf-8", "replace").replace("\x00", "")
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=2000)
    except ValueError as error:
        raise FormTooBigError from error
    token = (fields.get("csrf") or [""])[0]
    if present is not None and not hmac.compare_digest(token.encode(), present.session.csrf.encode()):
        raise ForeignFormError
    return Form({name: values for name, values in fields.items() if name not in GUARD_FIELDS}, _key(request, fields))


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What was wrong with a form, and what was typed: the page is shown again with both. `prefix` names the form."""

    errors: tuple[FieldError, ...] = ()
    status: int = 200
    form: Form = field(default_factory=lambda: Form({}, ""))
    prefix: str = ""

    def kept(self, prefix: str, name: str, default: str = "") -> str:
        """What was typed in this field of this form, else the default."""
        return self.form.one(name) if prefix == self.prefix else default

    def kept_many(self, prefix: str, name: str) -> tuple[str, ...]:
        """All that was chosen in this field of this form."""
        return self.form.many(name) if prefix == self.prefix else ()


NO_PROBLEM = Problem()


def guard(present: Present | None, key: object) -> Markup:
    """The hidden fields of every form."""
    csrf = present.session.csrf if present else ""
    html = '<input type="hidden" name="csrf" value="{csrf}"><input type="hidden" name="sleutel" value="{key}">'
    return Markup(html).format(csrf=csrf, key=key)  # noqa: S704 - format escapes


def _key(request: Request, fields: Mapping[str, Sequence[str]]) -> str:
    """One page may hold several buttons: the page's key, the address and what was typed make the act."""
    typed = sorted((name, tuple(values)) for name, values in fields.items() if name != "csrf")
    return hashlib.sha256(repr((request.url.path, typed)).encode()).hexdigest()


def as_uuid(text: str) -> UUID | None:
    """The id in this text; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
