"""Small charts of a source's rhythm, drawn as SVG without scripts."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aggregator.templatetags.places import page_locale

register = template.Library()

WIDTH, PLOT_HEIGHT, HEIGHT = 240, 48, 62
GAP = 2
LONGEST_MARK = 4  # characters that stand under a seventh; Arabic has no short names of days but their letters


@register.simple_tag
def hour_chart(counts: Sequence[int]) -> SafeString:
    """Twenty-four bars, from midnight on."""
    busiest = max(range(24), key=lambda hour: counts[hour])
    label = _("By hour of the day; most between %(begin)s and %(end)s") % {
        "begin": f"{busiest}:00", "end": f"{(busiest + 1) % 24}:00",
    }  # fmt: skip
    marks = [(place(hour, 24), f"{hour}:00") for hour in (0, 6, 12, 18)]
    return chart(counts, [f"{hour}:00" for hour in range(24)], marks, label)


@register.simple_tag
def weekday_chart(counts: Sequence[int]) -> SafeString:
    """Seven bars, from Monday on."""
    names = page_locale().days["stand-alone"]
    busiest = max(range(7), key=lambda day: counts[day])
    label = _("By day of the week; most on %(day)s") % {"day": names["wide"][busiest]}
    marked = "abbreviated" if max(map(len, names["abbreviated"].values())) <= LONGEST_MARK else "narrow"
    marks = [(place(day, 7), names[marked][day]) for day in range(7)]
    return chart(counts, [names["wide"][day] for day in range(7)], marks, label)


def chart(counts: Sequence[int], names: Sequence[str], marks: Sequence[tuple[int, str]], label: str) -> SafeString:
    """A row of bars, each with its number for who can not see it, and some words under it, each at its place.

    Drawn in one step: a template that asked for the four numbers of each bar took a quarter of a source's page.
    """
    most = max(counts) or 1
    width = WIDTH // len(counts) - GAP
    bars = []
    for number, (count, name) in enumerate(zip(counts, names, strict=True)):
        height = max(round(PLOT_HEIGHT * count / most), 1)
        bars.append(
            f'<rect x="{place(number, len(counts))}" y="{PLOT_HEIGHT - height}" width="{width}" height="{height}">'
            f"<title>{escape(name)}: {count}</title></rect>"
        )
    words = "".join(f'<text x="{x}" y="{HEIGHT}">{escape(text)}</text>' for x, text in marks)
    return SafeString(
        f'<figure class="rhythm"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">\n'
        f"{''.join(bars)}\n{words}\n</svg></figure>"
    )


def place(number: int, of: int) -> int:
    """Where a bar begins."""
    return number * (WIDTH // of)
