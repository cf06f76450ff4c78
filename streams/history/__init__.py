"""The flow without a broker: the same steps over files of facts or over the log itself."""
