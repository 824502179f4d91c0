"""Pages of threat analysis, one module per concept."""
