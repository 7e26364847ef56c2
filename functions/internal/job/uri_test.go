package job

import (
	"strings"
	"testing"
)

func TestIsBucketName(t *testing.T) {
	for name, want := range map[string]bool{
		"abc": true, "a.b-c9": true, "0-0": true, strings.Repeat("a", 63): true,
		"": false, "ab": false, strings.Repeat("a", 64): false, "-ab": false, "ab.": false,
		"a_b": false, "aBc": false, "a\u00e9b": false, "a b": false,
	} {
		if got := isBucketName(name); got != want {
			t.Errorf("isBucketName(%q) = %v, want %v", name, got, want)
		}
	}
}
