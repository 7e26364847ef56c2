package estimator

import "brine/functions/internal/frame"

// NameSelector is an Estimator that may look its columns up by name, so that
// their order is free, more may be given, and Unused ones may be absent.
type NameSelector interface {
	SelectsByName() bool
}

// SelectsByName reports whether e looks its columns up by name.
func SelectsByName(e Estimator) bool {
	s, ok := e.(NameSelector)
	return ok && s.SelectsByName()
}

// BothKinds returns the kind in which a column serves two readers. ok is false
// where one wants numbers and the other text.
func BothKinds(a, b frame.Kind) (kind frame.Kind, ok bool) {
	switch {
	case a == b, b == frame.Unused:
		return a, true
	case a == frame.Unused:
		return b, true
	case b == frame.Any:
		return a, true
	case a == frame.Any:
		return b, true
	}
	return a, false
}
