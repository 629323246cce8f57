"""Land, sea and sky."""

import numpy as np

from zisnews.demo.painting import HEIGHT, ROWS, WIDTH, Canvas, below, blend, distance_from, ridge, stretched_noise


def mountains(canvas: Canvas) -> None:
    """Ranges one behind the other, the far ones paler in the haze, under a low sun."""
    palette = canvas.palette
    canvas.sky()
    sun = (canvas.between(200, 1080), canvas.between(180, 360))
    canvas.glow(sun, 330, palette.light, 0.75)
    canvas.disc(sun, canvas.between(34, 62), palette.light)
    ranges = canvas.count(5, 7)
    for place in range(ranges):
        depth = place / (ranges - 1)
        top = 330 + depth * 330 - ridge(canvas.chance, peaks=3 + place, roughness=0.48) * (240 - 110 * depth)
        shade = blend(palette.far, palette.middle, depth * 2) if depth < 0.5 else None
        colour = shade if shade is not None else blend(palette.middle, palette.near, depth * 2 - 1)
        canvas.lay(below(top), colour)
        haze = np.clip((ROWS - top[None, :]) / 260, 0, 1) * below(top)
        canvas.lay(haze, palette.horizon, 0.42 * (1 - depth))


def sea(canvas: Canvas) -> None:
    """Open water to the horizon, the sun's path on it, now and then a ship."""
    palette = canvas.palette
    canvas.sky()
    horizon = canvas.between(330, 430)
    sun = (canvas.between(250, 1030), horizon - canvas.between(20, 150))
    canvas.glow(sun, 380, palette.light, 0.8)
    canvas.disc(sun, canvas.between(40, 70), palette.light)
    water = np.clip(ROWS - np.float32(horizon), 0, 1)
    depth = np.clip((ROWS - np.float32(horizon)) / (HEIGHT - horizon), 0, 1)
    canvas.lay(water, palette.far)
    canvas.lay(water * depth, palette.near, 0.85)
    swell = stretched_noise(canvas.chance, across=6, down=70, octaves=3)
    canvas.lay(np.clip(swell - 0.55, 0, 1) * water * 1.5, palette.light, 0.35)
    path = np.exp(-((distance_from((sun[0], 0)) ** 2 - ROWS**2) / (60 + depth * 240) ** 2))
    canvas.lay(np.clip(swell * 1.8 - 0.75, 0, 1) * water * np.clip(path, 0, 1), palette.light, 0.9)
    for _ in range(canvas.count(0, 2)):
        ship(canvas, canvas.between(120, 1100), horizon + canvas.between(2, 40), canvas.between(0.6, 1.5))


def ship(canvas: Canvas, x: float, y: float, size: float) -> None:
    hull = [(0, 0), (150, 0), (138, 20), (12, 20)]
    canvas.polygon([(x + dx * size, y + (dy - 18) * size) for dx, dy in hull], canvas.palette.near)
    for place in range(6):
        left, height = 14 + place * 17, canvas.between(10, 28)
        box = [(left, -18 - height), (left + 15, -18 - height), (left + 15, -18), (left, -18)]
        colour = canvas.palette.accent if canvas.chance.random() < 0.4 else canvas.palette.middle
        canvas.polygon([(x + dx * size, y + dy * size) for dx, dy in box], colour)
    bridge = [(122, -62), (140, -62), (140, -18), (122, -18)]
    canvas.polygon([(x + dx * size, y + dy * size) for dx, dy in bridge], canvas.palette.light)


def contours(canvas: Canvas) -> None:
    """A map: heights in bands and lines, a river of low ground, a route across it."""
    palette = canvas.palette
    height = stretched_noise(canvas.chance, across=3, down=2, octaves=4)
    canvas.wash(palette.horizon, palette.horizon)
    bands = [palette.far, palette.far, palette.middle, palette.middle, palette.near]
    for place, colour in enumerate(bands):
        canvas.lay(np.clip((height - 0.3 - place * 0.13) * 60, 0, 1), colour, 0.38)
    lines = np.abs((height * 26) % 1 - 0.5)
    canvas.lay(np.clip(1 - lines * 9, 0, 1), palette.near, 0.35)
    canvas.lay(np.clip(1 - np.abs(height - 0.3) * 70, 0, 1), palette.light, 0.8)
    route = [(canvas.between(60 + step * 190, 200 + step * 190), canvas.between(140, 660)) for step in range(7)]
    canvas.strokes([route], palette.accent, width=5, strength=0.9)
    for x, y in route:
        canvas.disc((x, y), 13, palette.light)
        canvas.disc((x, y), 8, palette.accent)


def forest(canvas: Canvas) -> None:
    """Trunks in mist, row behind row."""
    palette = canvas.palette
    canvas.wash(palette.sky, palette.horizon)
    canvas.glow((canvas.between(300, 980), 200), 420, palette.light, 0.9)
    rows = 5
    for row in range(rows):
        depth = row / (rows - 1)
        ground = 520 + depth * 170 - ridge(canvas.chance, peaks=3, roughness=0.4) * 60
        colour = blend(palette.far, palette.near, depth)
        canvas.lay(below(ground), colour)
        for _ in range(canvas.count(9, 14) - row):
            spruce(canvas, canvas.between(-40, WIDTH + 40), ground, 0.5 + depth * 1.1, colour)
        canvas.lay(np.clip((ROWS - 380) / 420, 0, 1) ** 1.5, palette.horizon, 0.28 * (1 - depth))


def spruce(canvas: Canvas, x: float, ground: np.ndarray, size: float, colour: np.ndarray) -> None:
    foot = float(ground[int(min(max(x, 0), WIDTH - 1))]) + 10
    tall, wide = canvas.between(210, 380) * size, canvas.between(48, 80) * size
    outline = [(x, foot - tall)]
    for step in range(1, 8):
        reach = wide * step / 7
        y = foot - tall + tall * step / 7.6
        outline = [(x - reach, y), (x - reach * 0.55, y - 6), *outline, (x + reach * 0.55, y - 6), (x + reach, y)]
    canvas.polygon([*outline, (x + 5 * size, foot), (x - 5 * size, foot)], colour)


def leaves(canvas: Canvas) -> None:
    """Large leaves over one another, their veins lit."""
    palette = canvas.palette
    canvas.wash(palette.horizon, palette.sky)
    for place in range(26):
        depth = place / 25
        at = (canvas.between(-60, WIDTH + 60), canvas.between(-40, HEIGHT + 60))
        length, turn = canvas.between(180, 420) * (0.7 + depth * 0.5), canvas.between(0, 2 * np.pi)
        colour = blend(palette.far, palette.near, min(1, depth * canvas.between(0.6, 1.1)))
        if canvas.chance.random() < 0.13:
            colour = blend(palette.accent, palette.light, 0.15)
        leaf(canvas, at, length, turn, colour)


def leaf(canvas: Canvas, at: tuple[float, float], length: float, turn: float, colour: np.ndarray) -> None:
    along = np.linspace(0, 1, 24)
    half = np.sin(along * np.pi) ** 0.8 * length * 0.2

    def place(t: np.ndarray, side: np.ndarray) -> list[tuple[float, float]]:
        x = at[0] + np.cos(turn) * t * length - np.sin(turn) * side
        y = at[1] + np.sin(turn) * t * length + np.cos(turn) * side
        return list(zip(x.tolist(), y.tolist(), strict=True))

    edge = place(along, half) + place(along[::-1], -half[::-1])
    canvas.polygon([(x + 10, y + 14) for x, y in edge], canvas.palette.near, 0.18)
    canvas.polygon(edge, colour)
    veins = [place(along[[0, -1]], half[[0, -1]])]
    for step in range(4, 20, 3):
        for side in (1, -1):
            root, tip = place(along[[step]], half[[step]] * 0), place(along[[step + 3]], half[[step]] * side * 0.85)
            veins.append(root + tip)
    canvas.strokes(veins, canvas.palette.light, strength=0.3)


def planet(canvas: Canvas) -> None:
    """A world lit from one side, its ring and moons, before the stars."""
    palette = canvas.palette
    canvas.wash(palette.sky, palette.near)
    dust = stretched_noise(canvas.chance, across=3, down=2, octaves=5)
    canvas.lay(np.clip(dust - 0.5, 0, 1) * 1.2, palette.far, 0.8)
    stars = canvas.chance.random((HEIGHT, WIDTH)) > 0.9988
    canvas.lay(stars.astype(np.float32), palette.light, 0.9)
    at, radius = (canvas.between(420, 860), canvas.between(320, 500)), canvas.between(170, 270)
    x, y = (canvas.pixels[:, :, 0] * 0), (canvas.pixels[:, :, 0] * 0)
    x += (np.arange(WIDTH, dtype=np.float32)[None, :] - at[0]) / radius
    y += (np.arange(HEIGHT, dtype=np.float32)[:, None] - at[1]) / radius
    z = np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))
    turn = canvas.between(0, 2 * np.pi)
    lit = np.clip(x * np.cos(turn) * 0.7 - abs(np.sin(turn)) * y * 0.7 + z * 0.5, 0.04, 1)
    bands = stretched_noise(canvas.chance, across=2, down=14, octaves=4)
    inside = np.clip((1 - np.hypot(x, y)) * radius, 0, 1)
    surface = (blend(palette.far, palette.accent, 0.45) * (1 - bands[:, :, None])) + (
        blend(palette.light, palette.accent, 0.3) * bands[:, :, None]
    )
    canvas.glow(at, radius * 1.5, palette.far, 0.5)
    canvas.pixels += (surface * lit[:, :, None] - canvas.pixels) * inside[:, :, None]
    tilt = canvas.between(0.12, 0.3)
    ring = np.hypot(x, (y + x * 0.25) / tilt)
    band = np.clip(1 - np.abs(ring - 1.75) / 0.3, 0, 1) * (0.55 + 0.45 * np.sin(ring * 60))
    front = np.clip((y + x * 0.25) * 400, 0, 1)
    canvas.lay(band * np.maximum(front, 1 - inside), palette.light, 0.6)
    for _ in range(canvas.count(1, 3)):
        moon = (canvas.between(80, 1200), canvas.between(60, 740))
        canvas.disc(moon, canvas.between(8, 26), blend(palette.light, palette.far, 0.4))
