"""An invented ad for each slot. The overlay waits switched off: a curator tries it by one press in the admin."""

from accounts.models import Ad, Slot

ADS = (
    {
        "name": "Demo: bakery",
        "slot": Slot.LIST,
        "headline": "Bread with tomorrow's news in it",
        "text": "Baked at four, at your door by seven. The first loaf is on us.",
        "advertiser": "Invented Bakery",
        "link": "https://bakery.example/",
    },
    {
        "name": "Demo: night train",
        "slot": Slot.SIDEBAR,
        "headline": "Fall asleep here, wake up where it happened",
        "text": "Forty cities by night train, from the day after tomorrow.",
        "advertiser": "Invented Railways",
        "link": "https://railways.example/",
    },
    {
        "name": "Demo: atlas",
        "slot": Slot.OVERLAY,
        "headline": "An atlas that knows where the news is",
        "text": "Every border as each side draws it. 320 pages, two ribbons.",
        "advertiser": "Invented Press",
        "link": "https://press.example/",
        "is_active": False,
    },
)


def place_ads() -> None:
    """Place them, where there is no ad yet."""
    if not Ad.objects.exists():
        Ad.objects.bulk_create(Ad(**fields) for fields in ADS)
