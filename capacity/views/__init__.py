"""Pages of capacity: the board, runs, displacement, the plan of a case, teams and groups."""
