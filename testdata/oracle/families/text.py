"""Text columns: vectorizers alone in front of a model, and beside other columns."""

from functools import partial

import joblib
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, Normalizer, OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

from case import BAYES, BRUTE, DOT, EXACT, LIBM, TREE, Bar, Case
from reviews import reviews
from tables import Task

from .identity import shown

ORDER = Bar(1e-12, "the order of a row's cells, in which their squares are added up, is that of scipy's version")

REVIEWS = reviews()
SEEN = 110
VERDICT = Task(REVIEWS, ["comment"], "verdict", SEEN)
RECOMMENDS = Task(REVIEWS, ["comment"], "recommends", SEEN)
STARS = Task(REVIEWS, ["comment"], "stars", SEEN)
MIXED = Task(REVIEWS, ["shop", "comment", "price", "title", "helpful"], "verdict", SEEN)
MIXED_STARS = Task(REVIEWS, MIXED.features, "stars", SEEN)


class Documents(Case):
    """A case whose model is given one column as it is, a series of documents."""

    def _shape(self, x):
        return x.iloc[:, 0]

    def _facts(self, model):
        return {**super()._facts(model), "features": self.task.features}


def columns(*parts, **options):
    return ColumnTransformer([(f"part {i}", step, of) for i, (step, of) in enumerate(parts)], **options)


TFIDF, FEW = TfidfVectorizer(), {"max_features": 24}
SVC = LinearSVC(random_state=0, dual=True)
COMMENT, SHOP, NUMBERS = (TfidfVectorizer(min_df=2), "comment"), (OneHotEncoder(handle_unknown="ignore"), ["shop"]), (StandardScaler(), ["price", "helpful"])
PACKED = partial(joblib.dump, compress=9)

CASES = [
    Documents("text-count", shown(CountVectorizer(**FEW)), STARS, EXACT),
    Documents("text-count-binary", shown(CountVectorizer(binary=True, ngram_range=(1, 2), **FEW)), STARS, EXACT),
    Documents("text-count-logistic", make_pipeline(CountVectorizer(), LogisticRegression()), RECOMMENDS, DOT),
    Documents("text-count-multinomial", make_pipeline(CountVectorizer(token_pattern=r"(?u)\b\w+\b"), MultinomialNB()), VERDICT, BAYES),
    Documents("text-count-bernoulli", make_pipeline(CountVectorizer(binary=True), BernoulliNB()), VERDICT, BAYES),
    Documents("text-count-complement", make_pipeline(CountVectorizer(strip_accents="ascii"), ComplementNB()), VERDICT, BAYES),
    Documents("text-count-vocabulary", make_pipeline(CountVectorizer(vocabulary=["the", "straße", "good", "déjà", "best"]), Ridge()), STARS, DOT),
    Documents("text-count-tfidf", make_pipeline(CountVectorizer(dtype=float), TfidfTransformer(norm="l1"), SVC), VERDICT, DOT),
    Documents("text-tfidf", shown(TfidfVectorizer(**FEW)), STARS, EXACT),
    Documents("text-tfidf-l1", shown(TfidfVectorizer(norm="l1", smooth_idf=False, **FEW)), STARS, EXACT),
    Documents("text-tfidf-no-norm", shown(TfidfVectorizer(norm=None, **FEW)), STARS, EXACT),
    Documents("text-tfidf-no-idf", shown(TfidfVectorizer(use_idf=False, **FEW)), STARS, EXACT),
    Documents("text-tfidf-sublinear", shown(TfidfVectorizer(sublinear_tf=True, analyzer="char", **FEW)), STARS, LIBM),
    Documents("text-tfidf-logistic", make_pipeline(TFIDF, LogisticRegression()), VERDICT, DOT),
    Documents("text-tfidf-sgd", make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), SGDClassifier(loss="log_loss", random_state=0)), RECOMMENDS, DOT),
    Documents("text-tfidf-svc", make_pipeline(TfidfVectorizer(strip_accents="unicode", sublinear_tf=True), SVC), VERDICT, DOT),
    Documents("text-tfidf-sparse-svc", make_pipeline(TFIDF, LinearSVC(penalty="l1", dual=False, random_state=0)), VERDICT, DOT),
    Documents("text-tfidf-ridge", make_pipeline(TfidfVectorizer(stop_words="english"), Ridge()), STARS, DOT),
    Documents("text-tfidf-ridge-classifier", make_pipeline(TfidfVectorizer(stop_words=["the", "très", "große"]), RidgeClassifier()), VERDICT, DOT),
    Documents("text-tfidf-cased", make_pipeline(TfidfVectorizer(lowercase=False), LogisticRegression()), RECOMMENDS, DOT),
    Documents("text-tfidf-pattern", make_pipeline(TfidfVectorizer(token_pattern=r"[^\W\d_]+(?:['’-]\w+)*"), Ridge()), STARS, DOT),
    Documents("text-tfidf-char", make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), max_features=300), LogisticRegression()), RECOMMENDS, DOT),
    Documents("text-tfidf-char-wb", make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), max_features=300), SVC), RECOMMENDS, DOT),
    Documents("text-tfidf-select", make_pipeline(TFIDF, SelectKBest(chi2, k=40), LogisticRegression()), VERDICT, DOT),
    Documents("text-tfidf-svd", make_pipeline(TFIDF, TruncatedSVD(6, random_state=0), Normalizer(), LogisticRegression()), VERDICT, DOT),
    Documents("text-tfidf-max-abs", shown(TfidfVectorizer(**FEW), MaxAbsScaler()), STARS, EXACT),
    Documents("text-tfidf-scaler", make_pipeline(TFIDF, StandardScaler(with_mean=False), Ridge()), STARS, DOT),
    Documents("text-tfidf-normalizer", shown(CountVectorizer(**FEW), Normalizer()), STARS, EXACT),
    Documents("text-tfidf-neighbors", make_pipeline(TFIDF, KNeighborsClassifier(7)), VERDICT, BRUTE),
    Documents("text-tfidf-neighbors-distance", make_pipeline(TFIDF, KNeighborsRegressor(5, weights="distance")), STARS, BRUTE),
    Documents("text-tfidf-neighbors-cosine", make_pipeline(TFIDF, KNeighborsClassifier(4, metric="cosine")), RECOMMENDS, BRUTE),
    Documents("text-tfidf-forest", make_pipeline(TFIDF, RandomForestClassifier(5, max_depth=5, random_state=0)), VERDICT, TREE),
    Documents("text-tfidf-calibrated", make_pipeline(TFIDF, CalibratedClassifierCV(SVC, cv=2)), RECOMMENDS, DOT),
    Documents("text-tfidf-one-vs-rest", make_pipeline(TFIDF, OneVsRestClassifier(SVC)), VERDICT, DOT),
    Documents("text-search", GridSearchCV(make_pipeline(TFIDF, LogisticRegression()), {"tfidfvectorizer__norm": ["l1", "l2"]}, cv=2), RECOMMENDS, DOT),
    Documents("text-hashing", shown(HashingVectorizer(n_features=24)), STARS, EXACT),
    Documents("text-hashing-counts", shown(HashingVectorizer(n_features=24, norm=None, alternate_sign=False, ngram_range=(1, 2))), STARS, EXACT),
    Documents("text-hashing-binary", shown(HashingVectorizer(n_features=12, norm="l1", binary=True, analyzer="char")), STARS, EXACT),
    Documents("text-hashing-wide", make_pipeline(HashingVectorizer(), SGDClassifier(random_state=0)), RECOMMENDS, DOT, dump=PACKED),
    Documents("text-hashing-tfidf", make_pipeline(HashingVectorizer(n_features=256, norm=None), TfidfTransformer(), LogisticRegression()), VERDICT, DOT),
    Documents("text-union", make_pipeline(FeatureUnion([("words", TfidfVectorizer(max_features=80)), ("chars", CountVectorizer(analyzer="char", max_features=40))], transformer_weights={"chars": 0.25}), LogisticRegression(max_iter=300)), VERDICT, DOT),
    Documents("text-union-shown", shown(FeatureUnion([("a", TfidfVectorizer(max_features=12)), ("b", TfidfVectorizer(analyzer="char", max_features=12))]), TfidfTransformer()), STARS, ORDER),
    Documents("text-union-inside", make_pipeline(TFIDF, FeatureUnion([("best", SelectKBest(chi2, k=9)), ("svd", TruncatedSVD(3, random_state=0))]), LogisticRegression()), VERDICT, DOT),
    Case("text-columns", make_pipeline(columns(COMMENT, SHOP, NUMBERS), LogisticRegression()), MIXED, DOT),
    Case("text-columns-shown", shown(columns((TfidfVectorizer(max_features=14), "comment"), (CountVectorizer(max_features=4), "title"), SHOP, NUMBERS)), MIXED_STARS, EXACT),
    Case("text-columns-sparse", make_pipeline(columns((CountVectorizer(), "title"), COMMENT, SHOP), SVC), MIXED, DOT),
    Case("text-columns-dense", make_pipeline(columns(NUMBERS, COMMENT, sparse_threshold=0), StandardScaler(), Ridge()), MIXED_STARS, DOT),
    Case("text-columns-tree", make_pipeline(columns(NUMBERS, COMMENT, remainder="drop"), DecisionTreeRegressor(max_depth=5, random_state=0)), MIXED_STARS, TREE),
    Case("text-columns-passthrough", make_pipeline(columns(COMMENT, ("drop", ["title", "shop"]), remainder="passthrough"), LogisticRegression(max_iter=1000)), MIXED, DOT),
    Case("text-columns-weights", make_pipeline(columns((make_pipeline(CountVectorizer(), TfidfTransformer()), "title"), NUMBERS, transformer_weights={"part 0": 2.5}), LogisticRegression()), MIXED, DOT),
]
