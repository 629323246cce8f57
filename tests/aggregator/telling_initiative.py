"""One diplomatic initiative as outlets of four countries tell it within a week, and what came of it months later."""

from datetime import UTC, datetime

from aggregator.finding.features import Features, features, weigh

INITIATIVE = [
    (
        "GB",
        datetime(2026, 1, 12, 9, tzinfo=UTC),
        "Geneva to host talks on Norland ceasefire plan, mediator says",
        "Envoys of Norland and Sudria have agreed to meet in Geneva next week to discuss a ceasefire plan put "
        "forward by the Swiss mediator Helene Aubry, her office said on Monday. The 14-point plan foresees a "
        "withdrawal from the Kesten valley, an exchange of prisoners and observers on the bridge at Old Marrow. "
        "Norland's foreign minister, Pavel Drost, called the proposal a serious basis. Sudria has demanded "
        "guarantees for the port of Lira before any soldier moves. More than 9,000 people have died since fighting "
        "began in the valley two years ago.",
    ),
    (
        "FR",
        datetime(2026, 1, 13, 18, tzinfo=UTC),
        "Aubry's plan: what the two sides will find on the table in Geneva",
        "The negotiators whom Helene Aubry has invited to Geneva will find 14 points on the table. The Swiss "
        "diplomat wants both armies to leave the Kesten valley within 60 days; observers would guard the bridge at "
        "Old Marrow. Paris welcomed the initiative and offered to send a hundred of them. Pavel Drost, who leads "
        "the delegation of Norland, spoke of a serious basis for negotiation. In Sudria the opposition accuses "
        "President Amara Sile of giving away Lira, the country's only deep-water port, without guarantees.",
    ),
    (
        "RU",
        datetime(2026, 1, 15, 7, tzinfo=UTC),
        "Sudria's leader says no deal in Geneva without Lira",
        "President Amara Sile will not sign any document in Geneva unless her country's sovereignty over the port "
        "of Lira is confirmed, she told reporters. The meeting with Norland, arranged by mediator Helene Aubry, is "
        "to begin on Monday. Sile described the ceasefire plan as written for the other side: a withdrawal from the "
        "Kesten valley would leave thousands of Sudrians without protection. Drost, Norland's top diplomat, has "
        "accepted the 14 points as a basis.",
    ),
    (
        "IN",
        datetime(2026, 1, 17, 12, tzinfo=UTC),
        "Ahead of Geneva talks, guns fall silent in Kesten valley",
        "For the first time in months no shelling was heard in the Kesten valley on Saturday, two days before "
        "envoys of Norland and Sudria sit down in Geneva. Villagers crossed the bridge at Old Marrow on foot. The "
        "mediator, Helene Aubry, thanked both armies for what she called a gift to the talks. The ceasefire plan "
        "asks them to withdraw within 60 days. Prisoners could be exchanged as early as February, Pavel Drost said; "
        "President Amara Sile repeated that Lira is not for sale.",
    ),
]
FOUR_MONTHS_LATER = (
    "GB",
    datetime(2026, 5, 19, 10, tzinfo=UTC),
    "Norland and Sudria exchange 300 prisoners at Old Marrow",
    "Norland and Sudria exchanged 300 prisoners on the bridge at Old Marrow on Tuesday, the first step of the "
    "agreement signed in Geneva. Helene Aubry, the Swiss mediator, watched as buses came up the Kesten valley. "
    "Observers counted soldiers leaving the villages. Pavel Drost spoke of a day of joy, President Amara Sile of a "
    "debt repaid. The future of the port of Lira is to be settled by a court.",
)


def told(telling: tuple[str, datetime, str, str]) -> Features:
    _, _, title, text = telling
    return features(weigh(title, "", text, "en"), {}, 5_000)
