"""Forms of the pages of threat analysis, one module per concept."""
