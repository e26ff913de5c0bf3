"""Training learns, repeats bit for bit, resumes after a kill, and names a collapse."""

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from deep.checkpoint import CheckpointError
from deep.collapse import CollapsedTrainingError, collapse
from deep.feed import ResidentFeed
from deep.log import Status, read_log
from deep.network import Network
from deep.processor import CPU, chosen_dtype, describe_processor, keep_large_blocks
from deep.scoring import Outputs, Scores, score
from deep.settings import PAPER, PAPER_PROGRESSIVE, PRESETS, SMALL_SOURCE, TrainingSettings
from deep.training import TrainingResult, train

Make = Callable[..., Network]
Feeds = Callable[..., ResidentFeed]


def weights_of(network: Network) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def same(a: Network, b: Network) -> bool:
    first, second = a.state_dict(), b.state_dict()
    return all(torch.equal(first[name], second[name]) for name in first)


def test_it_learns_and_keeps_the_best_pass(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings, tmp_path: Path
) -> None:
    told: list[Status] = []
    log = tmp_path / "log.csv"
    result = train(
        make_network(),
        make_feed_of(64),
        dataclasses.replace(quick, passes=8.0),
        validation=make_feed_of(32, start=64),
        log=log,
        report=told.append,
    )
    assert result.finished
    assert result.steps == 32
    aucs = [validation["auc"] for validation in result.validations]
    assert len(aucs) == 8
    assert result.kept == int(np.argmax(aucs))
    assert result.scores["auc"] > 0.8
    # the weights are those of that pass: scoring the validation part again gives its scores
    feed = make_feed_of(32, start=64)
    outputs = score(result.network, feed.pixels, dtype=torch.float32)
    assert dataclasses.asdict(Scores.of(outputs.probabilities, feed.labels)) == {
        name: result.scores[name] for name in ("auc", "accuracy", "log_loss")
    }
    rows = read_log(log)
    assert [row["step"] for row in rows] == [status.step for status in told] == list(range(4, 33, 4))
    assert rows[-1]["validation_auc"] == aucs[-1]
    assert rows[0]["loss"] > rows[-1]["loss"]
    assert told[-1].seconds_left == 0
    assert {"device", "dtype", "threads"} <= set(result.environment)


def test_the_same_seed_gives_the_same_bits(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    settings = dataclasses.replace(quick, passes=1.5)
    results = [
        train(make_network(), make_feed_of(48), settings, seed=seed, threads=1).network for seed in (0, 0, 1)
    ]
    assert same(results[0], results[1])
    assert not same(results[0], results[2])  # dropout differs


def test_deterministic_algorithms_change_nothing_on_a_cpu(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    settings = dataclasses.replace(quick, passes=1.0)
    plain = train(make_network(), make_feed_of(32), settings, threads=1)
    strict = train(
        make_network(), make_feed_of(32), dataclasses.replace(settings, deterministic=True), threads=1
    )
    assert same(plain.network, strict.network)
    assert strict.environment["deterministic"]
    assert not torch.are_deterministic_algorithms_enabled()


def test_it_leaves_the_callers_random_state_and_threads(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    torch.set_num_threads(2)
    state = torch.get_rng_state()
    train(make_network(), make_feed_of(32), dataclasses.replace(quick, passes=1.0), threads=1)
    assert torch.get_num_threads() == 2
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
@pytest.mark.parametrize("stop", [1, 7, 12, 20])
def test_a_stopped_training_goes_on_to_the_same_bits(
    make_network: Make,
    make_feed_of: Feeds,
    quick: TrainingSettings,
    tmp_path: Path,
    optimiser: str,
    stop: int,
) -> None:
    settings = dataclasses.replace(quick, optimiser=optimiser)  # type: ignore[arg-type]

    def run(**more: object) -> TrainingResult:
        feed, validation = make_feed_of(80), make_feed_of(16, start=80)
        return train(make_network(), feed, settings, validation=validation, threads=1, **more)  # type: ignore[arg-type]

    whole = run()
    path = tmp_path / "checkpoint.safetensors"
    first = run(checkpoint=path, stop_after=stop)
    assert first.finished == (stop == 20)
    assert first.steps == stop
    second = run(checkpoint=path)
    assert second.finished
    equal = same(whole.network, second.network)
    assert equal
    assert whole.validations == second.validations
    assert whole.kept == second.kept


def test_a_checkpoint_of_another_training_is_refused(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings, tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    train(make_network(), make_feed_of(32), quick, checkpoint=path, stop_after=2)
    others = {
        "settings": (make_network(), make_feed_of(32), dataclasses.replace(quick, learning_rate=1e-3)),
        "images": (make_network(), make_feed_of(32, start=1), quick),
        "network": (make_network(seed=1), make_feed_of(32), quick),
    }
    for name, (network, feed, settings) in others.items():
        with pytest.raises(CheckpointError, match=f"{name}.* differ.*delete it"):
            train(network, feed, settings, checkpoint=path)


def test_lines_behind_the_checkpoint_come_once(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings, tmp_path: Path
) -> None:
    """A kill loses the iterations since the checkpoint; their lines are written again, not twice."""
    path, log = tmp_path / "checkpoint.safetensors", tmp_path / "log.csv"
    settings = dataclasses.replace(quick, log_every=1)
    train(make_network(), make_feed_of(32), settings, checkpoint=path, log=log, stop_after=3)
    with log.open("a") as file:
        file.write("4,0.5,0.1,0.1,1.0,,,\n5,0.6")
    train(make_network(), make_feed_of(32), settings, checkpoint=path, log=log)
    assert [row["step"] for row in read_log(log)] == list(range(1, 9))


def test_dropout_is_on_also_for_a_network_that_was_scored_before(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    settings = dataclasses.replace(quick, passes=1.0)
    first, second, without = (
        train(network, make_feed_of(32), settings).network
        for network in (make_network(), make_network().eval(), make_network(dropout=0.0))
    )
    assert same(first, second)
    assert not same(first, without)


def test_frozen_convolutions_stay(make_network: Make, make_feed_of: Feeds, quick: TrainingSettings) -> None:
    network = make_network()
    before = weights_of(network)
    settings = dataclasses.replace(quick, passes=1.0, trained="fully-connected")
    after = weights_of(train(network, make_feed_of(32), settings).network)
    assert torch.equal(before["conv1.weight"], after["conv1.weight"])
    assert torch.equal(before["conv2.bias"], after["conv2.bias"])
    assert not torch.equal(before["fc1.weight"], after["fc1.weight"])


def test_bfloat16_follows_float32(make_network: Make, make_feed_of: Feeds, quick: TrainingSettings) -> None:
    losses = {}
    for dtype in ("float32", "bfloat16"):
        told: list[Status] = []
        settings = dataclasses.replace(quick, dtype=dtype, log_every=1, passes=2.0)
        train(make_network(dropout=0.0), make_feed_of(64), settings, report=told.append)
        losses[dtype] = [status.loss for status in told]
    np.testing.assert_allclose(losses["bfloat16"], losses["float32"], rtol=0.1)
    assert losses["bfloat16"] != losses["float32"]


def test_a_dead_emotion_layer_is_named(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    network = make_network()
    with torch.no_grad():
        network.emotion.bias.fill_(-1e4)
    with pytest.raises(CollapsedTrainingError, match=r"dead emotion layer.*after 6 iterations.*small-source"):
        train(network, make_feed_of(32), dataclasses.replace(quick, passes=3.0))


def test_a_constant_output_is_named_early(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    network = make_network()
    with torch.no_grad():
        network.output.weight.zero_()
    settings = dataclasses.replace(quick, passes=50.0, learning_rate=1e-12, patience=2)
    with pytest.raises(CollapsedTrainingError, match=r"constant output.*2 passes in a row, up to.* 4;"):
        train(network, make_feed_of(32), settings, validation=make_feed_of(32, start=32))


def test_a_training_that_diverges_is_named(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    settings = dataclasses.replace(quick, optimiser="sgd", learning_rate=1e6)
    with pytest.raises(CollapsedTrainingError, match="diverged"):
        train(make_network(), make_feed_of(32), settings)


def test_what_counts_as_collapsed() -> None:
    rng = np.random.default_rng(0)
    alive = rng.random((20, 24)).astype(np.float32)
    assert collapse(Outputs(rng.normal(size=(20, 2)), alive)) == ""
    one_class = np.stack([np.zeros(20), 5 + rng.normal(size=20)], axis=1)
    assert collapse(Outputs(one_class, alive)) == ""  # one class for all, but it tells them apart
    assert "constant" in collapse(Outputs(np.tile([0.1, 0.9], (20, 1)), alive))
    assert "dead" in collapse(Outputs(rng.normal(size=(20, 2)), np.zeros((20, 24), dtype=np.float32)))
    assert "finite" in collapse(Outputs(np.full((20, 2), np.nan), alive))


def test_scores_are_scored_without_dropout_and_in_order(make_network: Make, make_feed_of: Feeds) -> None:
    network, feed = make_network(), make_feed_of(96)
    once, again = (score(network.train(), feed.pixels, dtype=torch.float32) for _ in range(2))
    assert np.array_equal(once.logits, again.logits)
    assert network.training
    backwards = score(network, feed.pixels.read(np.arange(96)[::-1]), dtype=torch.float32)
    np.testing.assert_allclose(backwards.logits[::-1], once.logits, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(once.probabilities.sum(axis=1), 1)
    by_softmax = np.exp(once.logits) / np.exp(once.logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(once.probabilities, by_softmax)


def test_the_presets_say_what_they_should() -> None:
    assert (PAPER.batch, PAPER.iterations, PAPER_PROGRESSIVE.iterations) == (256, 300_000, 100_000)
    assert PAPER.steps(400_000) == 300_000
    rates = [PAPER.rate(step, 300_000) for step in (0, 99_999, 100_000, 299_999)]
    np.testing.assert_allclose(rates, [0.01, 0.01, 0.001, 0.0001])
    assert SMALL_SOURCE.rate(0, 100) == 2e-4
    assert SMALL_SOURCE.rate(50, 100) == pytest.approx(1e-4)
    assert SMALL_SOURCE.rate(100, 100) == 0
    assert SMALL_SOURCE.steps(9274) == math.ceil(20 * 9274 / 128)
    assert set(PRESETS) == {"paper", "small-source", "embedded"}
    with pytest.raises(ValueError, match="give one of them"):
        TrainingSettings(iterations=3)


def test_biases_have_caffenets_rate_and_no_decay(
    make_network: Make, make_feed_of: Feeds, quick: TrainingSettings
) -> None:
    """One step of SGD without momentum: biases move twice as far as their gradient says."""
    from deep.optimiser import make_optimiser, set_rate

    network = make_network()
    settings = dataclasses.replace(PAPER, weight_decay=0.5)
    optimiser = make_optimiser(network, settings)
    set_rate(optimiser, 0.1)
    before = weights_of(network)
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimiser.step()
    after = weights_of(network)
    torch.testing.assert_close(after["fc1.bias"], before["fc1.bias"] - 0.2)
    expected = before["fc1.weight"] - 0.1 * (1 + 0.5 * before["fc1.weight"])
    torch.testing.assert_close(after["fc1.weight"], expected)


def test_what_it_runs_on_is_recorded() -> None:
    assert chosen_dtype("float32", CPU) == torch.float32
    assert chosen_dtype("auto", CPU) in (torch.float32, torch.bfloat16)
    assert describe_processor(CPU, torch.bfloat16, True)["dtype"] == "bfloat16"
    assert keep_large_blocks() in (True, False)
