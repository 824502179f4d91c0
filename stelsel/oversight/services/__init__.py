"""Acts of oversight on the system as a whole, one package or module per concept."""
