"""Trains the adapter that ships with worldkit: LoRA on the bundled model, on the corpus of scene texts.

    pip install -e ".[local,train]"
    python scripts/train_adapter.py --out runs/adapter

Every text is learnt in exactly the prompt it is asked for when a world is written: the system text of a planned world,
two near examples, the question, the opening; the loss is on what follows. The texts of a kind and genre share their
system text and examples, so these are computed once, and each question sees them and itself alone. Same seed, machine
and number of threads, same weights. The best epoch by held-out loss is kept; each epoch is saved, so that a run that
is cut short leaves its best so far.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

# threads that spin at barriers ruin each other where cores are shared
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import torch
import torch.distributed as dist
from adapter_lessons import KINDS, Pack, packs
from transformers import AutoModelForCausalLM, AutoTokenizer

from worldkit.generation.engines import torch_setup, weights
from worldkit.generation.tiny.corpus import Text, corpus, digest

PARTS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
TOKENS = 150
"""About what two packs have of them to be learnt."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the adapter, a line a step, and the state")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=int, default=32)
    parser.add_argument("--first", type=int, default=10, help="the first layer that is changed")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--minutes", type=float, default=50.0, help="stop after the step that passes this")
    return parser.parse_args()


class Trainer:
    """One of the processes that train together: each takes its share of the packs, and the gradients are summed."""

    def __init__(self, number: int, options: argparse.Namespace) -> None:
        from peft import LoraConfig, get_peft_model

        self.number, self.options, self.workers = number, options, options.workers
        torch.manual_seed(options.seed)
        torch.set_num_threads(1)
        source = weights.source("local")
        self.tokenizer = AutoTokenizer.from_pretrained(source.where, local_files_only=True)
        kind = torch_setup.precision("cpu")
        self.model: Any = AutoModelForCausalLM.from_pretrained(source.where, local_files_only=True, dtype=kind)
        texts = [text for text in corpus() if text.kind in KINDS]
        self.learnt = [text for text in texts if not text.held_out]
        self.held = [text for text in texts if text.held_out]
        self.before = self.perplexity()
        config = LoraConfig(
            r=options.rank,
            lora_alpha=options.alpha,
            lora_dropout=options.dropout,
            target_modules=PARTS,
            layers_to_transform=list(range(options.first, self.model.config.num_hidden_layers)),
        )
        self.model = get_peft_model(self.model, config)
        self.own = [weight for weight in self.model.parameters() if weight.requires_grad]
        self.optimizer = torch.optim.AdamW(self.own, lr=options.rate, weight_decay=0.01, betas=(0.9, 0.99))
        self.log = (options.out / "log.jsonl").open("w", encoding="utf-8") if number == 0 else None

    def run(self) -> None:
        options, dice = self.options, random.Random(self.options.seed)
        count = math.ceil(len(self.packs(self.learnt, random.Random(0))) / self.workers)
        total = options.epochs * count
        self.tell(before=self.before, learnt=len(self.learnt), held_out=len(self.held), steps=total)
        self.tell(weights=sum(map(torch.numel, self.own)))
        began, step = time.monotonic(), 0
        perplexities: list[float] = []
        while len(perplexities) < options.epochs and not self.late(began):
            every = self.packs(self.learnt, dice)
            for start in range(0, len(every), self.workers):
                rate = min(1.0, (step + 1) / 20) * (0.05 + 0.95 * math.cos(math.pi / 2 * min(1.0, step / total)))
                loss = self.step(every[start : start + self.workers], options.rate * rate)
                step += 1
                if step % 10 == 0:
                    self.tell(step=step, of=total, loss=loss, seconds=round(time.monotonic() - began))
                if step % 10 == 0 and self.late(began):
                    break
            perplexities.append(self.perplexity())
            self.tell(
                epoch=len(perplexities), held_out_perplexity=perplexities[-1], seconds=round(time.monotonic() - began)
            )
            if perplexities[-1] > min(perplexities):
                break
            if self.number == 0:
                self.save(perplexities)

    def step(self, packs: list[Pack], rate: float) -> float:
        """Take one step on so many packs as there are processes; return the mean loss of one's own tokens."""
        mean = 0.0
        if self.number < len(packs):
            losses = packs[self.number].losses(self.model)
            # by tokens, so that a long pack counts for more than a short one
            (losses.sum() / TOKENS).backward()
            mean = losses.mean().item()
        flat = torch.cat([(w.grad if w.grad is not None else torch.zeros_like(w)).flatten() for w in self.own])
        dist.all_reduce(flat)
        for weight, part in zip(self.own, flat.split([w.numel() for w in self.own]), strict=True):
            weight.grad = part.view_as(weight)
        torch.nn.utils.clip_grad_norm_(self.own, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return mean

    def perplexity(self) -> float:
        """Return the perplexity of the answers held out."""
        packs = self.packs(self.held, random.Random(0))[self.number :: self.workers]
        self.model.eval()
        with torch.inference_mode():
            losses = torch.cat([pack.losses(self.model) for pack in packs])
        self.model.train()
        both = torch.tensor([losses.sum(), len(losses)], dtype=torch.float64)
        dist.all_reduce(both)
        return math.exp(both[0] / both[1])

    def late(self, began: float) -> bool:
        """Say whether the time is over, for all alike."""
        over = torch.tensor([float(time.monotonic() - began > self.options.minutes * 60)])
        dist.all_reduce(over)
        return bool(over)

    def packs(self, texts: list[Text], dice: random.Random) -> list[Pack]:
        return packs(self.tokenizer, texts, dice)

    def tell(self, **what: Any) -> None:
        if self.log:
            print(json.dumps(what), flush=True)
            self.log.write(json.dumps(what) + "\n")
            self.log.flush()

    def save(self, perplexities: list[float]) -> None:
        """Write the adapter as worldkit reads it."""
        from safetensors.torch import save

        tensors = {}
        for name, weight in self.model.state_dict().items():
            if ".lora_" in name:
                weight_name = name.removeprefix("base_model.model.").replace(".default", "").replace(".lora_", ".")
                tensors[weight_name.removesuffix(".weight")] = weight.to(torch.float16).contiguous()
        data = save(tensors)
        (self.options.out / "adapter.safetensors").write_bytes(data)
        about = {
            "base": weights.SHA256,
            "weights": hashlib.sha256(data).hexdigest(),
            "corpus": digest(),
            "rank": self.options.rank,
            "alpha": self.options.alpha,
            "seed": self.options.seed,
            "epochs": len(perplexities),
            "learnt": len(self.learnt),
            "held_out": len(self.held),
            "perplexity": {"before": round(self.before, 2), "after": round(perplexities[-1], 2)},
        }
        (self.options.out / "adapter.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def work(number: int, options: argparse.Namespace, meet: str) -> None:
    dist.init_process_group("gloo", init_method=f"file://{meet}", rank=number, world_size=options.workers)
    Trainer(number, options).run()
    dist.destroy_process_group()


if __name__ == "__main__":
    given = arguments()
    given.out.mkdir(parents=True, exist_ok=True)
    weights.source("local")  # converted once, before several want it
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, (given, f"{folder}/meet"), nprocs=given.workers)
