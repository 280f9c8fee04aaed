"""Whether a request comes from one of our own pages (Origin header, RFC 6454)."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from dashboards.models import Site


def is_own_origin(request: HTTPConnection, site: Site, *, needed: bool) -> bool:
    """True when Origin is ours. A missing Origin is good enough for old browsers, unless it is `needed`."""
    origin = request.headers.get("origin")
    if origin is None:
        return not needed
    if site.origins:
        return origin in site.origins
    return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == request.headers.get("host")
