"""Forms of the pages of cases, one module per act."""
