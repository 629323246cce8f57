"""Small charts of a source's rhythm, drawn as SVG without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

from aggregator.templatetags.places import page_locale

register = template.Library()

WIDTH, PLOT_HEIGHT, HEIGHT = 240, 48, 62
GAP = 2
LONGEST_MARK = 4  # characters that stand under a seventh; Arabic has no short names of days but their letters


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: int
    text: str


@register.inclusion_tag("aggregator/_bars.html")
def hour_chart(counts: Sequence[int]) -> dict[str, Any]:
    """Twenty-four bars, from midnight on."""
    busiest = max(range(24), key=lambda hour: counts[hour])
    label = _("By hour of the day; most between %(begin)s and %(end)s") % {
        "begin": f"{busiest}:00", "end": f"{(busiest + 1) % 24}:00",
    }  # fmt: skip
    marks = [Mark(place(hour, 24), f"{hour}:00") for hour in (0, 6, 12, 18)]
    return chart(counts, [f"{hour}:00" for hour in range(24)], marks, label)


@register.inclusion_tag("aggregator/_bars.html")
def weekday_chart(counts: Sequence[int]) -> dict[str, Any]:
    """Seven bars, from Monday on."""
    names = page_locale().days["stand-alone"]
    busiest = max(range(7), key=lambda day: counts[day])
    label = _("By day of the week; most on %(day)s") % {"day": names["wide"][busiest]}
    marked = "abbreviated" if max(map(len, names["abbreviated"].values())) <= LONGEST_MARK else "narrow"
    marks = [Mark(place(day, 7), names[marked][day]) for day in range(7)]
    return chart(counts, [names["wide"][day] for day in range(7)], marks, label)


def chart(counts: Sequence[int], names: Sequence[str], marks: Sequence[Mark], label: str) -> dict[str, Any]:
    most = max(counts) or 1
    width = WIDTH // len(counts) - GAP
    bars = []
    for number, (count, name) in enumerate(zip(counts, names, strict=True)):
        height = max(round(PLOT_HEIGHT * count / most), 1)
        bars.append(Bar(place(number, len(counts)), PLOT_HEIGHT - height, width, height, f"{name}: {count}"))
    return {"bars": bars, "marks": marks, "label": label, "width": WIDTH, "height": HEIGHT}


def place(number: int, of: int) -> int:
    """Where a bar begins."""
    return number * (WIDTH // of)
