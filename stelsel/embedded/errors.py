"""One kind of failure, whose text tells a person what is wrong and what to do."""


class CannotStart(Exception):
    """Something on this machine is in the way; the message names it and the way out."""
