"""What people build: skylines, harbours, columns, arches, sports grounds."""

import numpy as np

from zisnews.demo.painting import COLUMNS, HEIGHT, ROWS, WIDTH, Canvas, blend, distance_from


def skyline(canvas: Canvas) -> None:
    """Rows of towers against the evening, some windows lit."""
    palette = canvas.palette
    canvas.sky()
    canvas.glow((canvas.between(200, 1080), 560), 480, palette.light, 0.6)
    for row in range(4):
        depth = row / 3
        colour = blend(palette.far, palette.near, depth)
        towers, windows = street(canvas, 470 + depth * 130, 130 + depth * 190, 34 + depth * 50)
        canvas.boxes(towers, colour)
        if row:
            canvas.boxes(windows, palette.accent, 0.35 + 0.45 * depth)
        canvas.lay(np.clip((ROWS - 400) / 500, 0, 1), palette.horizon, 0.25 * (1 - depth))


def street(canvas: Canvas, foot: float, tallest: float, width: float) -> tuple[list, list]:
    """One row of towers and those of their windows that are lit, as boxes."""
    towers, windows = [], []
    left = -20.0
    while left < WIDTH:
        wide = width * canvas.between(0.6, 1.6)
        top = foot - tallest * canvas.between(0.15, 1) ** 1.4
        towers.append((left, top, left + wide, float(HEIGHT)))
        if canvas.chance.random() < 0.25:
            towers.append((left + wide * 0.45, top - tallest * 0.14, left + wide * 0.5, top))
        step = max(9.0, width / 7)
        for x in np.arange(left + step * 0.6, left + wide - step * 0.8, step):
            for y in np.arange(top + step, HEIGHT - 40, step * 1.5):
                if canvas.chance.random() < 0.2:
                    windows.append((float(x), float(y), float(x + step * 0.45), float(y + step * 0.65)))
        left += wide + canvas.between(0, width * 0.25)
    return towers, windows


def harbour(canvas: Canvas) -> None:
    """Stacked containers under cranes, water in front."""
    palette = canvas.palette
    canvas.sky()
    canvas.glow((canvas.between(200, 1080), 300), 420, palette.light, 0.7)
    quay = canvas.between(590, 640)
    for place in range(3):
        crane(canvas, 140 + place * 400 + canvas.between(-70, 70), quay, canvas.between(0.85, 1.15))
    colours = [palette.accent, palette.far, palette.middle, palette.near, palette.light]
    stacks: dict[int, list] = {place: [] for place in range(len(colours))}
    for column in range(24):
        for level in range(canvas.count(1, 6)):
            box = (column * 54.0 - 6, quay - (level + 1) * 26.0, column * 54.0 + 46, quay - level * 26.0 - 2)
            stacks[canvas.count(0, len(colours) - 1)].append(box)
    for place, boxes in stacks.items():
        canvas.boxes(boxes, colours[place])
    mirrored = canvas.pixels[: int(quay)][::-1][: HEIGHT - int(quay)]
    ripple = (np.sin(ROWS[int(quay) :] * 0.23 + np.sin(COLUMNS[int(quay) :] * 0.02) * 2) * 0.5 + 0.5)[:, :, None]
    canvas.pixels[int(quay) :] = mirrored * (0.56 + 0.1 * ripple)
    canvas.boxes([(0, quay, WIDTH, quay + 9)], palette.near)


def crane(canvas: Canvas, x: float, foot: float, size: float) -> None:
    high = 390 * size
    legs = [[(x, foot), (x + 12, foot - high)], [(x + 110 * size, foot), (x + 98 * size, foot - high)]]
    beam = [(x - 170 * size, foot - high * 0.82), (x + 210 * size, foot - high * 0.82)]
    ties = [[(x + 55 * size, foot - high * 1.15), end] for end in beam]
    mast = [(x + 55 * size, foot - high * 0.82), (x + 55 * size, foot - high * 1.15)]
    canvas.strokes([*legs, beam, mast, [legs[0][0], legs[1][1]]], canvas.palette.near, width=8 * size)
    canvas.strokes(ties, canvas.palette.near, width=2.5)
    drop = x - canvas.between(20, 150) * size
    canvas.strokes([[(drop, foot - high * 0.82), (drop, foot - high * 0.45)]], canvas.palette.near, width=2)
    canvas.boxes([(drop - 30, foot - high * 0.45, drop + 30, foot - high * 0.38)], canvas.palette.accent)


def colonnade(canvas: Canvas) -> None:
    """Columns in raking light, their shadows on the steps."""
    palette = canvas.palette
    canvas.wash(palette.horizon, palette.far)
    canvas.glow((canvas.between(0, 400), 160), 520, palette.light, 0.7)
    canvas.boxes([(0, 130, WIDTH, HEIGHT)], palette.near, 0.62)
    columns = canvas.count(5, 8)
    wide = WIDTH / (columns * 1.55)
    from_left = canvas.between(-60, 40)
    for place in range(columns + 1):
        middle = from_left + (place + 0.4) * WIDTH / columns
        across = (COLUMNS - np.float32(middle)) / np.float32(wide / 2)
        shaft = np.clip((1 - np.abs(across)) * 40, 0, 1) * (ROWS > 168) * (ROWS < 640)
        shade = np.sqrt(np.clip(1 - (across + 0.35) ** 2 / 1.9, 0, 1)) * (0.86 + 0.14 * np.cos(across * 24))
        canvas.lay(shaft.astype(np.float32), palette.middle)
        canvas.lay((shaft * shade).astype(np.float32), palette.light, 0.85)
        for top, reach in ((148, 0.66), (640, 0.64)):
            canvas.boxes([(middle - wide * reach, top, middle + wide * reach, top + 24)], palette.horizon)
    canvas.boxes([(0, 60, WIDTH, 150)], palette.horizon)
    canvas.boxes([(0, 60, WIDTH, 68), (0, 126, WIDTH, 131)], palette.middle, 0.6)
    for step in range(5):
        canvas.boxes([(0, 664 + step * 28, WIDTH, 692 + step * 28)], blend(palette.light, palette.far, step / 5))
        canvas.boxes([(0, 664 + step * 28, WIDTH, 667 + step * 28)], palette.near, 0.3)
    slant = ((COLUMNS + ROWS * 0.9) % (WIDTH / columns) < wide * 0.8) & (ROWS > 664)
    canvas.lay(slant.astype(np.float32), palette.near, 0.25)


def arches(canvas: Canvas) -> None:
    """A passage of arches, each nearer to the light at its end."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.near)
    middle = canvas.between(520, 760)
    depths = canvas.count(6, 8)
    for place in range(depths):
        depth = place / (depths - 1)
        half = 640 * (1 - depth) ** 1.25 + 70
        foot = 800 - depth * 190
        spring = 330 + depth * 90 - half * 0.12
        x = middle + (640 - middle) * (1 - depth)
        mask = horseshoe(x, spring, foot, half)
        canvas.lay(mask, blend(palette.middle, palette.light, depth))
        rim = np.clip(mask - horseshoe(x, spring, foot, half * 0.95), 0, 1)
        tiles = 0.5 + 0.5 * np.sign(np.sin(np.arctan2(ROWS - spring, COLUMNS - x) * 26))
        canvas.lay((rim * tiles).astype(np.float32), palette.accent, 0.75)
        shadow = horseshoe(x + half * 0.1, spring, foot, half * 0.95) * mask
        canvas.lay(np.clip(mask - shadow, 0, 1), palette.near, 0.35)
    canvas.glow((middle, 480), 260, palette.light, 0.8)
    depth_of_row = np.maximum(ROWS - 540, 1)
    floor = (ROWS > 610) & (np.abs(((COLUMNS - middle) / depth_of_row) % 0.6 - 0.3) < 0.02)
    canvas.lay(floor.astype(np.float32), palette.near, 0.35)


def horseshoe(x: float, spring: float, foot: float, half: float) -> np.ndarray:
    """The mask of an arch: an opening of twice `half`, round above the spring line."""
    round_part = np.clip(np.float32(half) - distance_from((x, spring)), 0, 1)
    straight = (
        np.clip(np.float32(half * 0.93) - np.abs(COLUMNS - np.float32(x)), 0, 1) * (spring <= ROWS) * (foot > ROWS)
    )
    return np.maximum(round_part * (spring + half * 0.35 > ROWS), straight).astype(np.float32)


def pitch(canvas: Canvas) -> None:
    """A ground under floodlights, its mown stripes running to the far stand."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.middle)
    edge = canvas.between(300, 350)
    crowd = canvas.chance.random((HEIGHT // 4, WIDTH // 4)).repeat(4, 0).repeat(4, 1).astype(np.float32)
    stand = (ROWS > 150) & (edge > ROWS) & (ROWS % 18 > 3)
    canvas.lay(stand * crowd, palette.light, 0.4)
    canvas.lay(stand * (crowd > 0.9), palette.accent, 0.9)
    depth = np.clip((ROWS - np.float32(edge)) / (HEIGHT - edge), 0, 1)
    vanish = canvas.between(380, 900)
    along = (COLUMNS - np.float32(vanish)) / (0.22 + depth)
    grass = (edge < ROWS).astype(np.float32)
    canvas.lay(grass, blend(palette.middle, "#3f8f4f", 0.6))
    canvas.lay(grass * ((along // 150) % 2), blend(palette.near, "#1f6b3a", 0.6), 0.55)
    for mark in (-620.0, -60.0, 560.0):
        canvas.lay(grass * np.clip(1 - np.abs(along - mark) / (3 + 2 / (0.3 + depth)), 0, 1), "#ffffff", 0.85)
    circle = np.abs(np.hypot(along + 60, (np.log(0.22 + depth) + 0.75) * 560) - 190)
    canvas.lay(grass * np.clip(1 - circle / 5, 0, 1), "#ffffff", 0.8)
    canvas.lay(np.clip(1 - np.abs(ROWS - np.float32(edge + 4)) / 3, 0, 1), "#ffffff", 0.7)
    for x in (canvas.between(60, 260), canvas.between(1000, 1220)):
        canvas.strokes([[(x, edge), (x, 70)]], palette.near, width=9)
        canvas.boxes([(x - 52, 44, x + 52, 88)], palette.light)
        canvas.glow((x, 66), 230, "#ffffff", 0.8)
    ball = (canvas.between(200, 1000), canvas.between(560, 700))
    canvas.disc((ball[0] + 8, ball[1] + 22), 16, palette.near, 0.4)
    canvas.disc(ball, 17, "#ffffff")


def track(canvas: Canvas) -> None:
    """Lanes sweeping round a bend, long shadows of runners on them."""
    palette = canvas.palette
    canvas.wash(palette.horizon, palette.far)
    at = (canvas.between(-200, 300), canvas.between(900, 1200))
    distance = distance_from(at)
    lane = canvas.between(78, 104)
    first = canvas.between(330, 420)
    surface = np.clip((distance - first), 0, 1) * np.clip(first + lane * 8 - distance, 0, 1)
    canvas.lay(np.clip(first - distance, 0, 1), "#5d9a62", 0.9)
    canvas.lay(surface, blend(palette.middle, "#b5442e", 0.65))
    texture = canvas.chance.random((HEIGHT, WIDTH)).astype(np.float32)
    canvas.lay(surface * (texture > 0.8), palette.light, 0.12)
    lines = np.abs((distance - first) % lane - lane / 2)
    canvas.lay(surface * np.clip(lines - lane / 2 + 3, 0, 1), "#ffffff", 0.9)
    for _ in range(canvas.count(3, 5)):
        runner(canvas, at, first + lane * (canvas.count(1, 6) + 0.5), canvas.between(0.95, 1.45))


def runner(canvas: Canvas, centre: tuple[float, float], radius: float, turn: float) -> None:
    """A runner seen from above: head and shoulders, and the shadow that gives them away."""
    x, y = centre[0] + radius * np.cos(-turn), centre[1] + radius * np.sin(-turn)
    body = [(0, -26), (12, -6), (8, 20), (26, 52), (16, 56), (0, 30), (-18, 50), (-26, 44), (-8, 18), (-12, -6)]
    shadow = [(x + dx * 1.1 + (dy + 60) * 0.9, y + dy * 0.5 - 10) for dx, dy in body]
    canvas.polygon(shadow, canvas.palette.near, 0.5)
    canvas.disc((x + 2, y - 12), 17, canvas.palette.accent)
    canvas.disc((x, y - 18), 9, canvas.palette.near)
