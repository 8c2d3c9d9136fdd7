"""Reactor: an HTTP session, video over WebRTC, and typed commands that the model itself describes."""
