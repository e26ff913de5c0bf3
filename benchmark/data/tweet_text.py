"""Captions and tweets as one reads them: encoding repaired, links and mentions gone, hashtags split."""

import dataclasses
import html
import re

_FOREIGN = re.compile(r"[\x80-\xff]{2,}")
_PUNCTUATION = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "…": " ... ", "—": " - ", "–": " - ", "\xa0": " "}
)
_RETWEET = re.compile(r"\b(?:RT|MT|via)\s+@\w+:?")
_LINK = re.compile(r"\bhttps?:\S*|\bht{1,2}p?s?:?/*\s*(?:…|\.{3})|\b(?:www\.|pic\.twitter\.com)\S*")
_MENTION = re.compile(r"@\w+")
_LOST = re.compile(r"\?{2,}")
_HASHTAG = re.compile(r"#(\w+)")
_POST = re.compile(r"[#@]\w|\bhttps?:|\bRT\b")
_TAIL = re.compile(r"(?:#\w+[\s.,;|]*){3,}$")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\D)(?=\d)|(?<=\d)(?=\D)")


@dataclasses.dataclass(frozen=True)
class CleanText:
    """A text without what is no language.

    Attributes
    ----------
    sentence : str
        What is read as a sentence; hashtags within it have become words.
    tags : tuple of str
        The hashtags of a run of three or more at the end: a list, no sentence. Each as words, by its capital
        letters: ``SunnyDay`` is ``Sunny Day``.
    """

    sentence: str
    tags: tuple[str, ...]

    @property
    def segments(self) -> tuple[str, ...]:
        """Parts in each of which words stand in order: the sentence, then every tag."""
        return tuple(part for part in (self.sentence, *self.tags) if part)

    @property
    def words(self) -> str:
        """All in one line, as a lexicon reads it."""
        return " ".join(self.segments)


def clean_text(text: str) -> CleanText:
    """Clean a caption, a tweet or the tags of a photograph.

    Retweet marks, mentions and links (whole or cut off by an ellipsis) are dropped, ``&amp;`` and its like
    resolved, encodings repaired (see `repair_encoding`), runs of question marks (lost emoji) made full stops,
    and a text mostly in capital letters is lowered, since a tagger takes capitals for names.
    """
    text = html.unescape(repair_encoding(text))
    for pattern, replacement in ((_RETWEET, " "), (_LINK, " "), (_MENTION, " "), (_LOST, " . ")):
        text = pattern.sub(replacement, text)
    text = " ".join(text.translate(_PUNCTUATION).split()).removesuffix("...").strip()
    tail = _TAIL.search(text)
    listed = _HASHTAG.findall(tail[0]) if tail else []
    sentence = _HASHTAG.sub(lambda tag: _humps(tag[1]), text[: tail.start()] if tail else text)
    return CleanText(_lowered(" ".join(sentence.split())), tuple(_lowered(_humps(tag)) for tag in listed))


def is_post(text: str) -> bool:
    """Whether a text bears marks of a post: a hashtag, a mention, a link or a retweet."""
    return _POST.search(text) is not None


def repair_encoding(text: str) -> str:
    """Undo UTF-8 or GBK that was read as Latin-1, run by run of characters that are not ASCII.

    A run is changed only where its bytes make sense in the other encoding: ``it¡¯s`` becomes ``it’s``,
    ``cafÃ©`` becomes ``café``, and ``café`` stays.
    """
    return _FOREIGN.sub(_repair, text)


def _repair(run: re.Match[str]) -> str:
    data = run[0].encode("latin-1")
    for encoding in ("utf-8", "gbk"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return run[0]


def _humps(tag: str) -> str:
    """A hashtag as words: split where a small letter meets a capital one or a digit."""
    return " ".join(_HUMP.sub(" ", tag.replace("_", " ")).split())


def _lowered(text: str) -> str:
    letters = [character for character in text if character.isalpha()]
    capital = sum(character.isupper() for character in letters)
    return text.lower() if 2 * capital > len(letters) else text
