"""``python -m worldkit``."""

from __future__ import annotations

import sys

from worldkit.cli import main

sys.exit(main())
