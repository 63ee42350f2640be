"""The Realtime API of the mock workspace: conversations over WebSocket, and what is told to who listens."""
