"""Seeded reviews of products in several languages, as people write them."""

import numpy as np
import pandas as pd

GOOD = [
    "great", "LOVED it", "excellent quality", "très bien, déjà commandé", "sehr schön, große Freude", "çok güzel İSTANBUL'da aldım", "πολύ καλό ΠΡΟΪΌΝ ΤΟΥΣ",
    "とても良い 商品", "отлично, спасибо", "👍👍 perfect", "muy bueno señor", "works_fine v2", "5 stars", "naïve but fun ☕️", "the best coffee",
]
BAD = [
    "terrible", "BROKE after 2 days", "waste of money", "très déçu, jamais plus", "völlig kaputt, STRASSE gesperrt", "hiç beğenmedim, ISLAK geldi", "κακή ποιότητα ΛΆΘΟΣ",
    "壊れていた 残念", "ужасно ёлки", "👎 never again", "no funciona nada", "error_404 again", "1 star", "cheap plastic ﬁnish", "don't buy this",
]
PLAIN = [
    "it arrived on Monday", "box was blue", "size XL", "for my mother", "I ordered two", "and the colour is ok", "see https://example.com/a?b=1", "#gift",
    "3.5 kg", "Größe 42", "a", "however", "Σ", "日本", "½ price", "co-operate re-use", "ǅ case", "e\u0301tude  and\u00a0more", "हिन्दी में", "line\nbreak",
]


def reviews(rows=150, seed=21):
    r = np.random.default_rng(seed)
    stars = r.integers(1, 6, rows)
    texts, titles = [], []
    for s in stars:
        feeling = [GOOD if r.random() < (s - 0.5) / 5 else BAD for _ in range(2)]
        words = [str(r.choice(of)) for of in feeling] + [str(w) for w in r.choice(PLAIN, r.integers(0, 4))]
        r.shuffle(words)
        texts.append(r.choice([" ", ". ", ", ", "  "]).join(words))
        titles.append(str(r.choice(feeling[0])).split(" ")[0])
    return pd.DataFrame({
        "review": np.arange(1, rows + 1),
        "comment": texts,
        "title": titles,
        "shop": r.choice(["Köln", "Paris", "東京"], rows),
        "price": r.gamma(3, 12, rows).round(2),
        "helpful": r.poisson(2, rows),
        "stars": stars,
        "verdict": np.select([stars < 3, stars < 4], ["bad", "mixed"], "good"),
        "recommends": stars > 3,
    })
