"""The PyTorch engine: decodes many constrained answers in one batch, each row as if it were alone.

The rows of a batch share nothing but the matrix products. Each has its own random numbers, its prompt is padded so
that its tokens lie at the same alignment whatever its neighbours, and there are never fewer than ``LEAST`` rows (below
that other matrix kernels run, which round otherwise). So an answer is the same, bit for bit, in a batch of 4 and of 64.
"""

from __future__ import annotations

import copy
import functools
import inspect
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from worldkit.errors import WorldError
from worldkit.generate import adapter, models, torch_setup
from worldkit.generate.engine import Ask, Halted, Reply
from worldkit.generate.row import Row
from worldkit.generate.tokens import Tokens

if TYPE_CHECKING:
    import torch

    _Part = tuple[Any, torch.Tensor, torch.Tensor]

LEAST = 4
CAPABLE = 1_500_000_000
"""Parameters from which on a model is asked for the plan as well."""
MOST = 64
"""Rows that are decoded together; halved where they do not fit into memory."""
ALIGN = 32
KEPT = 64
TOP_K = 40
REPEAT = 1.1
STOP = 0.01
"""A clause that grows long is helped to end where the model itself ends it once in a hundred times, and each word
longer less often: pushed to end just anywhere it would end after an adjective."""
FREE = 100
"""Where a grammar allows fewer tokens than this it spells out words of its own, which say nothing of the model's."""


@functools.lru_cache(maxsize=1)
def load(source: models.Source) -> TorchEngine:
    """Return the engine for a model, loaded once and kept; asking for another lets go of the first.

    Args:
        source: Where the model is.

    Raises:
        WorldError: It cannot be read.
    """
    return TorchEngine(source)


class TorchEngine:
    """A causal language model run by PyTorch, its answers held to grammars by llguidance."""

    def __init__(self, source: models.Source) -> None:
        torch_setup.bring_in()
        import llguidance.hf
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.name = source.name
        self.device = torch_setup.device()
        reader: Any = AutoTokenizer
        loader: Any = AutoModelForCausalLM
        how: dict[str, Any] = {"local_files_only": source.offline, "dtype": torch_setup.precision(self.device)}
        if spread := torch_setup.can_spread(self.device):
            how["device_map"] = "auto"
        try:
            with models.quiet(), torch_setup.threads():
                self._tokenizer = reader.from_pretrained(source.where, local_files_only=source.offline)
                model = loader.from_pretrained(source.where, **how)
                if source.base:
                    adapter.fold(model, source.base)
                self._model = (model if spread else model.to(self.device)).eval()
        except (OSError, ValueError, KeyError) as error:
            raise WorldError(f"the model {source.where} cannot be loaded: {error}") from error
        except RuntimeError as error:
            if not torch_setup.out_of_memory(error):
                raise
            raise WorldError(
                f"the model {source.where} does not fit into the memory of {self.device}; take a smaller one, or "
                "install accelerate to spread it over several GPUs and the main memory"
            ) from error
        self.device = str(self._model.device)
        if not self._tokenizer.chat_template:
            raise WorldError(f"the model {source.where} has no chat template; use one trained to follow instructions")
        self.capable = self._model.num_parameters() >= CAPABLE
        # a model may have more token ids than its tokenizer has tokens
        self._vocabulary = int(self._model.config.vocab_size)
        end = self._model.config.eos_token_id
        self._end = int(end[0] if isinstance(end, list) else end)
        self._rules = llguidance.hf.from_tokenizer(self._tokenizer, n_vocab=self._vocabulary, eos_token=self._end)
        taken = inspect.signature(self._model.forward).parameters
        self._cache_name = "cache" if "cache" in taken else "past_key_values"  # renamed in transformers 5
        self._text = Tokens(self._tokenizer)
        self._prefixes: dict[tuple[int, ...], Any] = {}
        self._most = MOST
        self._alone = threading.Lock()
        self._stops = torch.zeros(self._vocabulary, dtype=torch.bool, device=self.device)
        self._stops[sorted(self._text.stops)] = True
        self._inner = torch.zeros_like(self._stops)
        self._inner[sorted(self._text.inner)] = True

    # ---- the face ----------------------------------------------------------------------------

    def answer(self, asks: Sequence[Ask], done: Callable[[], None] = lambda: None) -> list[Reply]:
        """Return a reply to every ask, in order; see ``Engine``."""
        import torch

        replies: list[Reply] = []
        tell = _Tell(done)
        with self._alone, torch.inference_mode(), torch_setup.threads():
            while len(replies) < len(asks):
                part = asks[len(replies) : len(replies) + min(MOST, self._most)]
                try:
                    replies += self._batch(part, tell)
                    tell.told = 0
                except _Stopped as stop:
                    raise Halted(dict(enumerate(replies)) | {len(replies) + n: r for n, r in stop.ended}) from None
                except KeyboardInterrupt:
                    raise Halted(dict(enumerate(replies))) from None
                except RuntimeError as error:
                    if not torch_setup.out_of_memory(error):
                        raise
                    self._smaller(len(part), error)
                    tell.again()
        return replies

    def _smaller(self, size: int, error: RuntimeError) -> None:
        """Take fewer rows at once from now on, after a batch of this size did not fit into memory."""
        self._prefixes.clear()
        torch_setup.let_go(self.device)
        if size <= LEAST:
            raise WorldError(
                f"out of memory on {self.device}: {self.name} cannot answer even {LEAST} short questions at once; "
                "free memory there, or take a smaller model"
            ) from error
        self._most = max(LEAST, size // 2)

    def words(self) -> frozenset[str]:
        """Return the lower-case words that are one token of the vocabulary."""
        return self._text.words

    def draft(self, turns: Sequence[Mapping[str, str]], wanted: Mapping[str, Any], seed: int, most: int) -> str:
        """Return what the model says to a conversation, held to a JSON Schema."""
        from worldkit.generate.torch_draft import draft

        with self._alone, torch_setup.threads():
            return draft(self._model, self._tokenizer, self._rules, turns, wanted, seed, most)

    # ---- prompts -----------------------------------------------------------------------------

    def _tokens(self, ask: Ask, question: str) -> list[int]:
        turns = [
            {"role": "system", "content": ask.system},
            *ask.shown,
            {"role": "user", "content": question},
        ]
        try:
            text = self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        except Exception:  # some templates refuse a system turn, each with an error of its own
            turns = [{"role": "user", "content": f"{ask.system}\n\n{turns[1]['content']}"}, *turns[2:]]
            text = self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        tokens: list[int] = self._tokenizer(text + ask.opening, add_special_tokens=False).input_ids
        return tokens

    def _shared(self, ask: Ask) -> tuple[int, ...]:
        # what two questions with nothing in common still share: the system turn, the example, the next turn's head
        one, other = self._tokens(ask, "A"), self._tokens(ask, "Z")
        same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
        return tuple(one[:same])

    def _prefix(self, tokens: tuple[int, ...]) -> Any:
        if tokens not in self._prefixes:
            import torch
            from transformers import DynamicCache

            kept = DynamicCache(config=self._model.config)
            ids = torch.tensor([tokens], device=self.device)
            self._model(ids, use_cache=True, logits_to_keep=1, **{self._cache_name: kept})
            while len(self._prefixes) >= KEPT:
                self._prefixes.pop(next(iter(self._prefixes)))
            self._prefixes[tokens] = kept
        return copy.deepcopy(self._prefixes[tokens])

    # ---- decoding ----------------------------------------------------------------------------

    def _batch(self, asks: Sequence[Ask], done: Callable[[], None]) -> list[Reply]:
        groups: dict[tuple[int, ...], list[int]] = {}
        shared: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[int, ...]] = {}
        tails: list[list[int]] = []
        for index, ask in enumerate(asks):
            key = (ask.system, ask.examples)
            if key not in shared:
                shared[key] = self._shared(ask)
            prefix = shared[key]
            tokens = self._tokens(ask, ask.question)
            if tuple(tokens[: len(prefix)]) != prefix:
                prefix = ()
            tails.append(tokens[len(prefix) :])
            groups.setdefault(prefix, []).append(index)
        parts = [self._prefill(prefix, [tails[i] for i in members]) for prefix, members in groups.items()]
        rows = [Row(ask, self._rules) for ask in asks]
        waiting = [row for row in rows if row.ask.heard is not None]

        def ended() -> None:
            for row in [row for row in waiting if row.over]:
                waiting.remove(row)
                reply = row.reply(self._tokenizer)
                if reply.whole and row.ask.heard is not None:
                    row.ask.heard(reply.text)
            done()

        try:
            self._finish(rows, parts, groups, ended)
        except KeyboardInterrupt:
            raise _Stopped([(n, row.reply(self._tokenizer)) for n, row in enumerate(rows) if row.over]) from None
        return [row.reply(self._tokenizer) for row in rows]

    def _finish(
        self, rows: list[Row], parts: list[_Part], groups: dict[Any, list[int]], done: Callable[[], None]
    ) -> None:
        if all(type(layer) is _plain_layer() for layer in parts[0][0].layers):
            order = [i for members in groups.values() for i in members]
            self._decode([rows[i] for i in order], *self._joined(parts), done)
        else:  # sliding windows and the like keep count of their own length and cannot be laid side by side
            for part, members in zip(parts, groups.values(), strict=True):
                self._decode([rows[i] for i in members], *part, done)

    def _prefill(self, prefix: tuple[int, ...], tails: list[list[int]]) -> _Part:
        import torch
        from transformers import DynamicCache

        count = len(tails)
        tails = tails + [tails[-1]] * (LEAST - count)
        width = -(-(len(prefix) + max(map(len, tails))) // ALIGN) * ALIGN - len(prefix)
        ids = torch.tensor([[self._end] * (width - len(t)) + t for t in tails], device=self.device)
        ours = torch.tensor([[0] * (width - len(t)) + [1] * len(t) for t in tails], device=self.device)
        seen = torch.cat([ours.new_ones(len(tails), len(prefix)), ours], 1)
        places = (seen.cumsum(-1) - 1).clamp(min=0)[:, len(prefix) :]
        if prefix:
            kept = self._prefix(prefix)
            kept.batch_repeat_interleave(len(tails))
        else:
            kept = DynamicCache(config=self._model.config)
        logits = self._step(ids, seen, places, kept)
        if count < len(tails):
            kept.batch_select_indices(torch.arange(count))
        return kept, seen[:count], logits[:count]

    def _joined(self, parts: list[_Part]) -> _Part:
        import torch
        import torch.nn.functional as F

        length = max(seen.shape[1] for _, seen, _ in parts)
        whole = parts[0][0]
        for layer, kept in enumerate(whole.layers):
            for name in ("keys", "values"):
                pieces = [getattr(part.layers[layer], name) for part, _, _ in parts]
                pieces = [F.pad(piece, (0, 0, length - piece.shape[2], 0)) for piece in pieces]
                setattr(kept, name, torch.cat(pieces))
        seen = torch.cat([F.pad(seen, (length - seen.shape[1], 0)) for _, seen, _ in parts])
        return whole, seen, torch.cat([logits for _, _, logits in parts])

    def _step(self, ids: torch.Tensor, seen: torch.Tensor, places: torch.Tensor, kept: Any) -> torch.Tensor:
        out = self._model(
            ids,
            attention_mask=seen,
            position_ids=places,
            use_cache=True,
            logits_to_keep=1,
            **{self._cache_name: kept},
        )
        logits: torch.Tensor = out.logits[:, -1].to(self.device).float()
        return logits

    def _decode(
        self, rows: list[Row], kept: Any, seen: torch.Tensor, logits: torch.Tensor, done: Callable[[], None]
    ) -> None:
        import torch

        if len(rows) < LEAST:
            pick = torch.tensor(_padded(range(len(rows))))  # on the CPU, which indexes layers on any device
            kept.batch_select_indices(pick)
            seen = seen[pick]
        places = seen.sum(-1, keepdim=True) - 1
        live = list(range(len(rows)))
        while live:
            chosen = self._choose([rows[i] for i in live], logits)
            going = []
            for at, (i, token) in enumerate(zip(live, chosen, strict=True)):
                rows[i].take(token, self._end, self._text)
                if rows[i].over:
                    done()
                else:
                    going.append(at)
            if not going:
                return
            ids = [chosen[at] for at in going]
            if len(going) < len(live):
                pick = torch.tensor(_padded(going))
                kept.batch_select_indices(pick)
                seen, places = seen[pick], places[pick]
                live = [live[at] for at in going]
            ids += [ids[-1]] * (seen.shape[0] - len(ids))
            seen = torch.cat([seen, seen.new_ones(seen.shape[0], 1)], 1)
            places = places + 1
            logits = self._step(torch.tensor(ids, device=self.device)[:, None], seen, places, kept)[: len(live)]

    def _choose(self, rows: list[Row], logits: torch.Tensor) -> list[int]:
        import numpy as np
        import torch

        bits = np.zeros((len(rows), (self._vocabulary + 31) // 32), np.int32)
        for row, own in zip(rows, bits, strict=True):
            row.mask(own)
        allowed = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")[:, : self._vocabulary]
        free = [count > FREE for count in allowed.sum(axis=1).tolist()]
        masked = logits.masked_fill(torch.from_numpy(allowed == 0).to(self.device), -math.inf)
        whole = torch.logsumexp(logits, -1)
        for at, row in enumerate(rows):
            self._shape(row, free[at], masked[at], logits[at] - whole[at])
        # sorting a whole vocabulary for nucleus sampling would cost more than the model's own step
        values, tokens = masked.topk(TOP_K)
        likely = (logits.gather(-1, tokens) - whole[:, None]).tolist()
        picks = []
        for at, row in enumerate(rows):
            pick = row.draw(values[at].tolist())
            token = int(tokens[at, pick])
            if free[at]:
                row.judge(token, likely[at][pick], self._text)
            picks.append(token)
        return picks

    def _shape(self, row: Row, free: bool, masked: torch.Tensor, likely: torch.Tensor) -> None:
        """Shape one row's logits in place: words shut out, where clauses end, less of what was said."""
        import torch

        if free:
            masked[self._text.shut(row.ask.shut, row.word)] = -math.inf
        if row.hangs:
            # neither the end of a clause nor more letters ("ofthe"): after such a word comes another word
            shut = self._stops | self._inner if free else self._stops
            rest = masked.masked_fill(shut, -math.inf)
            if bool(torch.isfinite(rest).any()):
                masked.copy_(rest)
        elif (over := row.words - row.ask.clause) > 0:
            could = self._stops & (likely > math.log(STOP) - over)
            masked += could * min(12.0, 1.5 * over)
        if row.tokens:
            used = torch.tensor(sorted(set(row.tokens) - self._text.hanging), device=self.device, dtype=torch.long)
            value = masked[used]
            masked[used] = torch.where(value > 0, value / REPEAT, value * REPEAT)


class _Tell:
    """Tells of each answer once, also when the batch it ended in has to be made again."""

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._owed = 0
        self.told = 0

    def again(self) -> None:
        self._owed, self.told = self._owed + self.told, 0

    def __call__(self) -> None:
        self.told += 1
        if self._owed:
            self._owed -= 1
        else:
            self._done()


class _Stopped(KeyboardInterrupt):
    """A batch was interrupted; ``ended`` holds the replies that were whole, by their place in it."""

    def __init__(self, ended: Sequence[tuple[int, Reply]]) -> None:
        self.ended = ended


def _padded(rows: Sequence[int]) -> list[int]:
    return [*rows, *[rows[-1]] * (LEAST - len(rows))]


def _plain_layer() -> type:
    from transformers.cache_utils import DynamicLayer

    return DynamicLayer
