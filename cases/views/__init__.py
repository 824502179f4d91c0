"""Pages of cases: each fetches the visible row, binds a form, calls a service and goes on."""
