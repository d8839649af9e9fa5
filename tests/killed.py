"""What a test raises where the process would have been killed."""


class Killed(BaseException):
    """Nothing catches it, as nothing survives being killed; a KeyboardInterrupt would end the tests themselves."""
