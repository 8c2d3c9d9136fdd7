"""Painters: world models that draw a world while it is played (docs/spec/frames.md)."""

from __future__ import annotations

from worldkit.painting.checker import check
from worldkit.painting.claims import CheckedPainter, Claim
from worldkit.painting.detection import Detection, Detector
from worldkit.painting.mira.client import MiraPainter
from worldkit.painting.painter import Capabilities, Frame, Painter, PromptKind
from worldkit.painting.reactor.client import ReactorPainter
from worldkit.painting.reactor.commands import Command
from worldkit.painting.recording.form import RecordedFrame
from worldkit.painting.recording.recorder import Recorder
from worldkit.painting.recording.recording import RecordedPainter, Recording
from worldkit.painting.websocket.client import WebSocketPainter
from worldkit.painting.websocket.probe import Probe, probe

__all__ = [
    "Capabilities",
    "CheckedPainter",
    "Claim",
    "Command",
    "Detection",
    "Detector",
    "Frame",
    "MiraPainter",
    "Painter",
    "Probe",
    "PromptKind",
    "ReactorPainter",
    "RecordedFrame",
    "RecordedPainter",
    "Recorder",
    "Recording",
    "WebSocketPainter",
    "check",
    "probe",
]
