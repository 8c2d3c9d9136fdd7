"""Reads the bundled model out of its GGUF file (a Llama, quantised by llama.cpp) as a transformers model.

Transformers can read it too, but takes three times as long, shows its progress whatever it is told, and does not save a
model that it has read so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "token_embd": "embed_tokens",
    "output_norm": "norm",
}


def read(path: Path) -> Any:
    """Return the model of a GGUF file, in bfloat16."""
    import gguf
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    reader = gguf.GGUFReader(path)

    def metadata(key: str) -> Any:
        return reader.fields[key].contents()

    heads = {"attn_q": metadata("llama.attention.head_count"), "attn_k": metadata("llama.attention.head_count_kv")}
    end = metadata("tokenizer.ggml.eos_token_id")
    config = LlamaConfig(
        vocab_size=metadata("llama.vocab_size"),
        hidden_size=metadata("llama.embedding_length"),
        intermediate_size=metadata("llama.feed_forward_length"),
        num_hidden_layers=metadata("llama.block_count"),
        num_attention_heads=heads["attn_q"],
        num_key_value_heads=heads["attn_k"],
        max_position_embeddings=metadata("llama.context_length"),
        rms_norm_eps=metadata("llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": metadata("llama.rope.freq_base")},
        tie_word_embeddings=True,
        bos_token_id=metadata("tokenizer.ggml.bos_token_id"),
        eos_token_id=end,
        pad_token_id=end,
    )
    weights = {}
    for tensor in reader.tensors:
        shape = [int(n) for n in reversed(tensor.shape)]
        weight = torch.from_numpy(gguf.dequantize(tensor.data, tensor.tensor_type).copy()).reshape(shape)
        block, part = tensor.name.split(".")[1:3] if tensor.name.startswith("blk.") else ("", tensor.name.split(".")[0])
        if part in heads:
            # llama.cpp lays the two halves of each head side by side for its rotary embedding; transformers does not
            halves = weight.reshape(heads[part], shape[0] // heads[part] // 2, 2, shape[1])
            weight = halves.swapaxes(1, 2).reshape(shape)
        name = f"layers.{block}.{_NAMES[part]}" if block else _NAMES[part]
        weights[f"model.{name}.weight"] = weight.to(torch.bfloat16)
    with torch.device("meta"):
        model: Any = LlamaForCausalLM(config)
        model = model.to(torch.bfloat16)
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    model.load_state_dict(weights, assign=True)
    model.tie_weights()
    return model
