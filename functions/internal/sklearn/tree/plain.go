package tree

import (
	"encoding/binary"
	"math"
	"slices"

	"brine/functions/internal/sklearn/estimator"
)

// AddFitted is fitted.Read and Add in one. Most trees are compiled where their
// nodes lie; of those fitted has the values only.
func (f *Forest) AddFitted(fitted *Fitted, o *estimator.Object, missing bool) ([]int32, error) {
	t, fields, err := fitted.open(o)
	if err != nil {
		return nil, err
	}
	if leaves, ok := f.addPlain(fields, missing); ok {
		return leaves, fitted.readValues(t)
	}
	if err := fitted.read(t, fields, missing); err != nil {
		return nil, err
	}
	leaves, err := f.Add(&fitted.Nodes)
	if err != nil {
		return nil, o.Refuse("its tree %v", err)
	}
	return leaves, nil
}

// addPlain is Add for plain records depth first, which is how scikit-learn grows
// trees unless the number of their leaves is bounded: a left child lies behind
// its parent, a right one behind all that is below the left. The nodes are read
// once, in their order, and that order alone proves that they form a tree. What
// is not so, or wrong, is left to Add.
func (f *Forest) addPlain(r *record, missing bool) ([]int32, bool) {
	const most = math.MaxUint32 >> columnBits // whose places a node's link can hold
	n := r.a.Len()
	if f.cuts != nil || n > most || !r.begins(plain) || r.err() != nil || len(r.a.Data) != n*r.a.Dtype.Size {
		return nil, false
	}
	missingAt := -1
	if missing {
		if missingAt = r.byteField("missing_go_to_left"); missingAt < 0 {
			return nil, false
		}
	}
	t := compiled{nodes: make([]node, n)}
	leaves, ok := f.layPlain(&t, r.a.Data, r.a.Dtype.Size, missingAt)
	if ok {
		t.leaves = len(leaves)
		f.trees = append(f.trees, t)
	}
	return leaves, ok
}

// byteField returns the offset of a field of one byte, -1 if there is none.
func (r *record) byteField(name string) int {
	for _, f := range r.a.Dtype.Fields {
		if k := f.Dtype.Kind; f.Name == name && (k == 'b' || k == 'u') && f.Dtype.Size == 1 {
			return f.Offset
		}
	}
	return -1
}

// layPlain is lay for records of size bytes; missingAt is where one says that
// NaN goes left, if not negative.
func (f *Forest) layPlain(t *compiled, data []byte, size, missingAt int) ([]int32, bool) {
	leaves, later := slices.Grow(f.leaves[:0], len(t.nodes)/2+1), f.later[:0]
	count := int64(len(t.nodes))
	next, depths := int32(1), 0
	var v visit
	for ; len(data) >= size; data = data[size:] {
		record := (*[32]byte)(data)
		l := int64(binary.LittleEndian.Uint64(record[0:]))
		r := int64(binary.LittleEndian.Uint64(record[8:]))
		if l&r < 0 {
			t.nodes[v.at] = node{firstLeaf + uint32(len(leaves)), uint32(v.at) << columnBits}
			leaves = append(leaves, v.node)
			t.depth = max(t.depth, int(v.depth))
			depths += int(v.depth)
			if len(later) == 0 {
				t.usual = depths / len(leaves)
				f.leaves, f.later = leaves, later
				return leaves, true
			}
			behind := v.node + 1
			v = later[len(later)-1]
			later = later[:len(later)-1]
			if v.node != behind {
				return nil, false
			}
			continue
		}
		feature := int64(binary.LittleEndian.Uint64(record[16:]))
		threshold := math.Float64frombits(binary.LittleEndian.Uint64(record[24:]))
		if l != int64(v.node)+1 || r <= l || r >= count || uint64(feature) >= uint64(f.features) ||
			threshold != threshold || int64(next)+1 >= count {
			return nil, false
		}
		how := right
		if missingAt >= 0 && data[missingAt] != 0 {
			how = left
		}
		c := f.column(int32(feature), how)
		if c >= 1<<columnBits {
			return nil, false
		}
		t.nodes[v.at] = node{floorKey(threshold), uint32(next)<<columnBits | c}
		later = append(later, visit{int32(r), next + 1, v.depth + 1})
		v = visit{int32(l), next, v.depth + 1}
		next += 2
	}
	return nil, false
}
