"""World models over WebSocket, protocol 1 (docs/spec/frames.md)."""
