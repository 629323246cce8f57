"""The cells of who writes about whom, which stand on a page by the hundred: each row is written in one step."""

from html import escape

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.matrix import Cell, Row
from aggregator.templatetags.places import country_name, percent

register = template.Library()

LISTED = 6  # of a row, where a page is too narrow for a table


@register.simple_tag(takes_context=True)
def matrix_cells(context: Context, row: Row) -> SafeString:
    """The cells of a row: each number leads to its articles and is as dark as its share."""
    asked = asked_of(context)
    abroad = (cell for cell in row.cells if cell.count and cell.teller != cell.subject)
    largest = sorted(abroad, key=lambda cell: -cell.count)[:LISTED]
    return mark_safe("".join(written(cell, asked, cell in largest) for cell in row.cells))  # noqa: S308  escaped below


def written(cell: Cell, asked: str, is_listed: bool) -> str:
    """is_listed: it stands on a phone too, where a row is a list of its largest"""
    marks = "own" if cell.teller == cell.subject else f"share-{cell.level}"
    if not cell.count:
        return f'<td class="{marks}">0</td>'
    said, about = escape(in_words(cell)), escape(country_name(cell.subject))
    named = f' data-about="{about}"' if is_listed else ""
    return (
        f'<td class="{marks}"><a href="{address_of(cell)}{asked}"{named} title="{said}" aria-label="{said}">'
        f"{cell.count}</a></td>"
    )


@register.simple_tag
def in_words(cell: Cell) -> str:
    """Such as "Germany on United States: 31 of 240 articles, 13%"."""
    return _("%(teller)s on %(subject)s: %(counts)s, %(share)s") % {
        "teller": country_name(cell.teller),
        "subject": country_name(cell.subject),
        "counts": part_of(cell),
        "share": percent(cell.share),
    }


@register.filter
def part_of(cell: Cell) -> str:
    """Such as "31 of 240 articles"."""
    return ngettext("%(n)s of %(of)s article", "%(n)s of %(of)s articles", cell.of) % {"n": cell.count, "of": cell.of}


@register.simple_tag(takes_context=True)
def cell_address(context: Context, cell: Cell) -> str:
    """Where its articles are listed."""
    return address_of(cell) + asked_of(context)


def address_of(cell: Cell) -> str:
    return reverse("matrix_cell", args=[cell.teller.lower(), cell.subject.lower()])


def asked_of(context: Context) -> str:
    """The category of the page, as a query."""
    category = context.get("category")
    return f"?category={category.slug}" if category else ""
