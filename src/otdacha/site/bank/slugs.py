"""Names in addresses, Russian words in Latin letters; and names in the order of the alphabet."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (
            "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p",
            "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
        ),
        strict=True,
    )
)  # fmt: skip
_LONGEST = 80


def slug(name: str) -> str:
    """`name` in Latin letters, digits and hyphens; what has none of them is named by its hash.

    Two names may have one slug: those of one release are told apart by `slugs`.
    """
    latin = "".join(_LETTERS.get(letter, letter) for letter in name.casefold())
    words = re.findall(r"[a-z0-9]+", latin)
    return "-".join(words)[:_LONGEST].strip("-") or key(name)


def slugs(names: set[str]) -> dict[str, str]:
    """Name → slug, each slug once: where two names share one, both carry a hash of their own."""
    plain = {name: slug(name) for name in names}
    times = Counter(plain.values())
    return {name: f"{one}-{key(name)}" if times[one] > 1 else one for name, one in plain.items()}


def alphabetical(name: str) -> str:
    """What `name` is ordered by: its words in small letters, ё as е, without quotes and dashes.

    By their codes, as databases order, Ё stands before А and small letters after all large ones.
    """
    return " ".join(re.findall(r"\w+", name.casefold().replace("ё", "е"))) or name


def key(*words: str) -> str:
    """Ten hexadecimal digits that name something by its words."""
    return sha256("\0".join(words).encode()).hexdigest()[:10]
