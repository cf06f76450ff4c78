"""The demo: embedded broker, worker, a played quarter, and what comes of it."""
