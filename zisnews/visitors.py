"""Who asks for a page: a person or a program, as far as the request says, and which of them."""

import re

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# Programs that name themselves, and browsers that are steered by one. People's say Mozilla or Opera first.
_BOT = re.compile(
    r"(?<!cu)bot\b|bot[/;_-]|crawl|spider|slurp|fetch|scrap|monitor|preview|archiv|headless|lighthouse|validator|feed|rss"
    r"|facebookexternalhit|whatsapp|embedly|bingpreview|mediapartners|python|curl|wget|java/|go-http|okhttp|libwww"
    r"|httpclient|axios|node|ruby|perl|php|scan|probe|uptime|pingdom|dataprovider",
    re.IGNORECASE,
)
_PERSON = re.compile(r"Mozilla/|Opera/")


def is_by_person(request: HttpRequest) -> bool:
    """Whether a person asked for the page to read it now, as far as the request says."""
    purpose = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}".lower()
    if request.method != "GET" or "prefetch" in purpose or request.headers.get("X-Moz", "") == "prefetch":
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(_PERSON.match(agent)) and not _BOT.search(agent)


def reader_of(request: HttpRequest) -> str:
    """What tells a reader from others within a day; held only while the request lasts, and never stored."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a socket without address, or more proxies announced than there are
        address = ""
    return f"{address}\0{request.headers.get('User-Agent', '')}"
