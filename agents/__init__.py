"""The Faust app: one agent per step of the flow, on one exactly-once runner."""
