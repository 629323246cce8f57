"""Names readers appear under: what one may hold, and when two of them would be taken for each other."""

import re
import unicodedata

from django.utils.translation import gettext as _

DISPLAY_NAME_MAX_LENGTH = 50
MOST_MARKS = 3  # accents on one letter; more are drawn over the lines around them
# Invisible though Unicode calls them letters or signs: fillers of Hangul, and Braille without a dot.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Control, format (zero width, direction), surrogate, private, unassigned, and separators of lines.
UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Letters of other scripts that look like Latin ones, small after case folding (UTS 39's confusables, the common ones).
LOOKS_LIKE = str.maketrans(
    {
        **dict(zip("авекмнорстухыёіїјѕһԁԛԝѵӏьгпи", "abekmhopctyxbeiijshdqwvlbrnu", strict=True)),
        **dict(zip("αβγεηικνορτυχωΐϊ", "abyenikvoptuxwii", strict=True)),
        **dict(zip("օսոցհյզ", "ounghjq", strict=True)),
        **dict(zip("ıɑɡøđł", "iagodl", strict=True)),
    }
)
LOOKS_LIKE_A_LETTER = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s", "!": "i"})
# How those who run the site are called; a name with such a word, or one that only looks so, would speak for them.
OF_STAFF = (
    "admin", "administrator", "administrador", "administrateur", "moderator", "moderador", "moderateur", "mod", "mods",
    "staff", "team", "support", "system", "root", "official", "curator", "editor", "админ", "администратор",
    "модератор", "редакция", "поддержка", "ադմին", "մոդերատոր", "مشرف", "مدير", "الإدارة",
)  # fmt: skip
BEGINS_OF_STAFF = ("admin", "moderat", "админ", "модерат")
SITE = "zisnews"


class DisplayNameError(ValueError):
    """A name can not be had; its text is a sentence for the reader."""


def clean_display_name(text: str) -> str:
    """Return the name as it is stored: NFKC, single blanks. Raises DisplayNameError for what is no name."""
    if len(text) > DISPLAY_NAME_MAX_LENGTH * 4:
        raise DisplayNameError(_("A name has 50 characters at most."))
    name = re.sub(r"[ \t\u00a0\u3000]+", " ", unicodedata.normalize("NFKC", text)).strip()
    if any(unicodedata.category(character) in UNWANTED for character in name):
        raise DisplayNameError(_("A name holds no invisible characters."))
    if not 1 <= len(name) <= DISPLAY_NAME_MAX_LENGTH:
        raise DisplayNameError(_("A name has 1 to 50 characters."))
    if not any(unicodedata.category(c)[0] in "LN" and c not in BLANK for c in name) or BLANK & set(name):
        raise DisplayNameError(_("A name needs a letter or a number that can be seen."))
    if has_too_many_marks(name):
        raise DisplayNameError(_("There are too many marks on one letter."))
    if "@" in name:
        raise DisplayNameError(_("A name holds no @: it could be taken for an address."))
    if re.fullmatch(r"reader ?\d+", name.casefold()) or re.fullmatch(neutral_name(), name, re.IGNORECASE):
        raise DisplayNameError(_("Readers who have chosen no name are called that."))
    return name


def neutral_name() -> str:
    """A pattern of the names of those who chose none, in the language of the page."""
    words = _("Reader %(number)s") % {"number": "\0"}
    return re.escape(words).replace(re.escape("\0"), r"\d+")


def has_too_many_marks(name: str) -> bool:
    in_a_row = 0
    for character in unicodedata.normalize("NFD", name):
        in_a_row = in_a_row + 1 if unicodedata.category(character) == "Mn" else 0
        if in_a_row > MOST_MARKS:
            return True
    return False


def name_key(name: str) -> str:
    """Equal for names that readers would take for each other: case, look-alike letters and blanks do not count."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(LOOKS_LIKE)
    return re.sub(r"[\s\-_.·']+", "", folded)


def speaks_for_the_site(name: str) -> bool:
    """Whether a name would be taken for that of staff: admin, Mоderator (with a Cyrillic о), Zis.News, 4dmin."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if unicodedata.category(c) != "Mn")
    alike = plain.translate(LOOKS_LIKE).translate(LOOKS_LIKE_A_LETTER)
    whole = re.sub(r"[\W_]+", "", alike)
    words = {*re.split(r"[\W_]+", alike), *re.split(r"[\W_\d]+", plain), whole}
    if whole.replace("l", "i").find(SITE) >= 0:
        return True
    begins = tuple(as_seen(word) for word in BEGINS_OF_STAFF)
    return bool(words & {as_seen(word) for word in OF_STAFF}) or any(word.startswith(begins) for word in words)


def as_seen(word: str) -> str:
    """A word with look-alike letters made one."""
    marks_off = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
    return marks_off.translate(LOOKS_LIKE)
