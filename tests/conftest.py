"""What holds for every test process."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

# OpenMP reads these when torch is first imported, here by whichever test is collected first. Threads that spin at
# barriers, as they do by default, make a test of a model twenty times slower beside another busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

# Editors of worlds at a server keep maps in the user's folder: not in that of whoever runs the tests.
MAPS = tempfile.TemporaryDirectory(prefix="worldkit-tests-")
os.environ["WORLDKIT_DATA"] = MAPS.name

# Property tests give the same answer each time, unless a random search is asked for (`make fuzz`). How long an example
# takes says how busy the machine is, so time fails none.
BOTH = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", BOTH, derandomize=True)
settings.register_profile("random", BOTH, derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
