package estimator

// Refusing is the Builder of a class that cannot be predicted with: it refuses
// with a reason and what to do about it.
func Refusing(reason, hint string) Builder {
	return func(o *Object) (Estimator, error) { return nil, o.Refuse("%s", reason).WithHint("%s", hint) }
}

// OnlyFits is the Builder of a class that has neither predict nor transform in
// scikit-learn. purpose is what it is for.
func OnlyFits(purpose string) Builder {
	return Refusing("scikit-learn's "+purpose+" has no predict and no transform: it says nothing of rows that it was not fitted on", "Store a model that has predict")
}
