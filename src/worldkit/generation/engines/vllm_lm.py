"""The vLLM engine: hands every ask at once to vLLM's offline engine, which batches them as they come and go.

Written for vLLM 0.32. Grammars are held by its ``guidance`` backend, which reads what llguidance reads. It runs inside
this process, so that an interrupt does not end it, and sends no statistics of its use anywhere.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.process_lock import ProcessLock
from worldkit.generation.engines import torch_setup, weights
from worldkit.generation.engines.base import (
    MAX_WEAK_PARAMETERS,
    MIN_CAPABLE_PARAMETERS,
    AnswerOptions,
    Ask,
    CannotAnswer,
    ChatRequest,
    ModelAnswer,
    OnReply,
    OnText,
    Reply,
)
from worldkit.generation.engines.chat_stream import StreamedAnswer
from worldkit.generation.engines.decoding import TEMPERATURE, TOP_K, TOP_P, ask_tokens, conversation_text, text_tokens

MIN_ANSWER_TOKENS = 256
"""Tokens that must be left for an answer after its question."""
SETTINGS = {
    # in a process of its own, vLLM ends at an interrupt, and a script without a guard for its main module starts twice
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_HOST_IP": "127.0.0.1",
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_CPU_KVCACHE_SPACE": "2",
}
"""What vLLM reads from the environment as it starts; what the environment says already stands."""
FORCED_SETTINGS = {"VLLM_NO_USAGE_STATS": "1"}
"""Without it vLLM tells its makers of its use; this one stands whatever the environment says."""
MAX_MEMORY_SHARE = 0.9
"""Share of a GPU's memory that vLLM may take."""


def installed() -> bool:
    """Say whether vLLM is there, without importing it."""
    return find_spec("vllm") is not None


class VllmEngine:
    """A causal language model run by vLLM.

    Attributes:
        is_broken: vLLM has stopped, and does not come back from that.
    """

    holds_lengths = False

    def __init__(self, source: weights.Source) -> None:
        torch_setup.bring_in()
        self.name = source.name
        self.is_broken = False
        with weights.quiet(), torch_setup.environment(SETTINGS, FORCED_SETTINGS):
            import vllm
            from transformers import AutoTokenizer

            reader: Any = AutoTokenizer
            try:
                self._tokenizer = reader.from_pretrained(source.where, local_files_only=source.offline)
                size = _size(source)
                self.capable, self.is_weak = size >= MIN_CAPABLE_PARAMETERS, size < MAX_WEAK_PARAMETERS
                self._llm = vllm.LLM(
                    model=source.where,
                    max_model_len=-1,  # as long as there is memory for
                    enable_prefix_caching=True,
                    structured_outputs_config={"backend": "guidance"},
                    generation_config="vllm",  # not the model's own, which would be mixed with ours
                    use_tqdm_on_load=False,
                    **_fit(),
                )
            except Exception as error:  # whatever vLLM stops at; it has no class for it
                if _out_of_memory(error):
                    raise WorldError(
                        f"the model {source.where} does not fit into memory ({error}); free memory, take a smaller "
                        f'one, or let PyTorch run it: model="torch:{source.where}"'
                    ) from error
                raise WorldError(f"vLLM cannot load the model {source.where}: {error}") from error
        if not self._tokenizer.chat_template:
            raise WorldError(f"the model {source.where} has no chat template; use one trained to follow instructions")
        self._longest = int(self._llm.llm_engine.model_config.max_model_len)
        self._alone = ProcessLock()

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        replies: dict[int, Reply] = {}
        requests = [(ask_tokens(self._tokenizer, ask), self._params(ask)) for ask in asks]
        with contextlib.closing(self._run(requests)) as outputs:
            for number, output in outputs:
                replies[number] = self._reply(asks[number], output)
                on_reply(number, replies[number])
        return [replies[number] for number in range(len(asks))]

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        from vllm.sampling_params import StructuredOutputsParams

        options = request.options
        prompt = text_tokens(self._tokenizer, conversation_text(self._tokenizer, request.turns))
        room = self._longest - len(prompt)
        max_tokens = min(room, options.max_tokens)
        if room < min(options.max_tokens, MIN_ANSWER_TOKENS):
            raise CannotAnswer(f"the model takes {self._longest} tokens, and the question has {len(prompt)}")
        structured_outputs = StructuredOutputsParams(json=dict(request.schema)) if request.schema else None
        params = _sampling(replace(options, max_tokens=max_tokens), structured_outputs)
        arrival = StreamedAnswer(max_tokens=max_tokens)

        def report(output: Any) -> None:
            arrival.count_tokens(len(output.token_ids), on_text)

        [(_, output)] = self._run([(prompt, params)], report)
        arrival.text, arrival.tokens = output.text, len(output.token_ids)
        arrival.finish_reason = "stop" if output.finish_reason == "stop" else "length"
        return arrival.answer()

    def _params(self, ask: Ask) -> Any:
        from vllm.sampling_params import StructuredOutputsParams

        return _sampling(
            AnswerOptions(ask.max_tokens, ask.seed, TEMPERATURE),
            StructuredOutputsParams(grammar=ask.grammar),
            top_k=TOP_K,
            logprobs=0,  # of the token drawn alone
        )

    def _run(
        self, prompts: Sequence[tuple[list[int], Any]], on_output: Callable[[Any], None] = lambda _: None
    ) -> Generator[tuple[int, Any]]:
        """Yield what was decoded for each prompt, and its place, as they end; leave none running."""
        engine = self._llm.llm_engine
        with self._alone:
            running: dict[str, int] = {}
            try:
                for number, (prompt, params) in enumerate(prompts):
                    engine.add_request(str(number), {"prompt_token_ids": prompt}, params)
                    running[str(number)] = number
                while running:
                    for output in self._step():
                        if not output.finished:
                            on_output(output.outputs[0])
                        else:
                            yield running.pop(output.request_id), output.outputs[0]
            except ValueError as error:  # an ask is refused before anything is run
                raise WorldError(f"vLLM cannot use a grammar or a schema; please report it: {error}") from error
            finally:
                if running:
                    engine.abort_request(list(running))

    def _step(self) -> list[Any]:
        try:
            with whole_step():
                outputs: list[Any] = self._llm.llm_engine.step()
                return outputs
        except Exception as error:
            self.is_broken = True
            if _out_of_memory(error):
                raise WorldError(f"out of memory: {self.name} cannot go on in vLLM ({error})") from error
            raise WorldError(f"vLLM stopped: {error}") from error

    def _reply(self, ask: Ask, output: Any) -> Reply:
        token_choices = zip(output.token_ids, output.logprobs, strict=True)
        # where a grammar leaves one token, its likelihood is one, and says nothing
        free = [likely for token, logprobs in token_choices if (likely := float(logprobs[token].logprob)) < 0]
        return Reply(
            text=ask.prefix + output.text,
            is_complete=output.finish_reason == "stop",
            mean_logprob=sum(free) / max(1, len(free)),
            tokens=len(output.token_ids),
        )


def _sampling(options: AnswerOptions, structured_outputs: Any, **more: Any) -> Any:
    from vllm import SamplingParams

    return SamplingParams(
        seed=options.seed % 2**63,
        max_tokens=options.max_tokens,
        temperature=options.temperature,
        frequency_penalty=options.frequency_penalty,
        top_p=TOP_P,
        structured_outputs=structured_outputs,
        **more,
    )


def _size(source: weights.Source) -> int:
    """Return how many parameters a model has, from its configuration alone."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    maker: Any = AutoModelForCausalLM
    with torch.device("meta"):
        model = maker.from_config(AutoConfig.from_pretrained(source.where, local_files_only=source.offline))
    return int(model.num_parameters())


def _fit() -> dict[str, Any]:
    """Return how vLLM is to use the device that it will run on."""
    if torch_setup.device() != "cuda":
        # on a CPU compiling takes longer than it saves, and a seed cannot be kept over a prompt that is read in parts
        return {"enforce_eager": True, "enable_chunked_prefill": False}
    import torch

    free, total = torch.cuda.mem_get_info()
    return {"gpu_memory_utilization": min(MAX_MEMORY_SHARE, 0.95 * free / total)}


def _out_of_memory(error: BaseException) -> bool:
    """Say whether an error is about memory: vLLM reckons before it takes any, and says so in words of its own."""
    text = str(error).lower()
    return torch_setup.out_of_memory(error) or ("memory" in text and ("free" in text or "available" in text))


@contextlib.contextmanager
def whole_step() -> Iterator[None]:
    """Let an interrupt wait for the end of a step: cut in two, a step leaves vLLM's books open."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    was = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, was or signal.default_int_handler)
    if came:
        signal.raise_signal(signal.SIGINT)
