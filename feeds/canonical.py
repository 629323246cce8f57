"""One address for one page: the same URL however a feed, a redirect or a campaign spelled it. Asks nobody.

Two spellings are made one only where no server could tell them apart or where the difference is known to be tracking.
Taking two pages for one loses an article; taking one for two only shows it twice.
"""

import re
from urllib.parse import quote, unquote_plus, urljoin

from feeds.errors import AddressRefused
from feeds.net.addresses import take_apart

# Parameters that say where a click came from, by name. courlan's pattern would also take ?gallery=, ?cid= and ?uid=,
# which name the page itself on many sites.
TRACKING_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "itm_", "hsa_", "oly_", "vero_", "at_", "__hs", "_hs", "ga_", "ns_",
    "wt_", "wt.", "stm_", "trk_", "_branch_", "guce_", "__cft__", "__tn__", "hss_", "sc_l", "sfmc_",
)  # fmt: skip
TRACKING_NAMES = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "msclkid", "yclid",
    "ysclid", "twclid", "ttclid", "igshid", "igsh", "li_fat_id", "mkt_tok", "mc_cid", "mc_eid", "_ga", "_gl",
    "_openstat", "s_cid", "s_kwcid", "ef_id", "epik", "rb_clickid", "wickedid", "zanpid", "srsltid", "ref_src",
    "ref_url", "cmp", "cmpid", "cmp_id", "maca", "traffic_source", "smid", "ocid", "ncid", "icid", "ito", "sr_share",
    "sh_kit", "ftag", "taid", "xtor", "dm_i", "spm_id_from", "fb_action_ids", "fb_action_types", "fb_source",
    "fb_ref", "action_object_map", "action_type_map", "action_ref_map", "soc_src", "soc_trk", "__twitter_impression",
    "guccounter", "wpisrc", "wpmm", "wpmk", "tpcc", "reflink", "mbid", "ftcamp", "sref", "leadsource", "mibextid",
    "sfnsn", "emci", "emdi", "ceid", "bxid", "cndid", "regi_id", "nr_email_referer", "smtyp", "tblci",
    "amp_js_v", "amp_gsa", "amp_r", "amp_ct", "amp_tf", "usqp",
})  # fmt: skip
# These may be part of a page's address, but not with such a value.
SOURCE_NAMES = frozenset({
    "ref", "referrer", "referer", "source", "src", "from", "via", "origin", "partner", "mod", "track", "emc", "feature",
})  # fmt: skip
SOURCE_VALUE = re.compile(
    r"(?:.*[-_. ])?(?:rss|atom|feed|newsletter|twitter|facebook|telegram|whatsapp)(?:[-_. ].*|\d*)"
)

FEED_FLAGS = frozenset({"rss=1", "rss=yes", "rss=true", "fromrss=1", "feature=share", "feature=youtu.be"})

# Copies that caches keep of AMP pages: of the publisher's address only the scheme's last letter stands apart.
AMP_CACHE = re.compile(
    r"https?://(?:(?:[\w-]+\.)?cdn\.ampproject\.org/(?:c|v|wp)|(?:[\w-]+\.)?bing-amp\.com/c"
    r"|(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?/amp)/(s/)?((?=[^/?#]*\.[a-z])[^/?#@]+(?:[/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)

# An address in its one spelling already, but for fragment and tracking, as nine of ten are: a tenth of the work.
PLAIN = re.compile(
    r"(https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}/[\w/:@!$&'()*+,;=.~-]*)"
    r"(?:\?([\w/:@!$&'()*+,;=.~?\[\]|-]*))?(?:#[!-\[\]-~]*)?",
    re.ASCII,
)

ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
LONE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
TABS_AND_LINE_ENDS = re.compile(r"[\t\r\n]")
BLANKS = "".join(map(chr, range(0x21)))
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
PATH_SAFE = "%/:@!$&'()*+,;=~"
QUERY_SAFE = PATH_SAFE + "?[]|"
MAX_CHARACTERS = 2_000


def canonical_url(url: str, *, base: str = "") -> str:
    """The URL in its one spelling, absolute, http or https, without fragment and tracking parameters.

    base: what a relative URL is relative to
    Empty for what no page can have: another scheme, a user name, a host that is none, more than 2,000 characters.
    The scheme, "www.", a trailing slash and the order of parameters are kept: servers may tell those apart.
    """
    url = TABS_AND_LINE_ENDS.sub("", url.strip(BLANKS)).replace(" ", "%20")
    try:
        url = publishers_address(urljoin(base, url) if base else url)
        if len(url) <= MAX_CHARACTERS and (plain := PLAIN.fullmatch(url)) and "/." not in plain[1]:
            return _joined(plain[1], plain[2] or "")
        address = take_apart(url)
    except (AddressRefused, ValueError):
        return ""
    path, _, query = address.target.partition("?")
    path = _without_dots(_one_spelling(path, PATH_SAFE))
    canonical = _joined(f"{address.scheme}://{address.authority}{path}", _one_spelling(query, QUERY_SAFE))
    return canonical if len(canonical) <= MAX_CHARACTERS else ""


def _joined(page: str, query: str) -> str:
    query = _without_tracking(query)
    return f"{page}?{query}" if query else page


def publishers_address(url: str) -> str:
    """The publisher's own address of a page that a URL asks an AMP cache for; any other URL as it is."""
    found = AMP_CACHE.fullmatch(url)
    return f"http{'s' if found[1] else ''}://{found[2]}" if found else url


def other_spellings(url: str) -> list[str]:
    """How else a canonical URL is written: http and https, with and without "www.", and a slash at the end.

    Servers may tell these apart, though none of 63,000 recorded addresses of the press does: within one source they
    are one page. An address with parameters keeps the end of its path.
    """
    rest = url.partition("://")[2]
    host, slash, path = rest.partition("/")
    hosts = [host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"]
    paths = [path] if "?" in path or not path else [path, path[:-1] if path.endswith("/") else f"{path}/"]
    spellings = [f"{s}://{h}{slash}{p}" for s in ("https", "http") for h in hosts for p in paths]
    return [spelling for spelling in spellings if spelling != url]


def _one_spelling(text: str, safe: str) -> str:
    """Percent-encoding as RFC 3986, 6.2.2 makes it: nothing encoded that need not be, hexadecimals in capitals."""
    text = LONE_PERCENT.sub("%25", text)
    text = ESCAPE.sub(lambda found: _decoded(found[1]), text)
    return quote(text, safe=safe)


def _decoded(hexadecimal: str) -> str:
    character = chr(int(hexadecimal, 16))
    return character if character in UNRESERVED else f"%{hexadecimal.upper()}"


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4; empty segments are kept."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _without_tracking(query: str) -> str:
    return "&".join(parameter for parameter in query.split("&") if parameter and not _is_tracking(parameter))


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote_plus(name).lower().removeprefix("amp;")  # &amp; escaped once too often
    if name.startswith(TRACKING_PREFIXES) or name in TRACKING_NAMES:
        return True
    if parameter.lower() in FEED_FLAGS:
        return True
    return name in SOURCE_NAMES and (not value or SOURCE_VALUE.fullmatch(unquote_plus(value).lower()) is not None)
