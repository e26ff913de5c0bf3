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
from baselines.detectors import BankSettings, DetectorBank
from baselines.platt import fit_sigmoids

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


def test_concepts_with_few_trusted_labels_are_measured_on_weak_ones():
    X, labels, names = planted()
    trusted = np.zeros(len(X), dtype=bool)
    trusted[np.flatnonzero(labels[:, 0] == 1)] = True
    trusted[:200] = True
    bank = DetectorBank(BankSettings(**(vars(SMALL) | {"judged": 35}))).fit(
        X, labels, names, measured=trusted
    )
    assert bank.quality["real_0"].measured_on == "trusted labels"
    assert bank.quality["real_1"].measured_on == "weak labels"


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
    with pytest.raises(ValueError, match="learn it again"):
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


def test_values_that_hold_nothing_give_the_share_of_positives():
    labels = np.where(np.arange(200) % 4 == 0, 1, -1)[:, None]
    for values in (np.zeros((200, 1)), -labels.astype(float)):
        slope, offset = fit_sigmoids(values, labels)
        assert slope[0] == 0
        assert expit(offset[0]) == pytest.approx(0.25, abs=0.01)
