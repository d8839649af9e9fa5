"""What the pages show of an opened case: words for codes, local times, the order in which a person reads."""

from tocsin.casework.pages.standing import CasePage, case_page, title_of
from tocsin.casework.pages.story import StoryDay, StoryLine, story
from tocsin.casework.pages.wording import Words

__all__ = ["CasePage", "StoryDay", "StoryLine", "Words", "case_page", "story", "title_of"]
