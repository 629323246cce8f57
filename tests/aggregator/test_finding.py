"""Which articles tell of one event: by hand-worked articles, stories and streams of a few."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.finding.chaining import continues
from aggregator.finding.choosing import Candidate, choose
from aggregator.finding.evidence import OF_ARTICLE, OF_STORIES, of_article, of_stories
from aggregator.finding.features import TERMS_MAX, Features, features, key_terms, weigh
from aggregator.finding.judging import Judge, trained
from aggregator.finding.merging import NEEDED, score
from aggregator.finding.names import names_in
from aggregator.finding.profiles import Profile, begun, grown, joined
from aggregator.finding.sounds import sound_of
from aggregator.finding.splitting import Member, parts
from aggregator.finding.streaming import Arrival, Stream, stories_of
from aggregator.finding.terms import terms_in, terms_of
from aggregator.finding.vectors import packed, similarity, unpacked
from feeds.words import tokens
from tests.aggregator.telling_initiative import FOUR_MONTHS_LATER, INITIATIVE

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUAKE = ("Earthquake hits Lisbon", "A magnitude 6.1 earthquake shook Lisbon on Monday, damaging the Alfama quarter.")
QUAKE_TOO = ("Lisbon quake damages Alfama", "Houses in Alfama fell when an earthquake of magnitude 6.1 shook Lisbon.")
ELECTION = ("Government survives vote", "The prime minister won a vote of confidence in parliament on Monday.")


def found(title: str, description: str = "", text: str = "") -> Features:
    return features(weigh(title, description, text), {}, 1000)


def story(story_id: int, *, newest_at: datetime = NOON, article_count: int = 1, of: tuple[str, str]) -> Candidate:
    profile = begun(found(*of), newest_at)
    return Candidate(story_id, profile, article_count, article_count, newest_at - timedelta(hours=1), newest_at)


def test_an_article_joins_the_story_it_tells():
    candidates = [story(1, of=ELECTION), story(2, of=QUAKE)]
    assert choose(found(*QUAKE_TOO), NOON, candidates, documents=1000) == 2


def test_an_article_that_tells_something_else_begins_a_story():
    assert choose(found(*ELECTION), NOON, [story(2, of=QUAKE)], documents=1000) is None
    assert choose(found(*ELECTION), NOON, [], documents=1000) is None


def test_words_every_article_has_do_not_make_a_story_even_of_the_first_articles():
    one = "The president said on Monday that the government will support the people of the country this year"
    other = "On Monday the prime minister of the country said that people support the new government this year"
    first = Candidate(1, begun(features(weigh(one), {}, 0), NOON), 1, 1, NOON, NOON)
    assert choose(features(weigh(other), {}, 1), NOON, [first], documents=1) is None


@pytest.mark.parametrize("hours", [-80, 80])
def test_a_like_event_days_before_or_after_is_another_story(hours):
    candidate = story(2, of=QUAKE, newest_at=NOON + timedelta(hours=hours))
    assert choose(found(*QUAKE_TOO), NOON, [candidate], documents=1000) is None


def test_one_name_in_common_is_not_a_story_in_common():
    assert choose(found("Lisbon opens museum"), NOON, [story(2, of=("Lisbon", ""))], documents=1000) is None


def test_a_word_many_documents_hold_weighs_less():
    weights = weigh("storm lisbon")
    common, rare = features(weights, {"storm": 900}, 1000), features(weights, {"storm": 2}, 1000)
    assert common.vector["storm"] < rare.vector["storm"]


def test_where_nearly_all_that_was_read_is_one_event_its_words_still_weigh():
    weights = weigh("Government: quake shook Alfama")
    counted = dict.fromkeys(weights.terms, 118)
    small = features(weights, counted, 120)
    assert {"quake", "alfama"} <= set(key_terms(small))
    assert min(small.rarity["quake"], small.rarity["alfama"]) > 0.45 > small.rarity["government"]
    large = features(weights, dict.fromkeys(weights.terms, 2900), 3000)
    assert large.rarity["alfama"] < 0.1


def test_it_counts_against_a_story_that_the_same_source_told_it():
    judge = trained().article
    told = dict.fromkeys(OF_ARTICLE, 0.5)
    for length in (5, 60):
        own, other = (judge.score((*list(told.values())[:-1], share), length) for share in (1.0, 0.0))
        assert OF_ARTICLE[-1] == "own source"
        assert own < other
    stories = [begun(features(weigh("Quake", source=source), {}, 0), NOON) for source in ("six", "seven")]
    assert joined(*stories).sources == {"six": 1, "seven": 1}


def test_the_title_weighs_more_than_the_text_and_plurals_are_one_term():
    weights = weigh("Earthquakes", "", "Lisbon's harbour").terms
    assert weights["earthquake"] > weights["lisbon"] > 0


def test_a_number_weighs_more_than_a_word():
    weights = weigh("Tremor of 5.3").terms
    assert weights["5.3"] > weights["tremor"]


def test_scripts_without_spaces_are_compared_by_pairs_of_characters():
    assert set(weigh("北京地震。救援").terms) == {"北京", "京地", "地震", "救援"}


@pytest.mark.parametrize(
    "text",
    [
        "The U.S.-led talks in Bob's super-bad Łódź, 3.5 and 1,000 of l'Unione's WAR – again: COVID-19's",
        "俄乌战争 Kyiv said 2024年 in Ｔｏｋｙｏ サーバー, and war",
        "BTS가 2024년 서울에서 the storms, цели Ёлка हिन्दी الأُمَّة",
        "",
    ],
)
def test_words_read_the_quick_way_are_those_read_one_by_one(text):
    for most in (0, 3, 7, 250):
        assert terms_in(text, most) == list(terms_of(tokens(text)[:most]))


def test_a_centroid_is_the_mean_of_its_articles_and_stays_small():
    merged = joined(Profile({"quake": 1.0}, 3, 3), Profile({"lisbon": 1.0}, 1, 1)).centroid
    assert merged["quake"] == pytest.approx(3 * merged["lisbon"], rel=0.01)
    assert similarity(merged, merged) == pytest.approx(1, abs=0.01)
    long = {f"term{n}": 0.1 for n in range(100)}
    assert len(joined(Profile(long, 1, 1), Profile({f"other{n}": 0.1 for n in range(100)}, 1, 1)).centroid) == TERMS_MAX


def test_key_terms_are_the_heaviest():
    assert key_terms(Features({"a": 0.1, "b": 0.9, "c": 0.5})) == ["b", "c", "a"]


def test_names_are_told_by_capitals_inside_sentences_and_not_by_title_case():
    found = names_in(
        [
            (3.0, "Angela Merkel Visits The Old Town"),
            (1.0, "On Monday Angela Merkel arrived by train to speak. Visits are rare."),
        ]
    )
    assert found == {"angela": 4.0, "merkel": 4.0, "angela_merkel": 4.0}
    assert names_in([(1.0, "Storms Hit Coastal Towns")]) == {}


def test_figures_of_an_article_are_those_worked_out_by_hand():
    article = Features(
        {"quake": 0.8, "lisbon": 0.6},
        title={"quake": 0.6, "hits": 0.8},
        names={"lisbon": 1.0},
        rarity={"quake": 0.5, "lisbon": 0.7, "6.1": 0.4, "2026": 0.3},
        numbers=frozenset({"6.1", "2026"}),
        in_head=frozenset({"6.1"}),
        source="seven",
    )
    profile = Profile(
        {"quake": 1.0},
        count=2,
        mass=2.0,
        title={"quake": 1.0},
        names={"lisbon": 0.6, "alfama": 0.8},
        numbers={"6.1": 1, "2025": 1},
        recent=({"lisbon": 1.0}, {"quake": 0.5}),
        coherence=0.5,
        length=2,
        mean_at=NOON.timestamp() - 43_200,
        sources={"six": 1, "seven": 1},
    )
    story = Candidate(1, profile, 4, 2, NOON - timedelta(days=2), NOON - timedelta(days=1))
    figures = dict(zip(OF_ARTICLE, of_article(article, NOON, story, 0.8), strict=True))
    assert figures == pytest.approx(
        {
            "cosine": 0.8, "root of cosine": 0.8944, "title": 0.6, "names": 0.6, "nearest": 0.6,
            "rare words": 0.4055,  # ln(1 + 0.5)
            "title words": 0.6931,  # ln(1 + 1)
            "title known": 0.36, "numbers": 0.3365,  # ln(1 + 0.4)
            "other numbers": 0.0, "silence": 1.0, "since first": 2.0, "since mean": 0.5,
            "single": 0.5, "size": 0.6931,  # of two sources, however many articles
            "like members": 1.6, "names told": 1.0, "names known": 1.0, "numbers known": 1.0,
            "other years": 1.0, "length": 1.0986, "coherence": 0.5, "own source": 0.5,
        },
        abs=1e-3,
    )  # fmt: skip


def test_figures_of_two_stories_are_the_same_either_way_round():
    one, other = story(1, of=QUAKE), story(2, of=QUAKE_TOO, article_count=3, newest_at=NOON + timedelta(hours=30))
    assert of_stories(one, other) == pytest.approx(of_stories(other, one))
    assert dict(zip(OF_STORIES, of_stories(one, other), strict=True))["silence"] == pytest.approx(29 / 24)


def test_a_judge_adds_up_what_its_coefficients_say_for_short_and_for_long():
    judge = Judge(short=(-1.0, 2.0, 0.5), long=(1.0, 0.0, 0.0))
    assert judge.score((1.0, 2.0), length=5) == 2.0
    assert judge.score((1.0, 2.0), length=50) == 1.0


def test_a_profile_comes_back_from_json_as_it_went_and_bears_what_is_old_or_broken():
    profile = grown(begun(found(*QUAKE), NOON), found(*QUAKE_TOO), NOON + timedelta(hours=2))
    back = Profile.from_json(profile.as_json())
    assert back.as_json() == profile.as_json()
    assert similarity(back.centroid, profile.centroid) == pytest.approx(1, abs=0.01)
    assert Profile.from_json({"quake": 0.8, "lisbon": 0.6}).centroid == {"quake": 0.8, "lisbon": 0.6}
    half = {"centroid": "a b c", "recent": [None, 4], "numbers": {"7": None}}
    broken: tuple[object, ...] = (None, [], "x", {}, {"centroid": 3}, half)
    assert [Profile.from_json(odd).centroid for odd in broken] == [{}] * len(broken)
    assert unpacked(packed({"京地": 0.5, "a_b": 0.25})) == {"京地": 0.5, "a_b": 0.25}


def test_stories_of_one_event_are_one_and_of_two_events_are_two():
    assert score(story(1, of=QUAKE), story(2, of=QUAKE_TOO)) > NEEDED
    assert score(story(1, of=QUAKE), story(2, of=ELECTION)) < NEEDED
    assert score(story(1, of=QUAKE), story(2, of=QUAKE_TOO, newest_at=NOON + timedelta(days=5))) < NEEDED


def test_a_story_of_two_events_is_split_and_one_alone_stays_with_its_like():
    def member(number: int, told: tuple[str, str]) -> Member:
        return Member(number, found(*told), NOON + timedelta(minutes=number))

    alone = ("Lisbon mayor visits Alfama", "The mayor of Lisbon came to Alfama on Tuesday.")
    members = [member(1, ELECTION), member(2, QUAKE), member(3, ELECTION), member(4, QUAKE_TOO), member(5, alone)]
    assert parts(members) == [[1, 3], [2, 4, 5]]
    assert parts(members[1:2] + members[3:]) == [[2, 4, 5]]
    assert parts([]) == []


def test_four_countries_telling_one_initiative_are_one_event_and_months_later_it_is_a_storyline():
    stream = Stream()
    for number, (country, at, title, text) in enumerate([*INITIATIVE, FOUR_MONTHS_LATER], 1):
        stream.add(Arrival(number, weigh(title, "", text, "en"), at, country))
    stream.finish()
    given = stream.story_of()
    assert len({given[number] for number in (1, 2, 3, 4)}) == 1
    assert given[5] != given[1]
    earlier, later = stream.stories[given[1]].candidate(), stream.stories[given[5]].candidate()
    assert continues(later, earlier) > 0
    assert continues(earlier, later) == 0
    quake = story(9, of=QUAKE, newest_at=NOON + timedelta(days=90))
    assert continues(quake, earlier) == 0


@pytest.mark.parametrize(
    "spellings",
    [
        "zelensky zelenskyj selenskyj зеленский зеленского ゼレンスキー زيلينسكي זלנסקי",
        "putin poutine путина プーチン بوتين 푸틴 पुतिन",
    ],
)
def test_a_name_sounds_the_same_in_any_script(spellings):
    assert len({sound_of(word) for word in spellings.split()}) == 1


def test_an_event_told_in_other_languages_and_scripts_is_one():
    told = [
        (
            "en",
            "Musk 'disappointed' by Trump's spending bill",
            "Elon Musk criticised the bill of President Donald Trump.",
        ),
        (
            "ru",
            "Маск разочарован законопроектом Трампа",
            "Миллиардер Илон Маск раскритиковал закон, который внес Дональд Трамп.",
        ),
        ("en", "Macron meets Merz in Berlin", "Emmanuel Macron was received by Friedrich Merz in Berlin."),
        ("ru", "Путин принял в Москве Орбана", "Владимир Путин принял в Кремле Виктора Орбана."),
    ]
    arrivals = [
        Arrival(number, weigh(title, lead, "", language), NOON + timedelta(hours=number), language)
        for number, (language, title, lead) in enumerate(told)
    ]
    given = stories_of(arrivals)
    assert given[0] == given[1]
    assert len({given[0], given[2], given[3]}) == 3


def test_five_hundred_near_equal_items_of_one_source_swallow_no_story():
    stream = Stream()
    for number in range(500):
        title = f"Lisbon weather: {number % 30} degrees and wind from the west in Alfama"
        stream.add(Arrival(number, weigh(title), NOON + timedelta(minutes=number), "noisy"))
    for number, (title, text) in enumerate([QUAKE, QUAKE_TOO], 1000):
        stream.add(Arrival(number, weigh(title, text), NOON + timedelta(hours=5, minutes=number), f"source {number}"))
    stream.finish()
    given = stream.story_of()
    assert given[1000] == given[1001]
    assert given[1000] not in {given[number] for number in range(500)}
    largest = max(stream.stories.values(), key=lambda standing: len(standing.members))
    assert len(largest.sources) == 1


def test_what_repeats_the_last_articles_hardly_moves_a_story():
    profile = begun(found(*QUAKE_TOO), NOON)
    for minute in range(100):
        profile = grown(profile, found(*QUAKE), NOON + timedelta(minutes=minute))
    assert profile.count == 101
    assert profile.mass == pytest.approx(2 + 99 * 0.1)


def test_odd_articles_behave():
    odd = ["", "War", "?!", "2026", "a " * 4000, "大", "Путин 战争 حرب war 戦争", "\ud800", "x" * 20_000]
    arrivals = [
        Arrival(number, weigh(title, "", title, "xx"), NOON.replace(year=1971 + 40 * (number % 3)), str(number))
        for number, title in enumerate(odd)
    ]
    assert len(set(stories_of(arrivals).values())) == len(odd)
    for arrival in arrivals:
        assert len(key_terms(features(arrival.weights, {}, 10))) <= 20


def test_the_same_order_gives_the_same_stories():
    arrivals = [
        Arrival(number, weigh(title, "", text), at, country)
        for number, (country, at, title, text) in enumerate(INITIATIVE)
    ]
    assert stories_of(arrivals) == stories_of(arrivals)
