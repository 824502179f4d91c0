"""Pages of the duty of care."""
