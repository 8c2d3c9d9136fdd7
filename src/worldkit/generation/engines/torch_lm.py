"""The PyTorch engine: decodes many constrained answers in one batch, each row as if it were alone.

The rows of a batch share nothing but the matrix products. Each has its own random numbers, and is laid out by its own
length alone, so that attention sums it up in the same pieces whatever its neighbours; and there are never fewer than
``MIN_MATRIX_ROWS`` rows (below that other matrix kernels run, which round otherwise). So an answer is the same, bit for
bit, in a batch of 4 and of 128, and on a CPU with any number of threads.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import WorldError
from worldkit.core.process_lock import ProcessLock
from worldkit.generation.engines import torch_setup, weights
from worldkit.generation.engines.base import (
    MAX_WEAK_PARAMETERS,
    MIN_CAPABLE_PARAMETERS,
    Ask,
    ChatRequest,
    ModelAnswer,
    OnReply,
    OnText,
    Reply,
)
from worldkit.generation.engines.decoding import TOP_K, Row, allowed_tokens, ask_tokens, chat_reply, matcher
from worldkit.generation.engines.torch_reading import MIN_MATRIX_ROWS, Reader

if TYPE_CHECKING:
    import torch

    from worldkit.generation.engines.torch_cache import FixedRows

MAX_BATCH_ROWS = 128
"""Rows that are decoded together; halved where they do not fit into memory."""


class TorchEngine:
    """A causal language model run by PyTorch, its answers held to grammars by llguidance."""

    is_broken = False
    holds_lengths = False

    def __init__(self, source: weights.Source) -> None:
        torch_setup.bring_in()
        import llguidance.hf
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.name = source.name
        self.device = torch_setup.device()
        reader: Any = AutoTokenizer
        loader: Any = AutoModelForCausalLM
        how: dict[str, Any] = {"local_files_only": source.offline, "dtype": torch_setup.precision(self.device)}
        if uses_several_gpus := torch_setup.can_spread(self.device):
            how["device_map"] = "auto"
        try:
            with weights.quiet(), torch_setup.threads():
                self._tokenizer = reader.from_pretrained(source.where, local_files_only=source.offline)
                model = loader.from_pretrained(source.where, **how)
                self._model = (model if uses_several_gpus else model.to(self.device)).eval()
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
        self.capable = self._model.num_parameters() >= MIN_CAPABLE_PARAMETERS
        self.is_weak = self._model.num_parameters() < MAX_WEAK_PARAMETERS
        # a model may have more token ids than its tokenizer has tokens
        self._vocabulary = int(self._model.config.vocab_size)
        self._reader = Reader(self._model, self._tokenizer, self.device)
        self._end = self._reader.end
        self._rules = llguidance.hf.from_tokenizer(self._tokenizer, n_vocab=self._vocabulary, eos_token=self._end)
        self._most = MAX_BATCH_ROWS
        self._alone = ProcessLock()

    # ---- the face ----------------------------------------------------------------------------

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        import torch

        replies: dict[int, Reply] = {}

        def on_end(row: Row) -> None:
            replies[row.number] = row.reply(self._tokenizer)
            on_reply(row.number, replies[row.number])

        pending = deque(range(len(asks)))
        with self._alone, torch.inference_mode(), torch_setup.threads():
            while pending:
                part = [pending.popleft() for _ in range(min(MAX_BATCH_ROWS, self._most, len(pending)))]
                try:
                    self._batch({number: asks[number] for number in part}, on_end)
                except RuntimeError as error:
                    if not torch_setup.out_of_memory(error):
                        raise
                    self._smaller(len(part), error)
                    pending.extendleft(number for number in reversed(part) if number not in replies)
        return [replies[number] for number in range(len(asks))]

    def _smaller(self, size: int, error: RuntimeError) -> None:
        """Take fewer rows at once from now on, after a batch of this size did not fit into memory."""
        self._reader.forget()
        torch_setup.let_go(self.device)
        if size <= MIN_MATRIX_ROWS:
            raise WorldError(
                f"out of memory on {self.device}: {self.name} cannot answer even {MIN_MATRIX_ROWS} short questions "
                "at once; free memory there, or take a smaller model"
            ) from error
        self._most = max(MIN_MATRIX_ROWS, size // 2)

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        with self._alone, torch_setup.threads():
            return chat_reply(self._model, self._tokenizer, self._rules, request, on_text)

    # ---- decoding ----------------------------------------------------------------------------

    def _batch(self, asks: Mapping[int, Ask], on_end: Callable[[Row], None]) -> None:
        """Answer asks together; ``on_end`` is called with the row of each as it ends."""
        import llguidance
        import torch

        from worldkit.generation.engines.torch_cache import FixedRows

        matchers = {
            grammar: matcher(self._rules, llguidance.LLMatcher.grammar_from_lark(grammar))
            for grammar in {ask.grammar for ask in asks.values()}  # compiled once for all that share it
        }
        rows = [Row(number, ask, matchers[ask.grammar].deep_copy()) for number, ask in asks.items()]
        if not self._reader.keeps_rows:
            for row in rows:
                self._decode_alone(row)
                on_end(row)
            return
        prompts = self._reader.prompts([row.ask for row in rows])
        parts, logits, picks, order = [], [], [], list[Row]()
        for part, cache in self._reader.groups(list(prompts)):
            parts.append(cache)
            logits.append(self._reader.read([tail for _, tail in part], cache))
            # the answers of a field have one prompt, which is read once
            picks.append([n for n, prompt in enumerate(part) for _ in prompts[prompt]])
            order += [rows[i] for prompt in part for i in prompts[prompt]]
        picks[-1] += [picks[-1][-1]] * (MIN_MATRIX_ROWS - len(rows))
        first = torch.cat([each[pick] for each, pick in zip(logits, picks, strict=True)])
        joined = FixedRows.joined(parts, picks)
        del parts, cache, logits  # what was read stands in the rows now
        self._decode(order, joined, first, on_end)

    def _decode(self, rows: list[Row], cache: FixedRows, logits: torch.Tensor, on_end: Callable[[Row], None]) -> None:
        import torch

        while rows:
            token_ids = self._choose(rows, logits)
            for row, token in zip(rows, token_ids, strict=True):
                row.take(token, self._end)
            order = list(range(len(rows)))
            # from the end, so that the row that moves into a place is one that goes on
            for at in reversed(order):
                if rows[at].over:
                    on_end(rows[at])
                    rows[at], order[at] = rows[-1], order[-1]
                    rows.pop()
                    order.pop()
            if not rows:
                return
            cache.keep([*order, *range(len(order), MIN_MATRIX_ROWS)])
            cache.take(cache.seen.new_ones(max(len(order), MIN_MATRIX_ROWS), 1))
            ids = [token_ids[at] for at in order] + [self._end] * (MIN_MATRIX_ROWS - len(order))
            places = cache.seen.sum(-1, keepdim=True) - 1
            logits = self._reader.step(torch.tensor(ids, device=self.device)[:, None], cache.seen, places, cache.cache)

    def _decode_alone(self, row: Row) -> None:
        """Decode an answer by itself, where layers keep something else than rows: a state of what was read."""
        import torch
        from transformers import DynamicCache

        cache: Any = DynamicCache(config=self._model.config)
        ids = torch.tensor([ask_tokens(self._tokenizer, row.ask)], device=self.device)
        mask = torch.ones_like(ids)
        while not row.over:
            places = mask.cumsum(-1)[:, -ids.shape[1] :] - 1
            [token] = self._choose([row], self._reader.step(ids, mask, places, cache))
            row.take(token, self._end)
            ids = ids.new_tensor([[token]])
            mask = torch.cat([mask, torch.ones_like(ids)], 1)

    def _choose(self, rows: list[Row], logits: torch.Tensor) -> list[int]:
        import torch

        is_allowed = allowed_tokens([row.matcher for row in rows], self._vocabulary)
        allowed_counts = is_allowed.sum(axis=1).tolist()
        # over all rows, also those that only fill up the batch: a lone row would be summed otherwise
        total = torch.logsumexp(logits, -1)[: len(rows)]
        logits = logits[: len(rows)]
        masked = logits.masked_fill(torch.from_numpy(is_allowed == 0).to(self.device), -math.inf)
        # sorting a whole vocabulary for nucleus sampling would cost more than the model's own step
        values, tokens = masked.topk(TOP_K)
        likely = (logits.gather(-1, tokens) - total[:, None]).tolist()
        picks = []
        for at, row in enumerate(rows):
            pick = row.draw(values[at].tolist())
            token = int(tokens[at, pick])
            # where a grammar leaves one token, its likelihood says nothing of the answer
            if allowed_counts[at] > 1:
                row.likely.append(likely[at][pick])
            picks.append(token)
        return picks
