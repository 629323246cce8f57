"""Writes feeds/formats/month_names.tsv anew from the Unicode locale data: `python -m tests.feeds.month_names`."""

from babel import Locale, UnknownLocaleError

from feeds.formats.months import TABLE

# Locales with month names of their own: the languages of the catalogue's countries, and the Levantine and
# Maghrebi names of Arabic beside the Egyptian ones.
LOCALES = """
    de de_AT fr es it pt nl sv da nb nn fi is et lv lt pl cs sk sl hr sr sr_Latn bs mk bg ru uk be ro hu el tr az kk
    uz ky tg tk hy ka he ar ar_LB ar_IQ ar_DZ ar_MA ar_MR fa ps ur hi bn mr ne ta te kn ml gu pa or as si th lo km my
    vi id ms fil sw am ha yo zu af so ca gl eu ga cy sq mt lb fo mn en
"""

# Short forms that newspapers use and the locale data does not list.
NEWSPAPER_FORMS = {"mrz": (3, "de"), "mär": (3, "de"), "okt": (10, "de"), "dez": (12, "de"), "set": (9, "pt")}


def table() -> str:
    """A line for each name: the name, then each month it may be with the languages in which it is that one."""
    names: dict[str, dict[int, set[str]]] = {}

    def learn(name: str, month: int, language: str) -> None:
        name = name.lower().strip(".").replace("\u200c", "")
        if len(name) > 1 and not any(sign.isdecimal() for sign in name):
            names.setdefault(name, {}).setdefault(month, set()).add(language)

    for code in LOCALES.split():
        try:
            months = Locale.parse(code).months
        except (UnknownLocaleError, ValueError):
            continue
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in months[form][width].items():
                    learn(name, month, code.split("_")[0])
    for name, (month, language) in NEWSPAPER_FORMS.items():
        learn(name, month, language)
    return "".join(
        "\t".join([name, *(f"{month} {' '.join(sorted(names[name][month]))}" for month in sorted(names[name]))]) + "\n"
        for name in sorted(names)
    )


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
