"""Language models: the protocol of an engine, and the engines (PyTorch, vLLM, an OpenAI endpoint)."""
