"""English without a model: a lexicon, word forms, parts of speech and noun phrases."""
