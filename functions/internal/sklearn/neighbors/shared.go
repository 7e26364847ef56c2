package neighbors

// Smallest brings the indices of the k smallest values to the front of at, in
// the order in which numpy.argpartition(values, k-1) leaves them; NaN counts
// as larger than any number. k is at least 1 and at most len(at).
func Smallest(values []float64, at []int32, k int) { selection{values, at}.partition(k - 1) }

// Weigh replaces distances by what weights="distance" makes of them.
func Weigh(dist []float64) { weigh(dist) }
