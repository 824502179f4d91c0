"""Forms of the duty of care."""
