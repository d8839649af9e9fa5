"""The public form: letters of people without an account, sealed as they come, and answers that a receipt code opens.

It is the one room that the public process serves. It holds no key that opens a letter.
"""
