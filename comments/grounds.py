"""Why a comment is not shown: short keys that rows keep, and their words in the reader's own language."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from comments.models import Flag


class Held(StrEnum):
    """Why one of our rules holds a comment back until a moderator has looked."""

    LINKS = "links"
    REPEATED = "repeated"
    FLAGS = "flags"


WORDS = {
    Held.LINKS.value: _("Among the first comments of a new account, with a link"),
    Held.REPEATED.value: _("The same text was posted several times"),
    Held.FLAGS.value: _("Reported by several readers"),
    **{reason.value: reason.label for reason in Flag.Reason},
}


def words_of(ground: str) -> str:
    """What a key says; what is none of them stands for itself."""
    return str(WORDS.get(ground, ground))
