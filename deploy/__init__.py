"""The command line, the simulator, the demo and what runs the parts locally."""
