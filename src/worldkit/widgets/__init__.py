"""The widgets: the editor and the player in a notebook cell, and what they show without a kernel.

``reducer``, ``gestures``, ``history``, ``patch``, ``code``, ``protocol`` and ``parsing`` are pure. Start reading at
``reducer.reduce``.
"""

from __future__ import annotations
