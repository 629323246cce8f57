"""Figures and patterns: charts, circuits, networks, currents, cells, tiles."""

import numpy as np

from zisnews.demo.painting import COLUMNS, HEIGHT, ROWS, WIDTH, Canvas, Point, around, below, blend, cover, ridge


def chart(canvas: Canvas) -> None:
    """Areas over a grid, a line that leaves them, its last point lit."""
    palette = canvas.palette
    canvas.wash(palette.sky, palette.horizon)
    grid = (COLUMNS % 80 < 1.5) | (ROWS % 80 < 1.5)
    canvas.lay(grid.astype(np.float32), palette.light, 0.22)
    trend = np.linspace(canvas.between(-60, 120), canvas.between(-120, 60), WIDTH, dtype=np.float32)
    for place in range(4):
        depth = place / 3
        top = 330 + depth * 260 - ridge(canvas.chance, peaks=4 + place, roughness=0.55) * 210 + trend * (1 - depth)
        canvas.lay(below(top), blend(palette.far, palette.near, depth), 0.78)
    bars = []
    for place in range(32):
        high = canvas.between(20, 120) * (0.4 + place / 32)
        bars.append((place * 40.0 + 6, HEIGHT - high, place * 40.0 + 30, float(HEIGHT)))
    canvas.boxes(bars, palette.light, 0.35)
    heights = 420 - ridge(canvas.chance, peaks=7, roughness=0.5)[::20] * 260 + trend[::20]
    line = [(float(place * 20), float(height)) for place, height in enumerate(heights)][:58]
    canvas.strokes([[(x, y + 10) for x, y in line]], palette.near, width=5, strength=0.25)
    canvas.strokes([line], palette.accent, width=6)
    canvas.glow(line[-1], 120, palette.accent, 0.8)
    canvas.disc(line[-1], 13, palette.light)
    canvas.disc(line[-1], 8, palette.accent)


def circuit(canvas: Canvas) -> None:
    """Traces running to a chip, signals on some of them."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.sky)
    at = (canvas.between(440, 840), canvas.between(310, 490))
    canvas.glow(at, 460, palette.middle, 0.8)
    traces: list[list[Point]] = []
    lit: list[list[Point]] = []
    for side in range(4):
        for pin in range(-9, 10):
            path = trace(canvas, at, side, pin * 15.0)
            (lit if canvas.chance.random() < 0.22 else traces).append(path)
    canvas.strokes(traces, palette.far, width=3.5, strength=0.9)
    canvas.strokes(lit, palette.accent, width=9, strength=0.16)
    canvas.strokes(lit, palette.accent, width=3.5)
    for path in traces + lit:
        canvas.disc(path[-1], 8, palette.light, 0.6)
    canvas.boxes([(at[0] - 158, at[1] - 158, at[0] + 158, at[1] + 158)], palette.near)
    canvas.boxes([(at[0] - 150, at[1] - 150, at[0] + 150, at[1] + 150)], palette.middle)
    canvas.boxes([(at[0] - 92, at[1] - 92, at[0] + 92, at[1] + 92)], palette.far)
    cells = [
        (at[0] - 84 + x * 28, at[1] - 84 + y * 28, at[0] - 62 + x * 28, at[1] - 62 + y * 28)
        for x in range(6)
        for y in range(6)
        if canvas.chance.random() < 0.6
    ]
    canvas.boxes(cells, palette.accent, 0.75)
    canvas.glow(at, 190, palette.light, 0.35)


def trace(canvas: Canvas, at: tuple[float, float], side: int, offset: float) -> list[tuple[float, float]]:
    """A path from a pin outwards: straight, a bend of 45°, straight."""
    first, bend, last = 170 + abs(offset) * 0.5 + canvas.between(0, 40), offset * canvas.between(0.6, 1.6), 0.0
    last = first + abs(bend) + canvas.between(60, 420)
    points = [(150.0, offset), (first, offset), (first + abs(bend), offset + bend), (last, offset + bend)]
    turns = [(1, 0, 0, 1), (0, 1, 1, 0), (-1, 0, 0, 1), (0, 1, -1, 0)][side]
    a, b, c, d = turns
    return [(at[0] + a * u + b * v, at[1] + c * u + d * v) for u, v in points]


def network(canvas: Canvas) -> None:
    """Points of a globe and the links between near ones, a few of them lit."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.sky)
    at, radius = (canvas.between(480, 800), canvas.between(380, 430)), canvas.between(300, 350)
    canvas.glow(at, radius * 1.25, palette.middle, 0.9)
    count = 330
    turn = np.arange(count) * 2.39996
    height = 1 - 2 * (np.arange(count) + 0.5) / count
    around = np.sqrt(1 - height**2)
    spin = canvas.between(0, 6.3)
    x, y, z = around * np.cos(turn + spin), height, around * np.sin(turn + spin)
    points = np.stack([at[0] + x * radius, at[1] + y * radius], axis=1)
    front: list[list[Point]] = []
    back: list[list[Point]] = []
    hubs: list[list[Point]] = []
    for one in range(count):
        distances = (x - x[one]) ** 2 + (y - y[one]) ** 2 + (z - z[one]) ** 2
        for other in np.argsort(distances)[1:5]:
            line: list[Point] = [tuple(points[one].tolist()), tuple(points[other].tolist())]
            (front if z[one] > 0 else back).append(line)
    for _ in range(12):
        one, other = canvas.chance.choice(np.flatnonzero(z > 0.1), 2, replace=False)
        hubs.append(arc(points[one], points[other], at))
    canvas.strokes(back, palette.far, width=1.2, strength=0.5)
    canvas.strokes(front, palette.light, width=1.6, strength=0.5)
    canvas.strokes(hubs, palette.accent, width=3.2, strength=0.95)
    for path in hubs:
        for end in (path[0], path[-1]):
            canvas.disc(end, 8, palette.accent)
            canvas.disc(end, 4, palette.light)


def arc(start: np.ndarray, end: np.ndarray, centre: tuple[float, float]) -> list[tuple[float, float]]:
    middle = (start + end) / 2
    lift = middle + (middle - np.array(centre)) * 0.35 - np.array([0, np.hypot(*(end - start)) * 0.15])
    shares = np.linspace(0, 1, 24)[:, None]
    curve = (1 - shares) ** 2 * start + 2 * shares * (1 - shares) * lift + shares**2 * end
    return [(float(px), float(py)) for px, py in curve]


def currents(canvas: Canvas) -> None:
    """Lines that follow a field, as wind on a chart or filings by a magnet."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.sky)
    waves = [(canvas.between(1.5, 5), canvas.between(1.5, 5), canvas.between(0, 6.3)) for _ in range(4)]
    groups: dict[str, list[list[tuple[float, float]]]] = {
        palette.far: [],
        palette.middle: [],
        palette.light: [],
        palette.accent: [],
    }
    colours = list(groups)
    for _ in range(520):
        x, y = canvas.between(-100, WIDTH), canvas.between(-60, HEIGHT + 60)
        path = []
        for _ in range(canvas.count(14, 40)):
            path.append((x, y))
            u, v = x / WIDTH, y / HEIGHT
            turn = sum(np.sin(a * u * 2 + b * v * 2 + c) for a, b, c in waves) * 0.6
            x, y = x + 13 * float(np.cos(turn)), y + 13 * float(np.sin(turn))
        groups[colours[int(canvas.chance.choice(4, p=[0.4, 0.3, 0.22, 0.08]))]].append(path)
    for colour, paths in groups.items():
        canvas.strokes(paths, colour, width=3.4 if colour == palette.accent else 2.4, strength=0.85)


def cells(canvas: Canvas) -> None:
    """Cells under a lens: soft walls, darker nuclei, some in the accent's stain."""
    palette = canvas.palette
    canvas.wash(palette.horizon, palette.sky)
    canvas.glow((640, 380), 560, palette.light, 0.6)
    for place in range(34):
        at = (canvas.between(-60, WIDTH + 60), canvas.between(-60, HEIGHT + 60))
        cell(canvas, at, canvas.between(50, 150) * (0.6 + place / 50))


def cell(canvas: Canvas, at: tuple[float, float], radius: float) -> None:
    palette = canvas.palette
    stain = palette.accent if canvas.chance.random() < 0.18 else palette.far
    phases = canvas.chance.random(3) * 6.3
    rows, columns = around(at, radius * 1.2)
    part, x, y = canvas.pixels[rows, columns], COLUMNS[rows, columns], ROWS[rows, columns]
    turn = np.arctan2(y - at[1], x - at[0])
    wobble = sum(np.sin(turn * (n + 2) + phases[n]) * 0.05 for n in range(3)) + 1
    share = np.hypot(x - at[0], y - at[1]) / (radius * wobble)
    inside = np.clip((1 - share) * radius * 0.4, 0, 1)
    cover(part, inside, stain, 0.35)
    cover(part, inside * np.clip(share, 0, 1) ** 5, blend(stain, palette.near, 0.35), 0.75)
    nucleus = (at[0] + radius * canvas.between(-0.25, 0.25), at[1] + radius * canvas.between(-0.25, 0.25))
    core = np.clip(1 - np.hypot(x - nucleus[0], y - nucleus[1]) / (radius * 0.34), 0, 1)
    cover(part, np.sqrt(core), palette.middle, 0.7)


def helix(canvas: Canvas) -> None:
    """Two strands winding round each other, with their rungs."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.middle)
    canvas.glow((canvas.between(300, 980), 320), 560, palette.far, 0.9)
    for strands, size, dim in ((2, 0.5, 0.45), (1, 1.0, 1.0)):
        for _ in range(strands):
            start, end = canvas.between(-100, 700), canvas.between(-100, 900)
            twist(canvas, (-60, start), (WIDTH + 60, end), canvas.between(80, 120) * size, dim)


def twist(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], wide: float, dim: float) -> None:
    palette = canvas.palette
    along = np.linspace(0, 1, 220)
    phase = along * canvas.between(26, 34) + canvas.between(0, 6)
    way = np.array([end[0] - start[0], end[1] - start[1]])
    normal = np.array([-way[1], way[0]]) / np.hypot(*way)
    axis = np.array(start) + along[:, None] * way
    first, second = (axis + normal * (np.sin(phase + turn) * wide)[:, None] for turn in (0, np.pi))
    rungs = [[tuple(first[n].tolist()), tuple(second[n].tolist())] for n in range(0, 220, 5)]
    canvas.strokes(rungs, palette.light, width=5 * dim, strength=0.4 * dim)
    for strand, colour in ((first, palette.light), (second, palette.accent)):
        path = [(float(x), float(y)) for x, y in strand]
        canvas.strokes([path], colour, width=15 * dim, strength=0.9 * dim)
        canvas.strokes([[(x - 2, y - 3) for x, y in path]], "#ffffff", width=3 * dim, strength=0.5 * dim)


def equaliser(canvas: Canvas) -> None:
    """Columns of sound, mirrored on a polished floor."""
    palette = canvas.palette
    canvas.wash(palette.near, palette.middle)
    floor = 520.0
    canvas.glow((canvas.between(400, 880), floor), 520, palette.far, 0.9)
    loud = ridge(canvas.chance, peaks=5, roughness=0.7)
    for place in range(52):
        x = 8 + place * 24.5
        high = 40 + loud[int(x)] * 360 * canvas.between(0.55, 1)
        share = high / 400
        colour = blend(palette.accent, palette.light, min(1, share))
        levels = np.arange(0, high, 15)
        canvas_columns(canvas, x, [(floor - y - 11, floor - y) for y in levels], colour, 0.95)
        canvas_columns(canvas, x, [(floor + 8 + y * 0.5, floor + 13 + y * 0.5) for y in levels], colour, 0.25)


def canvas_columns(
    canvas: Canvas, x: float, spans: list[tuple[float, float]], colour: np.ndarray, strength: float
) -> None:
    """Fill short bars of one column, straight into the pixels: there are thousands."""
    left, right = int(x), int(x) + 17
    for top, bottom in spans:
        part = canvas.pixels[max(0, int(top)) : max(0, int(bottom)), left:right]
        part += (colour - part) * np.float32(strength)


def mosaic(canvas: Canvas) -> None:
    """Tiles laid in stars, their glaze uneven."""
    palette = canvas.palette
    size = canvas.between(120, 170)
    points = canvas.count(4, 6) * 2
    turn = canvas.between(-0.3, 0.3)
    x = COLUMNS * np.float32(np.cos(turn)) - ROWS * np.float32(np.sin(turn)) + np.float32(canvas.between(0, size))
    y = COLUMNS * np.float32(np.sin(turn)) + ROWS * np.float32(np.cos(turn)) + np.float32(canvas.between(0, size))
    column, row = np.floor(x / size), np.floor(y / size)
    u, v = x - (column + 0.5) * size, y - (row + 0.5) * size
    distance, angle = np.hypot(u, v) / size, np.arctan2(v, u)
    star = distance * (1 + 0.22 * np.abs(((angle * points / np.pi) % 2) - 1))
    odd = ((column + row) % 2).astype(np.float32)
    canvas.wash(palette.horizon, palette.horizon)
    rings = [
        (0.62, palette.middle),
        (0.5, palette.light),
        (0.42, palette.accent),
        (0.27, palette.near),
        (0.16, palette.far),
    ]
    for place, (reach, colour) in enumerate(rings):
        inside = np.clip((reach - star) * size * 0.8, 0, 1)
        second = rings[(place + 2) % len(rings)][1]
        canvas.lay((inside * odd).astype(np.float32), colour)
        canvas.lay((inside * (1 - odd)).astype(np.float32), second)
        joint = np.clip(1 - np.abs(star - reach) * size / 2.2, 0, 1)
        canvas.lay(joint.astype(np.float32), palette.light, 0.9)
    spokes = np.abs(((angle * points / np.pi) % 1) - 0.5) * distance * size
    canvas.lay((np.clip(1.6 - spokes, 0, 1) * (star > 0.27) * (star < 0.62)).astype(np.float32), palette.light, 0.7)
    tone = canvas.chance.random((40, 40)).astype(np.float32)
    glaze = tone[column.astype(int) % 40, row.astype(int) % 40]
    canvas.lay(glaze, palette.near, 0.22)
    canvas.glow((canvas.between(200, 1080), canvas.between(100, 700)), 420, palette.light, 0.4)
