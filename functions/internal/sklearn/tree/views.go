package tree

// Views numbers what the splits of a model see of its features, where splits
// of several kinds see the same one differently. Each view is a feature of the
// model's Forest. The zero value has none.
type Views[V comparable] struct {
	All []V // by number
	at  map[V]int32
}

// Number returns the number of a view, which is a new one if it was not met before.
func (v *Views[V]) Number(view V) int32 {
	n, ok := v.at[view]
	if !ok {
		if v.at == nil {
			v.at = map[V]int32{}
		}
		n = int32(len(v.All))
		v.All = append(v.All, view)
		v.at[view] = n
	}
	return n
}
