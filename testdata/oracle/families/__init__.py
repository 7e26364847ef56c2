"""One module a family, each a flat list of cases."""

from . import boosting, clusters, components, compose, densities, dummy, ensembles, imputers, linear, manifolds, meta, neighbors, others, preprocessing, search, selection, storage, svm, text, trees

FAMILIES = linear, trees, boosting, ensembles, svm, neighbors, clusters, others, preprocessing, imputers, compose, search, storage, dummy, meta, densities, components, manifolds, selection, text
CASES = [case for family in FAMILIES for case in family.CASES]

if len({case.name for case in CASES}) != len(CASES):
    raise ValueError("two cases have the same name")
