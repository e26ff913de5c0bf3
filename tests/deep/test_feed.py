"""Batches: the right pixels, the same from every feed, and resumable anywhere."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from benchmark.data.dataset import Dataset
from deep.architecture import Architecture
from deep.crops import cut_crops, gather_crops
from deep.feed import ResidentFeed, StreamedFeed, make_feed
from deep.network import build_network
from deep.normalisation import Normalisation
from deep.pixels import ArrayPixels, StoredPixels
from deep.sampler import Draw, Sampler


@given(n=st.integers(1, 30), batch=st.integers(1, 40), seed=st.integers(0, 5), skipped=st.integers(0, 100))
def test_a_sampler_resumes_at_any_position(n: int, batch: int, seed: int, skipped: int) -> None:
    whole = Sampler(n, 10, 7, seed).draw(0, skipped + batch)
    rest = Sampler(n, 10, 7, seed).draw(skipped, batch)
    for name in ("index", "top", "left", "mirror"):
        assert np.array_equal(getattr(whole, name)[skipped:], getattr(rest, name))


@given(n=st.integers(1, 50), number=st.integers(0, 3))
def test_every_pass_holds_every_image_once(n: int, number: int) -> None:
    draw = Sampler(n, 10, 7, seed=1).draw(number * n, n)
    assert sorted(draw.index) == list(range(n))
    assert draw.top.min() >= 0
    assert max(draw.top.max(), draw.left.max()) <= 3


def test_passes_and_seeds_differ() -> None:
    sampler = Sampler(50, 10, 7, seed=1)
    assert not np.array_equal(sampler.draw(0, 50).index, sampler.draw(50, 50).index)
    assert not np.array_equal(sampler.draw(0, 50).index, Sampler(50, 10, 7, seed=2).draw(0, 50).index)
    assert set(sampler.draw(0, 400).mirror) == {True, False}
    assert not Sampler(50, 10, 7, seed=1, mirror=False).draw(0, 400).mirror.any()


def test_crops_are_the_pixels_they_should_be() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 6, 6, 3), dtype=np.uint8)
    draw = Draw(np.array([2, 0]), np.array([1, 2]), np.array([0, 2]), np.array([False, True]))
    crops = cut_crops(pixels, draw.index, draw, 4, 6)
    assert crops.shape == (2, 4, 6, 3)
    assert np.array_equal(crops[0, :, :4], pixels[2, 1:5, 0:4])
    assert np.array_equal(crops[1, :, :4], pixels[0, 2:6, 2:6][:, ::-1])
    assert (crops[:, :, 4:] == 0).all()


def test_the_gather_for_a_gpu_gives_the_same_crops(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    draw = Sampler(96, 70, 61, seed=3).draw(40, 80)
    by_gather = gather_crops(torch.from_numpy(pictures[0]), draw.index, draw, 61, 64)
    assert np.array_equal(by_gather.numpy(), cut_crops(pictures[0], draw.index, draw, 61, 64))


def test_normalised_and_channels_last() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 5, 5, 3), dtype=np.uint8)
    normalisation = Normalisation((120, 110, 100), 1 / 64)
    expected = (pixels.astype(np.float64) - [120, 110, 100]) / 64
    feed = ResidentFeed(ArrayPixels(pixels), np.array([0, 1]), 5, normalisation)
    for dtype in (torch.float32, torch.bfloat16):  # both hold these numbers exactly
        (batch,) = feed.centres(0, 2, 2, dtype)
        for images in (batch.images, normalisation.apply(torch.from_numpy(pixels), dtype)):
            assert images.dtype == dtype
            assert images.is_contiguous(memory_format=torch.channels_last)
            assert np.array_equal(images.double().permute(0, 2, 3, 1).numpy(), expected)


def test_the_mean_colour_is_measured(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    measured = Normalisation.measured(ArrayPixels(pictures[0]), 1.0)
    np.testing.assert_allclose(measured.mean, pictures[0].mean(axis=(0, 1, 2)), atol=0.5)


def test_labels_go_with_their_images(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = pictures
    feed = ResidentFeed(ArrayPixels(images), labels, 70, Normalisation(), seed=5, mirror=False)
    for batch in itertools.islice(feed.batches(0, 10, torch.float32), 12):
        for image, label in zip(batch.images.permute(0, 2, 3, 1).numpy(), batch.labels.tolist(), strict=True):
            at = np.flatnonzero((images == image).all(axis=(1, 2, 3)))
            assert len(at) == 1
            assert labels[at[0]] == label


def test_a_part_draws_only_its_own_images(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = pictures
    index = np.array([90, 3, 17])
    for kind in (ResidentFeed, StreamedFeed):
        part = (
            kind(ArrayPixels(images), labels, 70, Normalisation(), mirror=False)
            .part(index[::-1])
            .part(np.array([2, 1, 0]))
        )
        (batch,) = part.centres(0, 3, 8, torch.float32)
        assert np.array_equal(batch.images.permute(0, 2, 3, 1).numpy(), images[index])
        assert np.array_equal(batch.labels.numpy(), labels[index])


def test_streamed_and_memory_mapped_feeds_give_the_same(
    pictures: tuple[np.ndarray, np.ndarray], tmp_path: object
) -> None:
    images, labels = pictures
    np.save(f"{tmp_path}/pixels.npy", images)
    mapped = np.load(f"{tmp_path}/pixels.npy", mmap_mode="r")
    normalisation = Normalisation((120, 110, 100), 1 / 64)
    feeds = [
        ResidentFeed(ArrayPixels(images), labels, 64, normalisation, seed=2),
        ResidentFeed(ArrayPixels(mapped), labels, 64, normalisation, seed=2),
        StreamedFeed(ArrayPixels(mapped), labels, 64, normalisation, seed=2),
    ]
    for start, share in ((0, slice(None)), (37, slice(5, 10))):
        streams = [list(itertools.islice(feed.batches(start, 20, torch.float32, share), 9)) for feed in feeds]
        for batches in zip(*streams, strict=True):
            assert all(torch.equal(batches[0].images, other.images) for other in batches[1:])
            assert all(torch.equal(batches[0].labels, other.labels) for other in batches[1:])


def test_pixels_out_of_the_feature_store(make_dataset: Callable[..., Dataset]) -> None:
    dataset = make_dataset(12)
    network = build_network(Architecture(size=64, width=1 / 16))
    stored = StoredPixels(dataset.images, side=66)
    feed = make_feed(stored, dataset.labels, network)
    (batch,) = feed.centres(0, 12, 12, torch.float32)
    for i in (0, 5, 11):
        expected = dataset.images.load(i, size=66)[1:65, 1:65]
        assert np.array_equal(batch.images[i].permute(1, 2, 0).numpy(), expected)
    streamed = StreamedFeed(stored, dataset.labels, 64, Normalisation())
    assert torch.equal(
        next(streamed.batches(0, 7, torch.float32)).images, next(feed.batches(0, 7, torch.float32)).images
    )


def test_a_set_that_does_not_fit_is_streamed(
    pictures: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Elsewhere:
        """Not an array that lies in memory already."""

        side = 70

        def __len__(self) -> int:
            return len(pictures[0])

        def read(self, index: np.ndarray) -> np.ndarray:
            return pictures[0][index]

    monkeypatch.setattr("deep.feed.free_memory", lambda device: 2 * pictures[0].nbytes - 2)
    source = Elsewhere()
    network = build_network(Architecture(size=64, width=1 / 16))
    assert isinstance(make_feed(source, pictures[1], network), StreamedFeed)
    monkeypatch.setattr("deep.feed.free_memory", lambda device: 2 * pictures[0].nbytes)
    assert isinstance(make_feed(source, pictures[1], network), ResidentFeed)


def test_an_error_of_the_reading_thread_is_raised(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    class Broken(ArrayPixels):
        def read(self, index: np.ndarray) -> np.ndarray:
            raise OSError("disk is gone")

    feed = StreamedFeed(Broken(pictures[0]), pictures[1], 64, Normalisation())
    with pytest.raises(OSError, match="disk is gone"):
        next(feed.batches(0, 4, torch.float32))


def test_wrong_input_is_refused(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = pictures
    with pytest.raises(ValueError, match="96 images but 95 labels"):
        ResidentFeed(ArrayPixels(images), labels[1:], 64, Normalisation())
    with pytest.raises(ValueError, match=r"not \[2\]"):
        ResidentFeed(ArrayPixels(images), labels + 1, 64, Normalisation())
    with pytest.raises(ValueError, match="crops of 227 pixels from images of 70"):
        ResidentFeed(ArrayPixels(images), labels, 227, Normalisation())
    with pytest.raises(ValueError, match="float64"):
        ArrayPixels(images.astype(float))


def test_a_part_may_have_an_order_and_crops_of_its_own(make_feed_of: Callable[..., ResidentFeed]) -> None:
    feed = make_feed_of(32, seed=1)
    same, other = feed.part(np.arange(32)), feed.part(np.arange(32), seed=2)
    assert np.array_equal(same.sampler.draw(0, 32).index, feed.sampler.draw(0, 32).index)
    assert not np.array_equal(other.sampler.draw(0, 32).index, feed.sampler.draw(0, 32).index)
    assert feed.sampler.seed == 1
