"""Networks of libraries as frozen backbones: names, weights, prompts. Tiny ones stand for real ones."""

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmark.data.extractor import NotAvailable
from benchmark.data.known_file import KnownFile, KnownFileError
from benchmark.method import ParameterError
from benchmark.registry import load_registry
from benchmark.run.fingerprint import method_sources
from deep.backbone import Backbone
from deep.torchvision_features import _untrained

SMALL = "squeezenet1_1"
PIXELS = np.random.default_rng(0).integers(0, 256, (2, 256, 256, 3)).astype(np.uint8)


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The cache of torch.hub, with nothing in it."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "torch" / "hub" / "checkpoints"


def backbone_of(name: str) -> Backbone:
    method = load_registry()[name].build()
    return method.extractor if hasattr(method, "extractor") else method[0].extractor


def described(backbone: Backbone, network: torch.nn.Module, path: Path) -> np.ndarray:
    """Features of two images with the weights of ``network``, checked for what every backbone promises."""
    torch.save(network.state_dict(), path)
    given = dataclasses.replace(backbone, weights=KnownFile.of(path))
    given.check()
    features = given.extract(PIXELS)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert features[0].tobytes() == given.extract(PIXELS[:1])[0].tobytes()
    return features


def small_network() -> torch.nn.Module:
    torchvision = pytest.importorskip("torchvision")
    torch.manual_seed(0)
    return torchvision.models.get_model(SMALL, weights=None)


@pytest.mark.parametrize(("name", "kind"), [("googlenet", "GoogLeNet"), ("inception_v3", "Inception3")])
def test_a_network_gets_its_pixels_as_with_torchvision_s_own_weights(
    name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = pytest.importorskip("torchvision").models
    asked: list[object] = []

    class StopError(Exception):
        pass

    def build(*arguments: object, **settings: object) -> None:
        asked.append(settings.get("transform_input"))
        raise StopError

    monkeypatch.setattr(sys.modules[models.get_model_builder(name).__module__], kind, build)
    weights = models.get_model_weights(name).DEFAULT
    for make in (lambda: models.get_model(name, weights=weights), lambda: _untrained(name)):
        with pytest.raises(StopError):
            make()
    assert asked == [True, True]


def test_a_network_of_torchvision_is_described_by_its_last_input(tmp_path: Path) -> None:
    network = small_network()
    features = described(backbone_of(f"torchvision:{SMALL}"), network, tmp_path / "w.pth")
    x = torch.from_numpy(PIXELS[:1]).permute(0, 3, 1, 2).float()
    x = torch.nn.functional.interpolate(x, (224, 224), mode="bicubic", antialias=True) / 255
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    with torch.inference_mode():
        maps = network.eval().features((x - mean[:, None, None]) / deviation[:, None, None])
    assert np.allclose(features[0], maps.mean(dim=(2, 3))[0], atol=1e-4)


def test_weights_in_the_cache_of_torch_hub_are_found(empty_cache: Path) -> None:
    network = small_network()
    with pytest.raises(NotAvailable, match="give --weights FILE, or put https://"):
        backbone_of(f"torchvision:{SMALL}").check()
    empty_cache.mkdir(parents=True)
    torch.save(network.state_dict(), empty_cache / "squeezenet1_1-b8a52dc0.pth")
    found = backbone_of(f"torchvision:{SMALL}")
    found.check()
    assert found.extract(PIXELS[:1]).shape == (1, 512)


@pytest.mark.parametrize(
    ("name", "module", "near"),
    [
        ("torchvision:resnet5", "torchvision", "resnet50"),
        ("timm:vit_base_patch16_22", "timm", "vit_base_patch16_224"),
        ("open_clip:ViT-B-33", "open_clip", "ViT-B-32"),
        ("zero-shot:ViT-B-33", "open_clip", "ViT-B-32"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(name: str, module: str, near: str) -> None:
    pytest.importorskip(module)
    with pytest.raises(ParameterError, match=f"has no network .*did you mean .*{near}"):
        backbone_of(name)


def test_the_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    torch.save(small_network().state_dict(), tmp_path / "w.pth")
    other = backbone_of("torchvision:squeezenet1_0")
    with pytest.raises(KnownFileError, match="not the weights of torchvision's squeezenet1_0"):
        dataclasses.replace(other, weights=KnownFile.of(tmp_path / "w.pth")).extract(PIXELS[:1])


def test_without_a_library_the_command_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deep.timm_features.is_installed", lambda *names: False)
    monkeypatch.setattr("deep.clip_features.is_installed", lambda *names: False)
    for name, command in (
        ("timm:resnet18", "pip install timm"),
        ("open_clip:ViT-B-32", "pip install open_clip_torch"),
        ("zero-shot:ViT-B-32", "pip install open_clip_torch"),
    ):
        with pytest.raises(NotAvailable, match=command):
            backbone_of(name).check()


@pytest.mark.parametrize("network", ["test_vit", "test_resnet"])
def test_a_network_of_timm_is_described_by_what_its_classifier_sees(network: str, tmp_path: Path) -> None:
    timm = pytest.importorskip("timm")
    torch.manual_seed(0)
    model = timm.create_model(network, pretrained=False)
    backbone = backbone_of(f"timm:{network}")
    with pytest.raises(NotAvailable, match="--weights FILE"):
        backbone.check()
    features = described(backbone, model, tmp_path / "w.pth")
    assert features.shape == (2, model.head_hidden_size)


@pytest.fixture
def clip(tmp_path: Path):
    """A tiny network of open_clip with random weights, known under the name ``tiny``."""
    open_clip = pytest.importorskip("open_clip")
    tower = {"width": 32, "layers": 1}
    config = {
        "embed_dim": 32,
        "vision_cfg": {**tower, "image_size": 64, "patch_size": 16, "head_width": 16},
        "text_cfg": {**tower, "context_length": 77, "vocab_size": 49408, "heads": 2},
    }
    (tmp_path / "tiny.json").write_text(json.dumps(config))
    open_clip.add_model_config(tmp_path / "tiny.json")
    torch.manual_seed(0)
    return open_clip.create_model("tiny", pretrained=None)


def test_an_image_tower_of_open_clip_gives_places_of_length_1(clip, tmp_path: Path) -> None:
    features = described(backbone_of("open_clip:tiny"), clip, tmp_path / "w.pth")
    assert features.shape == (2, 32)
    assert np.allclose(np.linalg.norm(features, axis=1), 1, atol=1e-5)


def test_prompts_answer_without_any_label(clip, tmp_path: Path, make_dataset) -> None:
    """Two logits an image; exchanged prompts exchange them; nothing is learned from labels."""
    backbone = backbone_of("zero-shot:tiny")
    logits = described(backbone, clip, tmp_path / "w.pth")
    assert logits.shape == (2, 2)
    weights = KnownFile.of(tmp_path / "w.pth")
    turned = dataclasses.replace(
        backbone, weights=weights, negative=backbone.positive, positive=backbone.negative
    )
    assert np.allclose(turned.extract(PIXELS), logits[:, ::-1], atol=1e-4)
    dataset = make_dataset(6)
    method = load_registry()["zero-shot:tiny"].build(weights=weights)
    before = method.untuned_proba(dataset.images)
    after = method.fit(dataset.images, dataset.labels).predict_proba(dataset.images)
    assert np.array_equal(before, after)
    assert np.allclose(before.sum(axis=1), 1)
    assert set(method.predict(dataset.images)) <= {0, 1}


def test_a_row_depends_on_the_modules_and_libraries_it_uses_and_no_others() -> None:
    registry = load_registry()
    lite0 = set(method_sources(registry["Lite0"]))
    assert {"deep.lite0", "deep.frozen", "deep.state_dict", "deep.logistic_classifier"} <= lite0
    others = {
        "deep.torchvision_features",
        "deep.clip_features",
        "deep.methods",
        "deep.training",
        "deep.network",
    }
    assert not lite0 & others
    assert "deep.lite0" not in method_sources(registry["torchvision:resnet18"])
    for name in ("GCH", "SentiBank"):
        assert registry[name].libraries == ()
        assert not any(module.startswith("deep") for module in method_sources(registry[name]))
