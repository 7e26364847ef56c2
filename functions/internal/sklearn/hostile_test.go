package sklearn

import (
	"encoding/binary"
	"go/parser"
	"go/token"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
)

// FuzzOpen opens any bytes as a model, real ones to begin with.
func FuzzOpen(f *testing.F) {
	for _, data := range smallModels(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if file, err := pickle.Decode(data); err == nil {
			checkOpen(t, file)
		}
	})
}

// TestOpenBounds: a small file that says that it is large is refused before that
// is paid for.
func TestOpenBounds(t *testing.T) {
	code := &pickle.Array{Dtype: pickle.Dtype{Kind: 'i', Size: 8}, Shape: []int{1}, Data: binary.LittleEndian.AppendUint64(nil, 1<<40)}
	farCodes := &pickle.List{Items: slices.Repeat([]any{code}, 2)}
	for _, tt := range []struct {
		name, attribute string
		value           any
		want            string
	}{
		{"linear-regression-cancelling", "_max_degree", int64(1 << 40), "output features"},
		{"one-hot-encoder-tree", "n_features_in_", int64(1 << 21), "has categories of"},
		{"one-hot-encoder-infrequent", "_default_to_infrequent_mappings", farCodes, "holds the code 1099511627776 for 1 categories"},
		{"decision-tree-regressor-weights", "n_features_in_", int64(1 << 40), "which no model has"},
		{"decision-tree-regressor-weights", "n_features_in_", int64(1 << 21), "unfolds to far more than its size"},
	} {
		data := read(t, models+"/"+tt.name, "model.pkl")
		file, err := pickle.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if !overwrite(file.Root, tt.attribute, tt.value) {
			t.Fatalf("%s has no %s", tt.name, tt.attribute)
		}
		if allocated := measure(func() { _, err = Open(file) }); allocated > memoryBound(len(data)) {
			t.Errorf("%s: %d bytes allocated", tt.name, allocated)
		}
		wantInvalid(t, err, tt.want)
	}
}

// overwrite gives every object below v that has the attribute another value.
func overwrite(v any, name string, value any) (found bool) {
	switch v := v.(type) {
	case *pickle.Object:
		return overwrite(v.State, name, value)
	case *pickle.Dict:
		for i, key := range v.Keys {
			if key == name {
				v.Values[i], found = value, true
			} else {
				found = overwrite(v.Values[i], name, value) || found
			}
		}
	case *pickle.List:
		for _, item := range v.Items {
			found = overwrite(item, name, value) || found
		}
	case pickle.Tuple:
		for _, item := range v {
			found = overwrite(item, name, value) || found
		}
	}
	return found
}

// FuzzAttributes opens real models some of whose values are others: what fits
// into a pickle, but not together.
func FuzzAttributes(f *testing.F) {
	all := smallModels(f)
	for i := range all {
		f.Add(uint(i), uint64(i))
	}
	f.Fuzz(func(t *testing.T, which uint, seed uint64) {
		data := all[which%uint(len(all))]
		file, err := pickle.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		v := newVandal(rand.New(rand.NewPCG(seed, 0)), file.Root)
		for range 1 + v.r.IntN(3) {
			v.spoil()
		}
		checkOpen(t, file)
	})
}

// smallModels returns the repository's models of up to 16 KiB, which none unfolds
// far beyond.
func smallModels(f *testing.F) [][]byte {
	f.Helper()
	paths, err := filepath.Glob(models + "/*/model.pkl")
	if err != nil {
		f.Fatal(err)
	}
	var all [][]byte
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if file, err := pickle.Decode(data); err == nil && len(data) <= 16<<10 && file.Size <= 64<<10 {
			all = append(all, data)
		}
	}
	if len(all) < 400 {
		f.Fatalf("%d models", len(all))
	}
	return all
}

// memoryBound is what Open may allocate for a pickle of size bytes.
func memoryBound(size int) uint64 { return uint64(2048*size + 256<<20) }

// checkOpen opens a file and predicts a block, which must neither panic nor
// take more than its share of memory.
func checkOpen(t *testing.T, file *pickle.File) {
	t.Helper()
	size := file.Size
	var m *Model
	var err error
	if allocated := measure(func() { m, err = Open(file) }); allocated > memoryBound(size) {
		t.Errorf("%d bytes allocated for a file of %d: %v", allocated, size, err)
	}
	if err != nil {
		if job.TypeOf(err) != job.ValidationError {
			t.Errorf("%s: %v", job.TypeOf(err), err)
		}
		return
	}
	cols, err := m.Predict(oddRows(m))
	if err == nil && len(cols) != m.Outputs() {
		t.Errorf("%d columns of %d", len(cols), m.Outputs())
	}
	if err != nil && job.TypeOf(err) != job.ValidationError {
		t.Errorf("%s: %v", job.TypeOf(err), err)
	}
}

// oddRows are rows that take a model into its corners.
func oddRows(m *Model) *frame.Frame {
	numbers := []float64{1, -1, 0.5, 1e9, -1e300, math.Inf(1), math.NaN(), math.SmallestNonzeroFloat64}
	texts := []string{"a", "", "Two-year", "é b c", strings.Repeat("long ", 20), "\x00", "1", "nan"}
	x := frame.New(len(numbers), nil)
	for _, kind := range m.inputs {
		col := frame.Column{Kind: kind}
		switch kind {
		case frame.Number:
			col.Num = numbers
		case frame.Text:
			col.Text = texts
		}
		x.Cols = append(x.Cols, col)
	}
	return x
}

// measure returns the bytes that f allocates.
func measure(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// vandal spoils a decoded model.
type vandal struct {
	r      *rand.Rand
	places []func(v any) any // put a value there and return what was
	values []any
	seen   map[any]bool
}

func newVandal(r *rand.Rand, root any) *vandal {
	v := &vandal{r: r, seen: map[any]bool{}}
	v.walk(root)
	return v
}

// walk notes what is below a value, and the places that it is at.
func (v *vandal) walk(value any) {
	switch value := value.(type) {
	case *pickle.List:
		if v.once(value) {
			v.items(value.Items)
		}
	case pickle.Tuple:
		v.items(value)
	case *pickle.Dict:
		if v.once(value) {
			v.items(value.Values)
		}
	case *pickle.Object:
		if !v.once(value) {
			return
		}
		v.items(value.Args)
		v.items(value.Items)
		v.walk(value.State)
	case *pickle.Array:
		if v.once(value) {
			v.items(value.Objects)
		}
	}
}

func (v *vandal) once(value any) bool {
	seen := v.seen[value]
	v.seen[value] = true
	return !seen
}

func (v *vandal) items(items []any) {
	for i := range items {
		v.places = append(v.places, func(value any) any {
			was := items[i]
			items[i] = value
			return was
		})
		v.values = append(v.values, items[i])
		v.walk(items[i])
	}
}

// spoil puts another value at a place.
func (v *vandal) spoil() {
	if len(v.places) == 0 {
		return
	}
	place := v.places[v.r.IntN(len(v.places))]
	was := place(nil)
	place(v.other(was))
}

// other returns a value in place of another, mostly of its kind.
func (v *vandal) other(was any) any {
	switch v.r.IntN(8) {
	case 0:
		return v.values[v.r.IntN(len(v.values))]
	case 1:
		return []any{nil, true, int64(-1), math.NaN(), "", &pickle.List{}, pickle.Tuple{}, &pickle.Dict{}}[v.r.IntN(8)]
	}
	switch was := was.(type) {
	case int64:
		return []any{int64(0), int64(-1), was + 1, was - 1, int64(1) << v.r.IntN(64), -int64(1) << v.r.IntN(63),
			int64(math.MaxInt32), new(big.Int).Lsh(big.NewInt(1), 100)}[v.r.IntN(8)]
	case float64:
		return []any{0.0, -was, 1e300, math.Inf(1), math.Inf(-1), math.NaN(), was / 2, math.Float64frombits(v.r.Uint64())}[v.r.IntN(8)]
	case bool:
		return !was
	case string:
		return []any{"", was + "x", strings.Repeat(was, 100), "auto"}[v.r.IntN(4)]
	case *pickle.List:
		return &pickle.List{Items: v.reshaped(was.Items)}
	case pickle.Tuple:
		return pickle.Tuple(v.reshaped(was))
	case *pickle.Array:
		return v.array(was)
	}
	return v.values[v.r.IntN(len(v.values))]
}

// reshaped returns some of the items, or some twice.
func (v *vandal) reshaped(items []any) []any {
	n := v.r.IntN(len(items) + 1)
	if v.r.IntN(3) == 0 {
		return append(slices.Clone(items), items[n:]...)
	}
	return slices.Clone(items[:n])
}

// array returns an array with other elements or another shape.
func (v *vandal) array(was *pickle.Array) *pickle.Array {
	made := *was
	made.Shape = slices.Clone(was.Shape)
	if len(was.Data) > 0 && v.r.IntN(2) == 0 {
		made.Data = slices.Clone(was.Data)
		size := max(1, was.Dtype.Size)
		for range 1 + v.r.IntN(4) {
			at := v.r.IntN(len(made.Data)/size) * size
			element := made.Data[at : at+size]
			switch v.r.IntN(4) {
			case 0:
				for i := range element {
					element[i] = 0xff
				}
			case 1:
				clear(element)
			case 2:
				element[v.r.IntN(size)] ^= 1 << v.r.IntN(8)
			default:
				for i := range element {
					element[i] = byte(v.r.Uint32())
				}
			}
		}
		return &made
	}
	if len(was.Shape) == 0 {
		return &made
	}
	// Fewer along an axis, or the axes swapped, or one more: it holds what it says.
	switch v.r.IntN(3) {
	case 0:
		made.Shape[0] = v.r.IntN(made.Shape[0] + 1)
		n := made.Len()
		if was.Objects != nil {
			made.Objects = made.Objects[:n]
		} else {
			made.Data = made.Data[:n*was.Dtype.Size]
		}
	case 1:
		slices.Reverse(made.Shape)
	default:
		made.Shape = append(made.Shape, 1)
	}
	return &made
}

// TestReachesNothing: what reads a model file has no way to a file, a process or
// the network.
func TestReachesNothing(t *testing.T) {
	files := 0
	for _, folder := range []string{"../pickle", "."} {
		err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			for _, i := range file.Imports {
				root, _, _ := strings.Cut(strings.Trim(i.Path.Value, `"`), "/")
				if slices.Contains([]string{"os", "net", "syscall", "plugin", "C"}, root) {
					t.Errorf("%s imports %s", path, i.Path.Value)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 100 {
		t.Errorf("only %d files", files)
	}
}
