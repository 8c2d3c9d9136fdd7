"""The document and what everything else stands on: values, models, reading and writing, errors, findings."""
