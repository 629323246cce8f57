"""What the world's pictures show: each scene draws on a canvas, with the palettes that suit it."""

from collections.abc import Callable

from zisnews.demo.painting import Canvas
from zisnews.demo.scenes import figures, nature, rooms, towns

SCENES: dict[str, tuple[Callable[[Canvas], None], list[str]]] = {
    "mountains": (nature.mountains, ["dusk", "dawn", "northern", "desert", "rose"]),
    "sea": (nature.sea, ["dusk", "dawn", "sea", "northern", "rose"]),
    "contours": (nature.contours, ["sea", "forest", "desert", "ink", "dawn"]),
    "forest": (nature.forest, ["forest", "dawn", "northern", "rose"]),
    "leaves": (nature.leaves, ["forest", "rose", "sea", "desert"]),
    "planet": (nature.planet, ["night", "violet", "northern"]),
    "skyline": (towns.skyline, ["dusk", "night", "violet", "dawn"]),
    "harbour": (towns.harbour, ["dusk", "dawn", "sea", "desert"]),
    "colonnade": (towns.colonnade, ["ink", "desert", "rose", "dusk"]),
    "arches": (towns.arches, ["desert", "rose", "sea", "violet"]),
    "pitch": (towns.pitch, ["forest", "northern", "dusk"]),
    "track": (towns.track, ["desert", "rose", "dusk"]),
    "hemicycle": (rooms.hemicycle, ["ink", "dawn", "violet", "northern"]),
    "stage": (rooms.stage, ["violet", "night", "dusk"]),
    "table": (rooms.table, ["rose", "desert", "ink", "forest", "dawn"]),
    "papers": (rooms.papers, ["ink", "rose", "sea", "desert"]),
    "chart": (figures.chart, ["dawn", "ink", "night", "northern"]),
    "circuit": (figures.circuit, ["night", "northern", "violet"]),
    "network": (figures.network, ["night", "sea", "violet", "ink"]),
    "currents": (figures.currents, ["night", "sea", "rose", "ink", "northern"]),
    "cells": (figures.cells, ["rose", "sea", "violet", "dawn"]),
    "helix": (figures.helix, ["sea", "violet", "dawn", "night"]),
    "equaliser": (figures.equaliser, ["violet", "dusk", "ink", "night"]),
    "mosaic": (figures.mosaic, ["desert", "sea", "rose", "violet", "forest"]),
}

SCENES_OF_CATEGORY = {
    "world": ["mountains", "sea", "contours", "network"],
    "politics": ["colonnade", "hemicycle", "skyline", "papers"],
    "business": ["skyline", "chart", "harbour"],
    "technology": ["circuit", "network", "currents"],
    "science": ["planet", "currents", "helix", "contours"],
    "health": ["cells", "helix", "leaves"],
    "sports": ["pitch", "track"],
    "entertainment": ["stage", "equaliser"],
    "culture": ["arches", "mosaic", "colonnade"],
    "environment": ["forest", "sea", "contours", "leaves", "mountains"],
    "lifestyle": ["table", "leaves", "mosaic"],
    "opinion": ["papers", "currents", "mosaic"],
}
