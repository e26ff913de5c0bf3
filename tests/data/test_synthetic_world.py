"""The generated world's tables and plans: what exists, and what each picture shows."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.data.dataset import DatasetError
from benchmark.data.synthetic import Source, World
from benchmark.data.synthetic.annotators import cast_votes
from benchmark.data.synthetic.brush.light import LIGHTS
from benchmark.data.synthetic.content import choose_anp, choose_content, generator
from benchmark.data.synthetic.picture import PAINTERS, SUBJECTS
from benchmark.data.synthetic.source import plan_picture
from benchmark.data.synthetic.target import Truth, describe_world
from benchmark.data.synthetic.world import ANPS, ATTRIBUTES, NOUNS, SCENES, STATE_LIGHTS

LARGE = World(n=5000, seed=7)


@pytest.fixture(scope="module")
def truths() -> dict[str, Truth]:
    return describe_world(LARGE)


def share(values: list[bool]) -> tuple[float, float]:
    """A share and four standard errors of it."""
    p = float(np.mean(values))
    return p, 4 * float(np.sqrt(max(p * (1 - p), 0.01) / len(values)))


def test_everything_named_can_be_drawn() -> None:
    assert set(PAINTERS) == set(SCENES)
    assert set(SUBJECTS) == set(NOUNS)
    assert {scene for noun in NOUNS.values() for scene in noun.scenes} == set(SCENES)
    assert {name for pair in STATE_LIGHTS.values() for name in pair} <= set(LIGHTS)
    assert set(STATE_LIGHTS) <= {anp.name for anp in ANPS}


def test_every_noun_has_clear_states_of_both_signs_and_an_ambivalent_one() -> None:
    for noun in NOUNS:
        states = [anp for anp in ANPS if anp.noun == noun]
        signs = {anp.sentiment > 0 for anp in states if anp.clear}
        assert signs == {True, False}, noun
        assert any(not anp.clear for anp in states), noun
    assert len({anp.name for anp in ANPS}) == len(ANPS)
    assert all(-2 <= anp.sentiment <= 2 for anp in ANPS)


@pytest.mark.real
def test_sentiment_is_that_of_the_ontology_where_it_has_the_pair(real_data: Path) -> None:
    text = (real_data / "vso" / "3244ANPs.txt").read_text(errors="replace")
    published = {m[1]: float(m[2]) for m in re.finditer(r"\s(\S+) \[sentiment: (-?[\d.]+)\]", text)}
    common = {anp.name: anp.sentiment for anp in ANPS if anp.name in published}
    assert common == {name: published[name] for name in common}
    assert len(common) > 30


@pytest.mark.real
def test_attributes_have_the_names_of_the_sun_database(real_data: Path) -> None:
    from scipy.io import loadmat

    table = loadmat(real_data / "sun_attribute" / "attributes.mat")["attributes"]
    assert set(ATTRIBUTES) <= {str(row[0][0]) for row in table}


def test_shares_are_those_of_the_settings(truths: dict[str, Truth]) -> None:
    originals = [truth for truth in truths.values() if truth.duplicate_of is None]
    clear = [truth.clarity == 1 for truth in originals]
    assert np.mean(clear) == pytest.approx(1 - LARGE.ambivalent, abs=0.005)
    positive = [truth.label == 1 for truth in originals if truth.clarity == 1]
    assert np.mean(positive) == pytest.approx(LARGE.positive, abs=0.005)


@pytest.mark.parametrize("seed", range(5))
def test_a_small_world_holds_the_shares_too(seed: int) -> None:
    truths = list(describe_world(World(n=20, seed=seed, duplicates=0)).values())
    assert 10 <= sum(truth.label for truth in truths) <= 14
    assert 3 <= sum(truth.clarity < 1 for truth in truths) <= 6


def test_agreement_is_spread_as_in_the_real_data(truths: dict[str, Truth]) -> None:
    most = np.array([max(t.positive_votes, 5 - t.positive_votes) for t in truths.values()])
    positive = np.array([t.positive_votes >= 3 for t in truths.values()])
    assert np.mean(most == 5) == pytest.approx(0.70, abs=0.03)
    assert np.mean(most == 4) == pytest.approx(0.18, abs=0.03)
    assert np.mean(most == 3) == pytest.approx(0.12, abs=0.03)
    assert np.mean(positive) == pytest.approx(0.61, abs=0.02)
    assert 0.62 <= np.mean(positive[most == 5]) <= 0.66


def test_annotators_are_as_reliable_as_the_settings_say(truths: dict[str, Truth]) -> None:
    for k, reliability in enumerate(LARGE.reliability):
        for clear in (True, False):
            hits = [t.votes[k] == t.label for t in truths.values() if (t.clarity == 1) == clear]
            expected = reliability if clear else 0.5 + (reliability - 0.5) * LARGE.clarity
            found, margin = share(hits)
            assert found == pytest.approx(expected, abs=margin)


def test_majority_votes_agree_with_the_truth(truths: dict[str, Truth]) -> None:
    clear = [(t.positive_votes >= 3) == (t.label == 1) for t in truths.values() if t.clarity == 1]
    divided = [(t.positive_votes >= 3) == (t.label == 1) for t in truths.values() if t.clarity < 1]
    assert np.mean(clear) > 0.99
    assert 0.6 < np.mean(divided) < 0.9


def test_the_pair_tells_the_label_of_a_clear_picture_and_not_of_an_ambivalent_one(
    truths: dict[str, Truth],
) -> None:
    clear = [t for t in truths.values() if t.clarity == 1]
    divided = [t for t in truths.values() if t.clarity < 1]
    assert all((t.sentiment > 0) == (t.label == 1) for t in clear)
    same, margin = share([(t.sentiment > 0) == (t.label == 1) for t in divided])
    assert same == pytest.approx(0.5, abs=margin)


def test_light_leans_with_the_sentiment_as_far_as_the_colour_setting(truths: dict[str, Truth]) -> None:
    def lean(some: list[Truth]) -> float:
        moods = [[LIGHTS[t.light].mood for t in some if t.label == label] for label in (0, 1)]
        return float(np.mean(moods[1]) - np.mean(moods[0]))

    assert lean(list(truths.values())) > 0.3
    colourless = describe_world(World(n=3000, seed=1, colour=0)).values()
    assert abs(lean([t for t in colourless if f"{t.anp}" not in STATE_LIGHTS])) < 0.1


def test_scenes_do_not_tell_the_label(truths: dict[str, Truth]) -> None:
    overall = np.mean([t.label for t in truths.values()])
    for scene in SCENES:
        if scene == "coast":  # boats live there alone
            continue
        labels = [t.label == 1 for t in truths.values() if t.scene == scene]
        found, margin = share(labels)
        assert found == pytest.approx(overall, abs=margin + 0.03), scene


def test_copies_are_planted_as_often_as_asked_and_point_at_originals(truths: dict[str, Truth]) -> None:
    copies = {name: t for name, t in truths.items() if t.duplicate_of is not None}
    assert len(copies) == pytest.approx(LARGE.duplicates * LARGE.n, abs=1)
    order = list(truths)
    for name, truth in copies.items():
        original = truths[str(truth.duplicate_of)]
        assert original.duplicate_of is None
        assert order.index(str(truth.duplicate_of)) < order.index(name)
        assert (truth.anp, truth.label, truth.clarity) == (original.anp, original.label, original.clarity)
    kinds = [t.copy for t in copies.values()]
    assert {kind: kinds.count(kind) / len(kinds) for kind in kinds} == pytest.approx(
        {"exact": 0.5, "re-encoded": 0.25, "scaled": 0.25}, abs=0.05
    )


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(20, 60), more=st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_a_larger_world_begins_with_the_smaller_one(seed: int, n: int, more: int) -> None:
    small = describe_world(World(n=n, seed=seed, duplicates=0.1))
    large = describe_world(World(n=n + more, seed=seed, duplicates=0.1))
    assert list(large.items())[:n] == list(small.items())


def test_file_names_tell_neither_label_nor_number() -> None:
    names = list(describe_world(World(n=200, seed=3)))
    other = list(describe_world(World(n=200, seed=3, positive=0.1)))
    assert names == other
    assert all(re.fullmatch(r"[0-9a-f]{12}\.jpg", name) for name in names)
    assert len(set(names)) == 200
    assert names != sorted(names)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("n", 19),
        ("seed", -1),
        ("duplicates", 0.6),
        ("positive", 1.5),
        ("reliability", (0.9, 0.9, 0.9, 0.9)),
        ("reliability", (0.9, 0.9, 0.9, 0.9, 0.4)),
        ("clarity", -0.1),
        ("colour", -1),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(setting: str, value: object) -> None:
    with pytest.raises(DatasetError, match=setting[:9]):
        World(**{setting: value})  # type: ignore[arg-type]


@given(label=st.integers(0, 1), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_votes_follow_the_extremes_of_reliability(label: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert cast_votes(rng, label, (1.0,) * 5, 1.0) == (label,) * 5
    flips = [cast_votes(rng, label, (1.0,) * 5, 0.0) for _ in range(40)]
    assert 0.25 < np.mean(flips) < 0.75


@given(seed=st.integers(0, 10_000), label=st.integers(0, 1), clear=st.booleans())
@settings(max_examples=80, deadline=None)
def test_content_is_consistent(seed: int, label: int, clear: bool) -> None:
    rng = generator(seed, "test", 0)
    anp = choose_anp(rng, label, clear)
    content = choose_content(rng, anp, label)
    assert anp.clear == clear
    assert content.scene in NOUNS[anp.noun].scenes
    assert content.light in STATE_LIGHTS.get(anp.name, tuple(LIGHTS))
    assert set(content.attributes) <= set(ATTRIBUTES)
    assert content.lighting.night == (content.scene == "night_city")
    assert f"{anp.adjective} {anp.noun}" in content.caption(anp)


def test_the_source_asks_for_every_pair_equally_often_and_errs_as_often_as_told() -> None:
    source = Source(n=40 * len(ANPS), seed=2, noise=0.25)
    plans = [plan_picture(source, i) for i in range(source.n)]
    queries = [query.name for query, _ in plans]
    assert {queries.count(anp.name) for anp in ANPS} == {40}
    found, margin = share([content.anp != query for query, content in plans])
    assert found == pytest.approx(0.25, abs=margin)
    assert all(content.label == int(content.anp.sentiment > 0) for _, content in plans)


def test_a_source_without_noise_shows_what_was_asked_for() -> None:
    source = Source(n=200, noise=0)
    assert all(query == content.anp for query, content in (plan_picture(source, i) for i in range(200)))
