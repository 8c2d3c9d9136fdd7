"""MIRA's dialect: one WebSocket, keys held in, a JSON header and JPEGs out."""
