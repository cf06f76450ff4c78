"""One module per outside system that is fed from the log."""
