"""The lowest layer: documents, models, JSON values, reading and writing, errors, diagnostics."""
