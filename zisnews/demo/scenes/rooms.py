"""Insides: a parliament, a stage, a table, papers on a desk."""

import numpy as np

from zisnews.demo.painting import COLUMNS, HEIGHT, ROWS, WIDTH, Canvas, blend, distance_from, stretched_noise


def hemicycle(canvas: Canvas) -> None:
    """The seats of a parliament in their arcs, parties by colour, light from the dome."""
    palette = canvas.palette
    canvas.wash(palette.sky, palette.horizon)
    at = (WIDTH / 2 + canvas.between(-60, 60), canvas.between(720, 770))
    canvas.glow((at[0], 60), 560, palette.light, 0.6)
    parties = [palette.near, palette.middle, palette.accent, palette.far]
    borders = np.sort(canvas.chance.random(3)) * 0.7 + 0.15
    for row in range(11):
        radius = 170 + row * 48
        floor = np.clip(1 - np.abs(distance_from(at) - radius) / 23, 0, 1) * (at[1] + 12 > ROWS)
        canvas.lay((floor > 0.05).astype(np.float32), palette.near, 0.10)
        seats = int(radius / 13)
        for seat in range(seats + 1):
            share = seat / seats
            turn = np.pi * share
            place = (at[0] - radius * float(np.cos(turn)), at[1] - radius * float(np.sin(turn)))
            if not (-20 < place[0] < WIDTH + 20 and place[1] > -20) or canvas.chance.random() < 0.05:
                continue
            party = parties[int(np.searchsorted(borders, share))]
            canvas.disc(place, 9 + row * 0.6, blend(party, palette.light, 0.12))
            canvas.disc((place[0] - 2, place[1] - 3), 3 + row * 0.2, palette.light, 0.3)
    canvas.boxes([(at[0] - 90, at[1] - 40, at[0] + 90, HEIGHT)], palette.near)
    canvas.boxes([(at[0] - 90, at[1] - 40, at[0] + 90, at[1] - 32)], palette.accent)


def stage(canvas: Canvas) -> None:
    """Beams through the smoke, a figure at the front, heads and hands before it."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.middle)
    smoke = stretched_noise(canvas.chance, across=4, down=3)
    for _ in range(canvas.count(5, 8)):
        source = (canvas.between(80, 1200), -30.0)
        target = canvas.between(100, 1180)
        spread = canvas.between(50, 130)
        along = np.clip((ROWS - source[1]) / (HEIGHT * 0.82), 0, 1.2)
        middle = source[0] + (target - source[0]) * along
        beam = np.exp(-(((COLUMNS - middle) / (12 + spread * along)) ** 2)) * np.clip(1.15 - along, 0, 1)
        colour = palette.accent if canvas.chance.random() < 0.5 else palette.light
        canvas.lay((beam * (0.35 + smoke * 0.65)).astype(np.float32), colour, 0.75)
    canvas.boxes([(0, 600, WIDTH, HEIGHT)], palette.near, 0.85)
    singer = canvas.between(480, 800)
    canvas.glow((singer, 520), 190, palette.light, 0.7)
    person(canvas, singer, 600, 1.9)
    for row in range(3):
        for _ in range(18):
            head(canvas, canvas.between(-20, WIDTH + 20), 690 + row * 45 + canvas.between(-14, 14), 24 + row * 7)


def person(canvas: Canvas, x: float, foot: float, size: float) -> None:
    body = [(-15, -92), (15, -92), (19, -50), (12, -44), (13, 0), (3, 0), (0, -40), (-5, 0), (-15, 0), (-12, -46)]
    canvas.polygon([(x + dx * size, foot + dy * size) for dx, dy in body], canvas.palette.near)
    arm = [(x + 14 * size, foot - 86 * size), (x + 32 * size, foot - 108 * size), (x + 40 * size, foot - 138 * size)]
    canvas.strokes([arm], canvas.palette.near, width=8 * size)
    canvas.disc((x, foot - 106 * size), 12 * size, canvas.palette.near)


def head(canvas: Canvas, x: float, y: float, size: float) -> None:
    dark = blend(canvas.palette.near, "#000000", 0.45)
    spot_of = [(x - size * 1.6, HEIGHT + 10), (x - size * 1.5, y + size * 1.6), (x - size * 0.5, y + size * 0.9)]
    mirrored = [(2 * x - px, py) for px, py in reversed(spot_of)]
    canvas.polygon(spot_of + mirrored, dark)
    canvas.polygon([(x + size * np.cos(t), y + size * 1.15 * np.sin(t)) for t in np.linspace(0, 6.3, 20)], dark)
    if canvas.chance.random() < 0.25:
        hand = (x + size * canvas.between(-2, 2), y - size * canvas.between(2.2, 4))
        thick = size * 0.28
        foot = (x + size, y + size * 2)
        canvas.polygon(
            [
                (foot[0] - thick, foot[1]),
                (foot[0] + thick, foot[1]),
                (hand[0] + thick, hand[1]),
                (hand[0] - thick, hand[1]),
            ],
            dark,
        )
        canvas.disc(hand, thick * 1.5, dark)


def table(canvas: Canvas) -> None:
    """A still life: vessels and fruit on a cloth, one window's light."""
    palette = canvas.palette
    canvas.wash(palette.sky, palette.horizon)
    canvas.glow((canvas.between(100, 300), 150), 520, palette.light, 0.8)
    window = (np.abs((COLUMNS + ROWS * 0.35) % 460 - 230) < 90) & (ROWS < 520) & (COLUMNS > 420)
    canvas.lay(window.astype(np.float32), palette.light, 0.28)
    top = canvas.between(520, 570)
    canvas.boxes([(0, top, WIDTH, HEIGHT)], palette.far)
    weave = (np.sin(COLUMNS * 0.055 + ROWS * 0.02) > 0.93) | (np.sin(ROWS * 0.11 - COLUMNS * 0.012) > 0.93)
    canvas.lay((weave & (top < ROWS)).astype(np.float32), palette.light, 0.25)
    colours = [palette.middle, palette.near, palette.accent, palette.light]
    x = canvas.between(110, 190)
    while x < 1190:
        wide, high = canvas.between(90, 190), canvas.between(150, 400)
        colour = colours[canvas.count(0, 3)]
        foot = top + canvas.between(30, 110)
        if canvas.chance.random() < 0.4:
            for _ in range(canvas.count(1, 3)):
                fruit(canvas, x + canvas.between(-60, 60), foot, canvas.between(34, 52))
        else:
            vessel(canvas, (x, foot), (wide, high), colour)
        x += wide * 0.5 + canvas.between(60, 110)


def vessel(canvas: Canvas, at: tuple[float, float], size: tuple[float, float], colour: str) -> None:
    (x, foot), (wide, high) = at, size
    along = np.linspace(0, 1, 40)
    belly, neck = canvas.between(0.2, 0.55), canvas.between(0.3, 0.75)
    half = wide / 2 * (neck + (1 - neck) * np.exp(-(((along - belly) / 0.36) ** 2)))
    half[along > 0.94] *= 1.18
    outline = [(x - w, foot - a * high) for a, w in zip(along, half, strict=True)]
    outline += [(x + w, foot - a * high) for a, w in zip(along[::-1], half[::-1], strict=True)]
    shadow = [(px + (foot - py) * 0.55 + 12, foot - (foot - py) * 0.12 + 8) for px, py in outline]
    canvas.polygon(shadow, canvas.palette.near, 0.22)
    canvas.polygon(outline, colour)
    lit = [(x + (px - x) * 0.3 - wide * 0.17, py) for px, py in outline]
    canvas.polygon(lit, canvas.palette.light, 0.32)
    shade = [(x + (px - x) * 0.4 + wide * 0.2, py) for px, py in outline]
    canvas.polygon(shade, canvas.palette.near, 0.25)


def fruit(canvas: Canvas, x: float, foot: float, radius: float) -> None:
    y = foot - radius * 0.8
    canvas.polygon(
        [
            (x + radius * 0.7 + radius * 1.4 * np.cos(t), foot + 6 + radius * 0.22 * np.sin(t))
            for t in np.linspace(0, 6.3, 24)
        ],
        canvas.palette.near,
        0.25,
    )
    canvas.disc((x, y), radius, canvas.palette.accent)
    lit = np.clip(1 - distance_from((x - radius * 0.35, y - radius * 0.4)) / (radius * 1.3), 0, 1)
    inside = np.clip(radius - distance_from((x, y)), 0, 1)
    canvas.lay((lit * inside).astype(np.float32), canvas.palette.light, 0.55)
    canvas.strokes([[(x, y - radius * 0.9), (x + 8, y - radius * 1.35)]], canvas.palette.near, width=4)


def papers(canvas: Canvas) -> None:
    """Torn sheets over one another, each with its shadow."""
    palette = canvas.palette
    canvas.wash(palette.horizon, palette.sky)
    colours = [palette.far, palette.light, palette.middle, palette.accent, palette.near, palette.horizon]
    fibre = canvas.chance.random((HEIGHT, WIDTH)).astype(np.float32)
    for place in range(canvas.count(5, 7)):
        turn, shift = canvas.between(0, 2 * np.pi), place * 95 + canvas.between(-250, -150)  # the last ones cover least
        across = (COLUMNS - WIDTH / 2) * np.float32(np.cos(turn)) + (ROWS - HEIGHT / 2) * np.float32(np.sin(turn))
        tear = (stretched_noise(canvas.chance, across=9, down=6, octaves=4) - 0.5) * 90
        edge = across - np.float32(shift) + tear
        canvas.lay(np.clip(1 - np.abs(edge + 14) / 40, 0, 1), palette.near, 0.3)
        canvas.lay(np.clip(edge, 0, 1), palette.light)
        sheet = np.clip(edge - 7 - fibre * 5, 0, 1)
        canvas.lay(sheet, colours[place % len(colours)])
        canvas.lay(sheet * (fibre > 0.93), palette.light, 0.15)
