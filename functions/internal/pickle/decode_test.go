package pickle

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestDecodeFixtures compares what Decode reads with what Python read, for
// every protocol, for plain and joblib's dumps, and for every compression.
func TestDecodeFixtures(t *testing.T) {
	var want map[string]string
	if err := json.Unmarshal(readFile(t, "testdata/want.json"), &want); err != nil {
		t.Fatal(err)
	}
	files := glob(t, "testdata/*.pkl")
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".pkl")
		kind, _, _ := strings.Cut(name, "-")
		if kind == "objects" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			file := decode(t, path)
			got := render(file.Root)
			if got != want[kind] {
				t.Errorf("differs from Python at\n got %s\nwant %s", around(got, want[kind]), around(want[kind], got))
			}
			storage := name[strings.LastIndex(name, "-")+1:]
			if p, ok := strings.CutPrefix(storage, "p"); ok {
				if declared := max(file.Protocol, 1); p != "0" && p != strconv.Itoa(declared) {
					t.Errorf("protocol %d", file.Protocol)
				}
				storage = ""
			}
			if slices.Contains([]string{"zlib", "gzip", "bz2", "lzma", "xz", "lz4"}, storage) != (file.Compression != "") ||
				file.Compression != "" && file.Compression != storage {
				t.Errorf("compression %q", file.Compression)
			}
		})
	}
	if len(files) < 35 {
		t.Errorf("only %d fixtures", len(files))
	}
}

// TestDecodeObjects holds the descriptions of instances, and of calls that are
// not evaluated, against what was pickled.
func TestDecodeObjects(t *testing.T) {
	tests := []struct {
		name  string
		since int // the first protocol whose fixture has it
		want  string
	}{
		{"plain", 0, `__main__.Plain() state {"a": 1, "b": [2]}`},
		{"slots", 2, `__main__.Slots() state (None, {"x": 3})`},
		{"keyword", 4, `__main__.Keyword(1, {"k": 2})`},
		{"items", 0, `__main__.Items() items [1, 2]`},
		{"named", 0, `__main__.Named() items ["k", 1] state {"extra": True}`},
		{"ordered", 0, `collections.OrderedDict() items ["a", 1, "b", 2]`},
		{"default", 0, `collections.defaultdict(builtins.list) items ["a", 1]`},
		{"date", 0, `datetime.date(b07e8021d)`},
		{"decimal", 0, `decimal.Decimal("1.10")`},
		{"partial", 0, `functools.partial(numpy.core._multiarray_umath.log1p) state (numpy.core._multiarray_umath.log1p, (), {}, None)`},
		{"pattern", 0, `re._compile("a+", 32)`},
		{"slice", 0, `builtins.slice(1, None, 2)`},
		{"range", 0, `builtins.range(0, 3, 1)`},
		{"complex", 0, `builtins.complex(3ff0000000000000, 4000000000000000)`},
		{"ufunc", 0, `numpy.core._multiarray_umath.log1p`},
		{"datetime64", 0, `numpy.core.multiarray.scalar(dtype M8, b464d000000000000)`},
		{"masked", 0, `numpy.ma.core.MaskedArray(numpy.ndarray, (0), "b") state (1, (2), dtype i8, False, b01000000000000000200000000000000, b0001, None)`},
	}
	files := glob(t, "testdata/objects-p*.pkl")
	for protocol, path := range files {
		root := decode(t, path).Root.(*Dict)
		for _, tt := range tests {
			v, there := root.Get(tt.name)
			if got := render(v); got != tt.want && protocol >= tt.since {
				t.Errorf("%s: %s\n got %s\nwant %s", path, tt.name, got, tt.want)
			}
			if there != (protocol >= tt.since) {
				t.Errorf("%s: %s is there: %v", path, tt.name, there)
			}
		}
		for name, class := range map[string]string{
			"tree": "sklearn.tree._tree.Tree", "kd": "sklearn.neighbors._kd_tree.newObj",
			"RandomState": "numpy.random._pickle.__randomstate_ctor", "Generator": "numpy.random._pickle.__generator_ctor",
		} {
			v, _ := root.Get(name)
			if o, ok := v.(*Object); !ok || o.Class.String() != class || o.State == nil {
				t.Errorf("%s: %s is %s", path, name, Describe(v))
			}
		}
	}
	if len(files) != 6 {
		t.Errorf("%d fixtures", len(files))
	}
}

// TestDecodeModels reads every fitted model of the repository.
func TestDecodeModels(t *testing.T) {
	files := glob(t, "../../../testdata/models/*/model.pkl")
	for _, path := range files {
		file := decode(t, path)
		if o, ok := file.Root.(*Object); !ok || o.State == nil {
			t.Errorf("%s holds %s", path, Describe(file.Root))
		}
	}
	if len(files) == 0 {
		t.Error("no models")
	}
}

// render writes a value as render in testdata/make.py does; objects, which
// Python does not render, as class(args) items state.
func render(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case int64:
		return strconv.FormatInt(v, 10)
	case *big.Int:
		return v.String()
	case float32:
		return "f32 " + render(float64(v))
	case float64:
		return renderFloat(v)
	case string:
		return renderText(v)
	case []byte:
		return fmt.Sprintf("b%x", v)
	case *List:
		return "[" + renderAll(v.Items) + "]"
	case Tuple:
		if len(v) == 1 {
			return "(" + render(v[0]) + ")"
		}
		return "(" + renderAll(v) + ")"
	case *Set:
		var items []string
		for _, item := range v.Items {
			items = append(items, render(item))
		}
		slices.Sort(items)
		return "set(" + strings.Join(items, ", ") + ")"
	case *Dict:
		var items []string
		for i, k := range v.Keys {
			items = append(items, render(k)+": "+render(v.Values[i]))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case Global:
		return v.String()
	case *Dtype:
		return "dtype " + renderDtype(*v)
	case *Array:
		return fmt.Sprintf("array %s %s %s", renderDtype(v.Dtype), strings.ReplaceAll(fmt.Sprint(v.Shape), " ", ", "), renderElements(v))
	case *Object:
		s := v.Class.String() + "(" + renderAll(v.Args) + ")"
		if v.Items != nil {
			s += " items [" + renderAll(v.Items) + "]"
		}
		if v.State != nil {
			s += " state " + render(v.State)
		}
		return s
	}
	return fmt.Sprintf("unexpected %T", v)
}

func renderAll(items []any) string {
	parts := make([]string, 0, len(items))
	for _, v := range items {
		parts = append(parts, render(v))
	}
	return strings.Join(parts, ", ")
}

// renderFloat writes the bits, those of a NaN apart.
func renderFloat(v float64) string {
	if v != v {
		return "nan"
	}
	return fmt.Sprintf("%016x", math.Float64bits(v))
}

// renderText is Python's json.dumps.
func renderText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r > '~' && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

func renderDtype(d Dtype) string {
	s := fmt.Sprintf("%c%d", d.Kind, d.Size)
	if d.Fields == nil {
		return s
	}
	var fields []string
	for _, f := range d.Fields {
		fields = append(fields, fmt.Sprintf("%s@%d %s", f.Name, f.Offset, renderDtype(f.Dtype)))
	}
	return s + "(" + strings.Join(fields, ", ") + ")"
}

func renderElements(a *Array) string {
	switch {
	case a.Objects != nil:
		return "[" + renderAll(a.Objects) + "]"
	case a.Dtype.Fields != nil:
		var fields []string
		for _, f := range a.Dtype.Fields {
			column, err := a.Field(f.Name)
			if err != nil {
				return err.Error()
			}
			fields = append(fields, f.Name+": "+renderElements(column))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	var parts []string
	var err error
	switch a.Dtype.Kind {
	case 'U':
		parts, err = a.Strings()
		for i, s := range parts {
			parts[i] = renderText(s)
		}
	case 'S':
		parts, err = a.Strings()
		for i, s := range parts {
			parts[i] = fmt.Sprintf("b%x", s)
		}
	default:
		var floats []float64
		floats, err = a.Floats()
		for _, v := range floats {
			parts = append(parts, renderFloat(v))
		}
	}
	if err != nil {
		return err.Error()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// around returns the part of s where it begins to differ from other.
func around(s, other string) string {
	i := 0
	for i < min(len(s), len(other)) && s[i] == other[i] {
		i++
	}
	return "…" + s[max(0, i-60):min(len(s), i+100)] + "…"
}

func decode(t testing.TB, path string) *File {
	t.Helper()
	file, err := Decode(readFile(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return file
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
