"""The detector bank: planted concepts are found, noise is dropped, answers are calibrated and stored."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from baselines.average_precision import average_precision, chance_quantile
from baselines.detector_quality import yardstick
from baselines.detectors import BankSettings, DetectorBank
from baselines.held_out import HeldOut
from baselines.negatives import with_negatives
from baselines.platt import fit_sigmoids
from baselines.squared_hinge import BLOCK

SMALL = BankSettings(negatives=(2, 0), costs=(1.0, 10.0), components=20)


def planted(n=400, d=30, concepts=4, noise=6, seed=0):
    """Features of which each concept has one direction; noise concepts have none."""
    rng = np.random.default_rng(seed)
    X = rng.normal(0, 1, (n, d)).astype(np.float32)
    positive = rng.random((n, concepts + noise)) < 0.1
    for k in range(concepts):
        X[:, k] += 5 * positive[:, k]
    names = [f"real_{k}" for k in range(concepts)] + [f"noise_{k}" for k in range(noise)]
    return X * np.geomspace(0.1, 100, d).astype(np.float32), np.where(positive, 1, -1).astype(np.int8), names


@pytest.fixture(scope="module")
def bank():
    X, labels, names = planted()
    return DetectorBank(SMALL).fit(X, labels, names)


def test_planted_concepts_are_kept_and_noise_is_dropped(bank):
    assert {f"real_{k}" for k in range(4)} <= set(bank.names)
    assert all(bank.quality[f"real_{k}"].ap > 0.8 for k in range(4))
    assert sum(bank.quality[f"noise_{k}"].kept for k in range(6)) <= 1
    assert bank.summary["kept"] == len(bank.names)
    assert bank.chosen["largest_gap"] <= 1e-3


def test_answers_on_new_images_are_probabilities(bank):
    X, labels, names = planted(n=3000, seed=1)
    answers = bank.respond(X)
    assert answers.dtype == np.float32
    for k, name in enumerate(bank.names):
        truth = labels[:, names.index(name)] == 1
        assert 0 <= answers[:, k].min() <= answers[:, k].max() <= 1
        if name.startswith("real"):
            assert average_precision_score(truth, answers[:, k]) > 0.8
            assert answers[:, k].mean() == pytest.approx(truth.mean(), abs=0.03)


def test_no_detector_answers_for_an_image_it_was_fitted_to():
    """Noise that could be learned by heart: with more features than images, any labels separate."""
    rng = np.random.default_rng(3)
    X = rng.normal(0, 1, (120, 300)).astype(np.float32)
    labels = np.where(rng.random((120, 20)) < 0.2, 1, -1).astype(np.int8)
    labels[:, 0] = np.where(X[:, 0] > 1, 1, -1)  # one that can be seen, so that the bank is not empty
    bank = DetectorBank(SMALL).fit(X, labels, [str(k) for k in range(20)])
    assert len(bank.names) <= 5


def test_duplicates_are_held_out_together():
    rng = np.random.default_rng(4)
    X = np.repeat(rng.normal(0, 1, (60, 200)), 2, axis=0).astype(np.float32)
    labels = np.repeat(np.where(rng.random((60, 12)) < 0.3, 1, -1), 2, axis=0).astype(np.int8)
    names = [str(k) for k in range(12)]
    leaky = DetectorBank(SMALL).fit(X, labels, names)
    assert np.mean([quality.ap for quality in leaky.quality.values()]) > 0.5
    with pytest.raises(ValueError, match="better than by chance"):
        DetectorBank(SMALL).fit(X, labels[:, :1], names[:1], groups=np.repeat(np.arange(60), 2))


def test_unknown_labels_neither_train_nor_measure(bank):
    X, labels, names = planted()
    hidden = labels.copy()
    hidden[:100] = 0
    changed = X.copy()
    known = DetectorBank(SMALL).fit(X[100:], labels[100:], names)
    masked = DetectorBank(SMALL).fit(changed, hidden, names)
    for name in ("real_0", "real_1"):
        assert masked.quality[name].positives == known.quality[name].positives


def test_the_card_says_whose_labels_the_ap_was_measured_on():
    X, labels, names = planted()
    voted = np.zeros(len(X), dtype=bool)
    voted[np.flatnonzero(labels[:, 0] == 1)] = True
    voted[:200] = True
    strict = BankSettings(**(vars(SMALL) | {"judged": 35}))
    support = ["human votes + caption words"] * 2 + ["mined ANP", "simulated votes"] + ["query"] * 6
    bank = DetectorBank(strict).fit(X, labels, names, measured=voted, support=support)
    said = {name: quality.measured_on for name, quality in bank.quality.items()}
    assert said["real_0"] == "human votes"
    assert said["real_1"] == "weak labels"
    assert said["real_2"] == "held-out mined labels"
    assert said["real_3"] == "held-out simulated votes"
    assert said["noise_0"] == "weak labels"
    assert bank.quality["real_0"].chance == pytest.approx((labels[voted, 0] == 1).mean())
    assert bank.quality["real_1"].chance == pytest.approx((labels[:, 1] == 1).mean())
    assert sum(bank.summary["measured_on"].values()) == bank.summary["kept"]


@pytest.mark.parametrize("value", [1, -1])
def test_votes_that_all_say_the_same_judge_nothing(value):
    labels = np.where(np.arange(100) % 4 == 0, 1, -1).astype(np.int8)[:, None]
    voted = labels[:, 0] == value
    measure = yardstick(labels, voted, ["human votes + category mean"], judged=5)
    assert measure.labels == ("weak labels",)
    assert measure.rows.all()


def test_without_being_told_no_label_is_called_a_vote(bank):
    assert {quality.measured_on for quality in bank.quality.values()} == {"weak labels"}


def test_what_a_concept_draws_does_not_depend_on_the_others():
    _, labels, names = planted()
    together = with_negatives(labels, names, 2, seed=5)
    for order in ([3], [7, 3, 0], [3, 9]):
        alone = with_negatives(labels[:, order], [names[k] for k in order], 2, seed=5)
        np.testing.assert_array_equal(alone, together[:, order])
    assert ((together == -1).sum(axis=0) == 2 * (labels == 1).sum(axis=0)).all()
    assert (with_negatives(labels, names, 2, seed=6) != together).any()
    renamed = with_negatives(labels, [f"{name}s" for name in names], 2, seed=5)
    assert (renamed != together).any(axis=0).all()


@pytest.fixture(scope="module")
def wide():
    """A bank wide enough for BLAS to order its sums by the number of images."""
    rng = np.random.default_rng(0)
    bank = DetectorBank()
    bank.names = tuple(map(str, range(40)))
    bank.weights_ = (rng.normal(0, 1, (700, 40)) / 20).astype(np.float32)
    bank.bias_ = rng.normal(0, 1, 40)
    return bank, rng.normal(0, 1, (300, 700)).astype(np.float32)


@pytest.mark.parametrize("at", [[0], [5, 6, 7], list(range(64)), list(range(299, -1, -1))])
def test_an_image_s_answers_are_the_same_bytes_whatever_is_beside_it(wide, at):
    bank, X = wide
    together = bank.respond(X)
    assert bank.respond(X[at]).tobytes() == together[at].tobytes()
    assert bank.respond(np.asfortranarray(X[at])).tobytes() == together[at].tobytes()
    expected = expit(X.astype(np.float64) @ bank.weights_ + bank.bias_)
    np.testing.assert_allclose(together, expected, atol=1e-6)


def test_the_telling_images_are_the_highest_and_the_worst(bank):
    X, labels, names = planted()
    keys = [f"{i:016x}" for i in range(len(X))]
    held, telling = bank.held_out_, bank.held_out_.telling([f"{key}ffff" for key in keys])
    assert list(telling) == list(bank.names)
    for k, (_, found) in enumerate(telling.items()):
        at = {what: [keys.index(key) for key, _, _ in images] for what, images in found.items()}
        truth, answers = labels[:, names.index(bank.names[k])], held.answers[:, k]
        assert at["highest"] == np.argsort(-answers, kind="stable")[:8].tolist()
        assert set(truth[at["alarms"]]) == {-1}
        assert set(truth[at["misses"]]) == {1}
        others = np.setdiff1d(np.flatnonzero(truth == -1), at["highest"])
        assert answers[at["alarms"]].min() == np.sort(answers[others])[-3]
        assert answers[at["misses"]].tolist() == np.sort(answers[truth == 1])[:3].tolist()
        for images in found.values():
            assert all(label == truth[keys.index(key)] for key, _, label in images)
            assert all(0 <= probability <= 1 for _, probability, _ in images)


def test_telling_images_are_few_where_there_are_few_and_unlabelled_ones_are_none():
    answers = np.arange(10, dtype=np.float32)[:, None]
    labels = np.zeros((10, 1), dtype=np.int8)
    labels[[2, 5]] = [[1], [-1]]
    found = HeldOut(("a",), answers, answers / 10, labels).telling([str(i) * 20 for i in range(10)])["a"]
    assert found == {"highest": [["5" * 16, 0.5, -1], ["2" * 16, 0.2, 1]], "alarms": [], "misses": []}


def test_too_little_is_refused():
    X, labels, names = planted()
    with pytest.raises(ValueError, match="none of 10 concepts has 500 images"):
        DetectorBank(BankSettings(support=500)).fit(X, labels, names)


def test_a_bank_survives_its_files_and_the_same_seed_gives_the_same_bytes(bank, tmp_path):
    X, labels, names = planted()
    bank.save(tmp_path, {"support": {"real_0": "query"}})
    again = DetectorBank.load(tmp_path)
    assert again.respond(X).tobytes() == bank.respond(X).tobytes()
    assert again.quality == bank.quality
    assert json.loads((tmp_path / "detectors.json").read_text())["support"] == {"real_0": "query"}
    assert DetectorBank(SMALL).fit(X, labels, names).respond(X).tobytes() == bank.respond(X).tobytes()


def test_files_that_hold_no_bank_are_refused(bank, tmp_path):
    bank.save(tmp_path)
    np.savez(tmp_path / "detectors.npz", weights=np.array([{"a": 1}], dtype=object), bias=np.zeros(1))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        DetectorBank.load(tmp_path)
    np.savez(tmp_path / "detectors.npz", weights=np.zeros((3, 1)), bias=np.zeros(1))
    with pytest.raises(ValueError, match=r"weights \(3, 1\) and bias \(1,\) for \d names; learn it again"):
        DetectorBank.load(tmp_path)
    card = json.loads((tmp_path / "detectors.json").read_text())
    (tmp_path / "detectors.json").write_text(json.dumps(card | {"names": [["a"], *card["names"][1:]]}))
    with pytest.raises(ValueError, match=r"a concept's name is not a text; learn it again"):
        DetectorBank.load(tmp_path)


def test_numbers_that_are_not_finite_or_not_real_are_refused(bank, tmp_path):
    broken = bank.weights_.copy()
    broken[3, 1] = np.nan
    bank.save(tmp_path)
    np.savez(tmp_path / "detectors.npz", weights=broken, bias=bank.bias_)
    with pytest.raises(ValueError, match=f"1 detectors are not finite, the first '{bank.names[1]}'"):
        DetectorBank.load(tmp_path)
    np.savez(tmp_path / "detectors.npz", weights=bank.weights_, bias=bank.bias_ + np.inf)
    with pytest.raises(ValueError, match=f"{len(bank.names)} detectors are not finite"):
        DetectorBank.load(tmp_path)
    np.savez(tmp_path / "detectors.npz", weights=bank.weights_.astype(int), bias=bank.bias_)
    with pytest.raises(ValueError, match="not real numbers"):
        DetectorBank.load(tmp_path)


def test_files_that_are_missing_or_cut_off_are_refused(bank, tmp_path):
    with pytest.raises(ValueError, match=r"no detector bank .*learn it again"):
        DetectorBank.load(tmp_path)
    bank.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["detectors.json", "detectors.npz"]
    for name in ("detectors.npz", "detectors.json"):
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(ValueError, match=r"no detector bank .*learn it again"):
            DetectorBank.load(tmp_path)
        (tmp_path / name).write_bytes(whole)
    DetectorBank.load(tmp_path)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 60))
def test_average_precision_is_scikit_learn_s(seed, n):
    rng = np.random.default_rng(seed)
    scores, positive = rng.permutation(n)[:, None].astype(float), rng.random((n, 1)) < 0.3
    found = average_precision(scores, positive)[0]
    if positive.any():
        assert found == pytest.approx(average_precision_score(positive[:, 0], scores[:, 0]))
    else:
        assert np.isnan(found)


def test_chance_is_exceeded_by_one_random_order_in_twenty():
    needed = chance_quantile(300, 12, seed=0)
    rng = np.random.default_rng(9)
    positive = np.zeros((300, 1), dtype=bool)
    positive[:12] = True
    above = [average_precision(rng.random((300, 1)), positive)[0] > needed for _ in range(2000)]
    assert 0.03 < np.mean(above) < 0.07


def test_sigmoids_are_those_of_a_logistic_regression_on_smoothed_targets():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 3, (5000, 3)) + np.array([-2.0, 0.0, 5.0])
    labels = np.where(rng.random((5000, 3)) < expit(0.7 * values - 1), 1, -1)
    slope, offset = fit_sigmoids(values, labels)
    for k in range(3):
        model = LogisticRegression(C=np.inf).fit(values[:, k : k + 1], labels[:, k])
        assert slope[k] == pytest.approx(model.coef_[0, 0], rel=0.02)
        assert offset[k] == pytest.approx(model.intercept_[0], rel=0.02, abs=0.02)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), positives=st.integers(3, 30), distance=st.floats(0.5, 12))
def test_sigmoids_are_at_the_minimum_however_few_and_far_the_positives(seed, positives, distance):
    """At the minimum of the loss, targets and probabilities have the same mean and the same product."""
    rng = np.random.default_rng(seed)
    labels = np.where(np.arange(600) < positives, 1, -1)[:, None]
    values = rng.uniform(0.01, 100) * (rng.normal(0, 1, (600, 1)) + distance * (labels == 1) - 3)
    slope, offset = fit_sigmoids(values, labels)
    target = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (602 - positives))
    error = expit(values * slope + offset) - target
    assert abs(error.mean()) < 1e-4
    slant = (error * (values - values.mean()) / values.std()).mean()
    assert abs(slant) < 1e-4 if slope[0] > 0 else slant > -1e-4


def test_values_that_hold_nothing_give_the_share_of_positives():
    labels = np.where(np.arange(200) % 4 == 0, 1, -1)[:, None]
    for values in (np.zeros((200, 1)), -labels.astype(float)):
        slope, offset = fit_sigmoids(values, labels)
        assert slope[0] == 0
        assert expit(offset[0]) == pytest.approx(0.25, abs=0.01)


def test_any_number_of_threads_gives_the_same_bytes_and_says_how_far_it_is():
    X, labels, names = planted(noise=80)
    assert len(names) > BLOCK, "one block of detectors is one thread's, whatever the number of threads"
    told: list[tuple[int, int, str]] = []
    one = DetectorBank(SMALL, threads=1, tell=lambda *how_far: told.append(how_far)).fit(X, labels, names)
    three = DetectorBank(SMALL, threads=3).fit(X, labels, names)
    assert one.weights_.tobytes() == three.weights_.tobytes()
    assert one.bias_.tobytes() == three.bias_.tobytes()
    fits = SMALL.parts * len(SMALL.negatives) * len(SMALL.costs)
    assert [done for done, _, _ in told] == list(range(fits + 1))
    assert {total for _, total, _ in told} == {fits}
