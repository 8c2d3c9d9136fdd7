"""The widgets: the editor and the player in a notebook cell, and what they show without a kernel.

``session``, ``history``, ``patch``, ``code``, ``protocol`` and ``reading`` are pure; ``editor`` and
``player`` are the only modules that import anywidget. Start reading at ``session.decide``.
"""

from __future__ import annotations
