"""What this Python knows of Unicode, as tables for the program and as answers that its tests compare with.

    python characters.py

writes functions/internal/python/unicodedata/characters.txt, the tables, and in testdata/text

    characters.json   SHA-256 over the answers for every code point, one after the other
    documents.jsonl   the analyzers, in the first line, then documents with what each makes of it
"""

import base64
import hashlib
import json
import pickle
import random
import re
import sys
import unicodedata
from pathlib import Path

from sklearn.feature_extraction.text import HashingVectorizer, strip_accents_ascii, strip_accents_unicode

ROOT = Path(__file__).resolve().parent.parent.parent
TABLES = ROOT / "functions/internal/python/unicodedata/characters.txt"
TEXT = ROOT / "testdata/text"

CHARACTERS = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]

DEFAULT = r"(?u)\b\w\w+\b"
PATTERNS = [
    DEFAULT, r"\b\w\w+\b", r"(?u)\b\w+\b", r"\w+", r"[a-zA-Z]+", r"(?u)\b[a-zA-Z]{3,}\b", r"\S+", r"[^\s.,!?]+", r"(?u)\b\w\w\w+\b",
    r"\d+", r"[^\W\d_]+", r"(?u)\b[^\d\W]{2,}\b", r"#(\w+)", r"\w+(?:['’-]\w+)*", r"[\w']{2,8}", r".{3}", r"\b(?:\w|\d\D)+?\b",
    r"\B\w\B.", r"(a)|\w\w", r"\w{,3}\s", r"[]\-^a\\]+|[^]\n\x41-\u007a]", r"\w+|[^\w\s]", r"^\w+", r"\w\Z",
]
ANALYZERS = [
    {}, {"lowercase": False}, {"strip_accents": "unicode"}, {"strip_accents": "ascii"},
    {"lowercase": False, "strip_accents": "unicode"}, {"stop_words": "english"},
    {"stop_words": ["straße", "ile", "the", "και"], "ngram_range": (1, 2)}, {"ngram_range": (2, 3)},
    {"analyzer": "char", "ngram_range": (1, 3)}, {"analyzer": "char_wb", "ngram_range": (2, 5)},
    {"analyzer": "char_wb", "ngram_range": (4, 4), "strip_accents": "unicode"},
    {"analyzer": "char", "ngram_range": (3, 3), "lowercase": False}, {"token_pattern": r"(?u)\b\w+\b", "ngram_range": (1, 3)},
    {"token_pattern": r"#(\w+)"}, {"token_pattern": r"\S+", "strip_accents": "ascii"},
]


def cased(c):
    return (c + "Σ").lower()[-1] == "ς"


def ignorable(c):
    """Says whether str.lower looks past c for a cased letter before a sigma."""
    return not cased(c) and ("A" + c + "Σ").lower()[-1] == "ς"


def ranges(has):
    """The code points that have a property, as first-last in hexadecimal."""
    found = []
    for c in CHARACTERS:
        if not has(c):
            continue
        if found and found[-1][1] == ord(c) - 1:
            found[-1][1] += 1
        else:
            found.append([ord(c)] * 2)
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


def lower():
    """The code points that have another one as lower case: first-last/step/distance."""
    found = []
    for c in CHARACTERS:
        small = c.lower()
        if small == c or len(small) > 1:
            continue
        at, by = ord(c), ord(small) - ord(c)
        if found:
            first, last, step, distance = found[-1]
            if by == distance and at - last == (step or at - last) and at - last <= 2:
                found[-1] = first, at, at - last, by
                continue
        found.append((at, at, 0, by))
    return " ".join(f"{a:x}-{b:x}/{step or 1}/{by:x}" for a, b, step, by in found)


def tables():
    properties = {
        "alnum": str.isalnum, "decimal": str.isdecimal, "cased": cased, "ignorable": ignorable,
        "assigned": lambda c: unicodedata.category(c) != "Cn",
    }
    lines = [f"{name} {ranges(has)}" for name, has in properties.items()]
    return "\n".join([f"version {unicodedata.unidata_version}", *lines, "lower " + lower()]) + "\n"


def digest(answer):
    h = hashlib.sha256()
    for c in CHARACTERS:
        h.update(answer(c).encode() + b"\n")
    return h.hexdigest()


def matches(pattern):
    found = re.compile(pattern).match
    return lambda c: "1" if found(c) else "0"


def characters():
    return {
        r"\w": digest(matches(r"\w")), r"\d": digest(matches(r"\d")), r"\s": digest(matches(r"\s")),
        "split": digest(lambda c: "0" if c.split() else "1"),
        "lower": digest(str.lower), "before sigma": digest(lambda c: ("A" + c + "Σ").lower()),
        "first before sigma": digest(lambda c: (c + "Σ").lower()), "behind sigma": digest(lambda c: ("AΣ" + c + "A").lower()),
        "unicode": digest(strip_accents_unicode), "ascii": digest(strip_accents_ascii),
    }


WORDS = (
    "the straße STRASSE Größe naïve café CAFÉ déjà vu İstanbul ışık IŞIK ile ΟΔΟΣ ΣΊΣΥΦΟΣ Σ και άνθρωπος ЁЖИК ёлка 東京 とうきょう データ "
    "ｆｕｌｌ ﬁne ½ x² 3.14 1_000 snake_case __init__ don't can’t co-op #tag e-mail@host 👍 👩‍👩‍👧 🇩🇪 हिन्दी ไทย العربية שלום ०१२ Ǆ ǅ ŉ ǰ ΐ ß ẞ Ω Å "
    "a I of and no_one 42 7 é e\u0301 A\u030aΣ \u03a3\u0301 \u00adΣ\u00ad Σ's a\u0345Σ .Σ. 1Σ ΑΣ1 \u1e9e \u0130\u0307 ﷺ 한국어 각 가\u11a8 \u2126 ㍿ \ufb01 \u037a \u1fbf "
    "ⓐⒶ 𝐀𝐛𝒞 ꭰ Ꭰ 𐐀 𞤀 Ⅷ ⅷ ª º ʰ ᵃ \u1c89 \U00010d50 \u0897 \U0001e030 \u2c5f"
).split()
SPACES = [" "] * 12 + ["  ", "\n", "\t ", ", ", ". ", "! ", "\u00a0", "\u3000", "\u2003\u2003", "\x1c", "\x85", "\u200b", "-", "", "/"]


def documents(count=150, seed=9):
    r = random.Random(seed)
    strange = [c for c in CHARACTERS if r.random() < 0.004 and ord(c) < 0x20000]
    for i in range(count):
        parts = []
        for _ in range(r.randrange(1, 14)):
            word = r.choice(WORDS)
            if i % 3 == 2 and r.random() < 0.5:
                word = "".join(r.choice(strange) for _ in range(r.randrange(1, 5)))
            parts += [r.choice([word, word, word.upper(), word.title()]), r.choice(SPACES)]
        yield "".join(parts)
    yield from ["", " ", "a", "a" + "\u0301\u0323" * 40 + "b", "ΑΒΓΣ", "ΑΣ.", "ΑΣ.Α", "a\nb\n", "x\r\n y"]


def analyzed():
    finders = [re.compile(p).findall for p in PATTERNS]
    analyzers = [HashingVectorizer(**options).build_analyzer() for options in ANALYZERS]
    yield {
        "patterns": PATTERNS,
        "analyzers": [{"options": str(o), "pickle": packed(HashingVectorizer(**o))} for o in ANALYZERS],
    }
    for i, text in enumerate(documents()):
        yield {
            "text": text, "lower": text.lower(), "unicode": strip_accents_unicode(text), "ascii": strip_accents_ascii(text),
            "tokens": [find(text) for find in finders],
            "analyzed": [analyze(text) for analyze in analyzers] if i % 5 == 0 else None,
        }


def packed(estimator):
    return base64.b64encode(pickle.dumps(estimator)).decode()


def main():
    TABLES.write_text(tables())
    TEXT.mkdir(exist_ok=True)
    (TEXT / "characters.json").write_text(json.dumps(characters(), indent=2) + "\n")
    lines = [json.dumps(line, ensure_ascii=False) for line in analyzed()]
    (TEXT / "documents.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
