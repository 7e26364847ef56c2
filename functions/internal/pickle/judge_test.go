package pickle

import (
	"bytes"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	judge "github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"
)

// TestJudge holds Decode against an unpickler that others wrote, on pickles of
// plain Python values. (That one cannot be the reader itself: it knows no
// numpy, and allocates whatever a length field says.)
func TestJudge(t *testing.T) {
	for protocol := 4; protocol <= 5; protocol++ { // below, sets are written as calls, which it does not make
		name := fmt.Sprintf("testdata/values-p%d.pkl", protocol)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		u := judge.NewUnpickler(bytes.NewReader(data))
		u.FindClass = func(module, name string) (any, error) {
			if module+"."+name == "builtins.bytearray" {
				return byteArray{}, nil
			}
			return Global{module, name}, nil
		}
		theirs, err := u.Load()
		if err != nil {
			t.Fatalf("%s: the judge: %v", name, err)
		}
		file, err := Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ours := file.Root.(*Dict)
		for i, e := range *theirs.(*types.Dict) {
			if got, want := canonical(ours.Values[i]), canonicalOf(e.Value); got != want {
				t.Errorf("%s: %v: got\n%.200s\nwant\n%.200s", name, e.Key, got, want)
			}
		}
	}
}

// byteArray is builtins.bytearray, which the judge does not have.
type byteArray struct{}

// Call makes a bytearray of bytes.
func (byteArray) Call(args ...any) (any, error) { return args[0], nil }

func canonical(v any) string {
	switch v := v.(type) {
	case *List:
		return sequence("list", v.Items, canonical)
	case Tuple:
		return sequence("tuple", v, canonical)
	case *Dict:
		var b strings.Builder
		for i := range v.Keys {
			fmt.Fprintf(&b, "%s: %s, ", canonical(v.Keys[i]), canonical(v.Values[i]))
		}
		return "dict{" + b.String() + "}"
	case *Set:
		return fmt.Sprintf("set of %d", len(v.Items))
	}
	return scalar(v)
}

func canonicalOf(v any) string {
	switch v := v.(type) {
	case *types.List:
		return sequence("list", *v, canonicalOf)
	case *types.Tuple:
		return sequence("tuple", *v, canonicalOf)
	case *types.Dict:
		var b strings.Builder
		for _, e := range *v {
			fmt.Fprintf(&b, "%s: %s, ", canonicalOf(e.Key), canonicalOf(e.Value))
		}
		return "dict{" + b.String() + "}"
	case *types.Set:
		return fmt.Sprintf("set of %d", v.Len())
	case *types.FrozenSet:
		return fmt.Sprintf("set of %d", v.Len())
	case *types.OrderedDictClass:
		return scalar(Global{"collections", "OrderedDict"})
	case *types.ByteArray:
		return scalar([]byte(*v))
	}
	return scalar(v)
}

func sequence(kind string, items []any, canonical func(any) string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(canonical(item) + ", ")
	}
	return kind + "[" + b.String() + "]"
}

func scalar(v any) string {
	switch v := v.(type) {
	case int:
		return fmt.Sprintf("int %d", v)
	case int64:
		return fmt.Sprintf("int %d", v)
	case *big.Int:
		return "int " + v.String()
	}
	return fmt.Sprintf("%T %v", v, v)
}
