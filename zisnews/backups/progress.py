"""How far a backup or a restore is, for whoever waits at a terminal; elsewhere nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from zisnews.backups.making import Tell


@contextmanager
def bar() -> Iterator[Tell]:
    with tqdm(unit="B", unit_scale=True, disable=None, leave=False) as shown:

        def tell(stage: str, count: int) -> None:
            shown.set_description_str(stage)
            shown.update(count)

        yield tell
