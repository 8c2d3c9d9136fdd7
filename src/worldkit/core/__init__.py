"""The lowest layer: documents, models, JSON values, reading and writing, errors, diagnostics."""

import os

from worldkit.core.distribution import refuse_foreign_files

# here and not in worldkit/__init__.py, which may be the other project's
refuse_foreign_files(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
