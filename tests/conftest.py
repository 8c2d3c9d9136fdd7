"""What holds for every test process."""

from __future__ import annotations

import os

# OpenMP reads these when torch is first imported, here by whichever test is collected first. Threads that spin at
# barriers, as they do by default, make a test of a model twenty times slower beside another busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
