"""The sentence of a notice, in the language of the page it stands on. Pure: names are given, nothing is looked up."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Notification

# Whatever the direction of a name or a headline, the sentence round it keeps its own (Unicode's isolates).
ISOLATE = "\u2068{}\u2069"
NAMED = 2


def sentence_of(notice: Notification, names: Mapping[int, str]) -> str:
    """What a notice says. names: of its people, by their keys; who is missing there is gone."""
    return SENTENCES.get(notice.kind, something)(notice, names)


def who(notice: Notification, names: Mapping[int, str]) -> str:
    """Such as "Anna", "Anna and Boris", "Anna and 3 others"."""
    known = [isolated(names[person]) for person in notice.people if person in names]
    people = len(notice.people)
    if not known:
        return _("Somebody") if people < 2 else _("Several people")
    if people == 1:
        return known[0]
    if people == len(known) == NAMED:
        return _("%(name)s and %(other)s") % {"name": known[0], "other": known[1]}
    words = ngettext("%(name)s and %(count)d other", "%(name)s and %(count)d others", people - 1)
    return words % {"name": known[0], "count": people - 1}


def answer(notice: Notification, names: Mapping[int, str]) -> str:
    filled = {"who": who(notice, names), "title": title_of(notice), "count": notice.count}
    if len(notice.people) == 1 and notice.count > 1:
        words = ngettext(
            "%(who)s answered you %(count)d time under “%(title)s”",
            "%(who)s answered you %(count)d times under “%(title)s”",
            notice.count,
        )
    else:
        words = ngettext(
            "%(who)s answered you under “%(title)s”", "%(who)s answered you under “%(title)s”", len(notice.people)
        )
    return words % filled


def mention(notice: Notification, names: Mapping[int, str]) -> str:
    words = ngettext(
        "%(who)s mentioned you under “%(title)s”", "%(who)s mentioned you under “%(title)s”", len(notice.people)
    )
    return words % {"who": who(notice, names), "title": title_of(notice)}


def story(notice: Notification, names: Mapping[int, str]) -> str:
    """Such as "“Council votes”: 3 more sources, 2 more countries"; or which two a story is now."""
    if other := notice.data.get("other"):
        words = _("A story you follow turned out to be two: “%(title)s” and “%(other)s”. You now follow both")
        return words % {"title": title_of(notice), "other": isolated(str(other))}
    sources, countries = number(notice, "sources"), number(notice, "countries")
    more = ngettext("%(count)d more source", "%(count)d more sources", sources) % {"count": sources}
    if not countries:
        return _("“%(title)s”: %(sources)s") % {"title": title_of(notice), "sources": more}
    places = ngettext("%(count)d more country", "%(count)d more countries", countries) % {"count": countries}
    filled = {"title": title_of(notice), "sources": more, "countries": places}
    return _("“%(title)s”: %(sources)s, %(countries)s") % filled


def search(notice: Notification, names: Mapping[int, str]) -> str:
    count, title = number(notice, "articles"), title_of(notice)
    if notice.data.get("is_more"):
        return _("More than %(count)d new articles for your search “%(title)s”") % {"count": count, "title": title}
    words = ngettext(
        "%(count)d new article for your search “%(title)s”", "%(count)d new articles for your search “%(title)s”", count
    )
    return words % {"count": count, "title": title}


def moderation(notice: Notification, names: Mapping[int, str]) -> str:
    """What was done, and why where a moderator said so."""
    action = str(notice.data.get("action", ""))
    words = {
        "held": _("Your comment under “%(title)s” waits for a moderator"),
        "hidden": _("Your comment under “%(title)s” was reported and waits for a moderator"),
        "approved": _("Your comment under “%(title)s” was approved"),
        "removed": _("Your comment under “%(title)s” was removed by a moderator"),
        "suspended": _("Your account is suspended: you can read on, but not comment"),
        "purged": _("Your account is suspended and your comments were removed"),
        "restored": _("You can comment again"),
    }.get(action, _("A moderator looked at your comment under “%(title)s”"))
    reason = str(notice.data.get("reason") or "")
    return words % {"title": title_of(notice)} + (f": {isolated(reason)}" if reason else "")


def something(notice: Notification, names: Mapping[int, str]) -> str:
    """A kind that this version does not know: a newer one wrote it."""
    return title_of(notice)


SENTENCES: dict[str, Callable[[Notification, Mapping[int, str]], str]] = {
    "answer": answer,
    "mention": mention,
    "story": story,
    "search": search,
    "moderation": moderation,
}


def title_of(notice: Notification) -> str:
    return isolated(str(notice.data.get("title", "")))


def number(notice: Notification, name: str) -> int:
    found = notice.data.get(name)
    return found if isinstance(found, int) else 0


def isolated(text: str) -> str:
    return ISOLATE.format(text)
