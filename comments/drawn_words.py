"""What stands again and again in comments, in the language of the page."""

from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comments.models import Comment
from comments.votes import DOWN, UP

State = Comment.State


@lru_cache(maxsize=64)
def words_in(language: str) -> dict[str, str]:
    """All of it, ready for the page. `language` only tells what is kept for one from what is for another."""
    icon = '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
    sprite = static("icons/sprite.svg")
    said = {
        "edited": _("edited"),
        "new": _("new"),
        "answer": pgettext("button", "Answer"),
        "flag": _("Report"),
        "edit": _("Edit"),
        "delete": _("Delete"),
        "block": _("Block"),
        "block whom": _("Block %(name)s"),
        "unblock": _("Unblock"),
        "unblock whom": _("Unblock %(name)s"),
        "goes on": _("Continue this thread"),
        "blocked": _("By somebody whose comments you do not want"),
        "by word": _("Hidden by your keywords"),
        "own held": _("A moderator looks at this comment first. Until then only you see it."),
        "own removed": _("A moderator has removed this comment. Only you see it."),
        State.DELETED: _("Deleted by its author"),
        State.REMOVED: _("Removed by a moderator"),
        State.HIDDEN: _("Not shown until a moderator has looked"),
    }
    said[State.HELD] = said[State.HIDDEN]
    signs = {
        UP: icon.format(escape(_("Good")), sprite, "like"),
        DOWN: icon.format(escape(_("Not good")), sprite, "dislike"),
    }
    return {key: escape(words) for key, words in said.items()} | signs
