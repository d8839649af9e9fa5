"""What keeps programs from filling in public forms: a question whose answer is a number."""

from tocsin.core.guarding.questions import Question, questions

__all__ = ["Question", "questions"]
