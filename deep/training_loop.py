"""The iterations of a training: steps, log, validation after every pass, checkpoints."""

import contextlib
import dataclasses
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmark.data.fingerprint import digest
from deep.checkpoint import Progress, load_checkpoint, random_state, save_checkpoint, set_random_state
from deep.collapse import CollapsedTrainingError, check_loss, collapse
from deep.distributed import Ranks
from deep.feed import Batch, Feed
from deep.log import Status, TrainingLog
from deep.loss import class_weights, sentiment_loss
from deep.network import Network
from deep.optimiser import make_optimiser, set_rate
from deep.processor import chosen_dtype
from deep.scoring import Scores, run_network
from deep.settings import TrainingSettings
from deep.tensorfile import TensorFileError

PROBE = 512
"""Training images that are looked at for a collapse where there is no validation part."""

REMEDY = "start again with the preset small-source, or with a lower learning_rate"


class TrainingLoop:
    """One training under way; the parameters are those of `deep.training.train`."""

    def __init__(
        self,
        network: Network,
        feed: Feed,
        settings: TrainingSettings,
        seed: int,
        validation: Feed | None,
        ranks: Ranks,
        checkpoint: Path | None,
        log: Path | None,
        report: Callable[[Status], None] | None,
    ) -> None:
        self.network = network.to(ranks.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.feed, self.settings, self.validation, self.ranks = feed, settings, validation, ranks
        self.checkpoint, self.report = checkpoint, report
        self.batch, self.steps = settings.batch_of(len(feed)), settings.steps(len(feed))
        self.dtype = chosen_dtype(settings.dtype, ranks.device)
        self.weights = class_weights(feed.labels, settings.class_balanced).to(ranks.device)
        self.identity = {
            "settings": dataclasses.asdict(settings),
            "images": feed.fingerprint(),
            "validation": "" if validation is None else validation.fingerprint(),
            "network": [dataclasses.asdict(network.architecture), _digest(network)],
            "normalisation": [*network.normalisation.mean, network.normalisation.scale],
            "seed": seed,
            "processes": ranks.size,
            "dtype": str(self.dtype),
        }
        self.optimiser = make_optimiser(self.network, settings)
        self.progress, self.kept = Progress(), dict[str, Tensor]()
        torch.manual_seed(int(np.random.SeedSequence([seed, ranks.rank]).generate_state(1)[0]))
        if checkpoint is not None and checkpoint.exists():
            self._resume(checkpoint)
        self.wrapped = ranks.wrap(self.network)
        self.log = TrainingLog(log if ranks.first else None, self.progress.step)

    def run(self, checkpoint_seconds: float, stop_after: int | None) -> None:
        """All iterations that are left, or those up to ``stop_after``."""
        end = self.steps if stop_after is None else min(stop_after, self.steps)
        saved = time.monotonic()
        part = self.ranks.share(self.batch)
        self.network.train()
        with contextlib.closing(
            self.feed.batches(self.progress.position, self.batch, self.dtype, part)
        ) as batches:
            while self.progress.step < end:
                status = self._up_to_next_line(batches, end)
                ended = self.progress.step in (self._end_of_pass(self.progress.step - 1), self.steps)
                if ended and self.validation is not None:
                    status = dataclasses.replace(status, validation=self._validate(self.validation))
                self.log.write(status)
                if self.report is not None:
                    self.report(status)
                due = ended or self.progress.step == end or time.monotonic() - saved > checkpoint_seconds
                if self.ranks.agreed(due):
                    self._save()
                    saved = time.monotonic()

    def _up_to_next_line(self, batches: Iterator[Batch], end: int) -> Status:
        """Iterations up to the next line of the log: a multiple of ``log_every``, or the end of a pass."""
        progress, settings = self.progress, self.settings
        line = (progress.step // settings.log_every + 1) * settings.log_every
        stop = min(end, line, self._end_of_pass(progress.step))
        count, begin = stop - progress.step, time.perf_counter()
        losses = [self._step(next(batches)) for _ in range(count)]
        loss = float(self.ranks.mean(torch.stack(losses).mean()))  # a GPU is waited for only here
        check_loss(loss, progress.step, REMEDY)
        seconds = time.perf_counter() - begin
        progress.seconds += seconds
        return Status(
            step=progress.step,
            steps=self.steps,
            passes=progress.position / len(self.feed),
            loss=loss,
            learning_rate=settings.rate(progress.step - 1, self.steps),
            images_per_second=count * self.batch / seconds,
            seconds_left=(self.steps - progress.step) * seconds / count,
        )

    def _step(self, batch: Batch) -> Tensor:
        """One iteration; its loss."""
        set_rate(self.optimiser, self.settings.rate(self.progress.step, self.steps))
        low = self.dtype != torch.float32
        with torch.autocast(self.ranks.device.type, self.dtype, enabled=low):
            logits = self.wrapped(batch.images)
        loss = sentiment_loss(logits, batch.labels, self.weights)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.progress.step += 1
        self.progress.position += self.batch
        return loss.detach()

    def _end_of_pass(self, step: int) -> int:
        """Iterations done once the pass that iteration ``step`` begins in is complete."""
        done = step * self.batch // len(self.feed)
        return -(-(done + 1) * len(self.feed) // self.batch)

    def _validate(self, validation: Feed) -> dict[str, float]:
        """Score a pass, look for a collapse, and keep the weights if no pass was better."""
        progress, settings = self.progress, self.settings
        outputs = run_network(self.network, validation, self.dtype, ranks=self.ranks)
        problem = collapse(outputs)
        progress.suspicious = progress.suspicious + 1 if problem else 0
        if progress.suspicious >= settings.patience:
            raise CollapsedTrainingError(
                f"{problem}, for {settings.patience} passes in a row, up to iteration {progress.step}; "
                f"{REMEDY}"
            )
        scores = dataclasses.asdict(Scores.of(outputs.probabilities, validation.labels))
        number = len(progress.validations) + 1
        progress.validations.append({"pass": number, "step": progress.step, **scores})
        best = progress.validations[progress.kept]["auc"] if progress.kept >= 0 else -1.0
        if settings.keep == "last" or not scores["auc"] <= best:
            progress.kept = number - 1
            if settings.keep == "best":
                self.kept = {name: value.clone() for name, value in self.network.state_dict().items()}
        return scores

    def finish(self) -> None:
        """Put the weights to keep into the network, and make certain that they tell images apart."""
        if self.kept:
            self.network.load_state_dict(self.kept)
        look = self.feed if self.validation is None else self.validation
        most = PROBE if self.validation is None else None
        problem = collapse(run_network(self.network, look, self.dtype, ranks=self.ranks, most=most))
        if problem and len(look) > 1:
            raise CollapsedTrainingError(f"{problem}, after {self.progress.step} iterations; {REMEDY}")

    def _save(self) -> None:
        if self.checkpoint is None:
            return
        states = random_state(self.ranks.device)
        gathered = {
            name: self.ranks.gather_rows(state[None].to(self.ranks.device), 1)
            for name, state in states.items()
        }
        if self.ranks.first:
            save_checkpoint(
                self.checkpoint,
                self.network,
                self.optimiser,
                self.kept,
                gathered,
                self.progress,
                self.identity,
            )
        self.ranks.wait()

    def _resume(self, path: Path) -> None:
        """Go on from a checkpoint; where it is cut off, from the beginning, which gives the same weights."""
        try:
            self.progress, self.kept, gathered = load_checkpoint(
                path, self.network, self.optimiser, self.identity
            )
        except TensorFileError as error:
            warnings.warn(f"the training begins again: {error}", stacklevel=1)
            path.unlink(missing_ok=True)
            return
        self.kept = {name: tensor.to(self.ranks.device) for name, tensor in self.kept.items()}
        states = {name: rows[self.ranks.rank].clone() for name, rows in gathered.items()}
        set_random_state(states, self.ranks.device)


def _digest(network: Network) -> str:
    """Hash of all weights."""
    tensors = (tensor.detach().cpu().contiguous() for tensor in network.state_dict().values())
    return digest(*(tensor.numpy().tobytes() for tensor in tensors))
