package job

import (
	"encoding/json"
	"path"
	"strings"
)

// URI names an object: s3://Bucket/Key. The key is raw, never URL-encoded. The
// store of local files uses it with an empty Bucket and a path for a Key.
type URI struct{ Bucket, Key string }

// MaxKey is S3's limit on the bytes of a key.
const MaxKey = 1024

// String is the form in which ParseURI takes it; a local file's is its path.
func (u URI) String() string {
	if u.Bucket == "" {
		return u.Key
	}
	return "s3://" + u.Bucket + "/" + u.Key
}

// Sibling returns the URI whose key is this one's with a suffix.
func (u URI) Sibling(suffix string) URI { return URI{u.Bucket, u.Key + suffix} }

// MarshalJSON writes the URI as a string.
func (u URI) MarshalJSON() ([]byte, error) { return json.Marshal(u.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (u *URI) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(s, "s3://"), "/")
	if !strings.HasPrefix(s, "s3://") || !ok {
		*u = URI{Key: s}
		return nil
	}
	*u = URI{bucket, key}
	return nil
}

// isBucketName follows S3's rule for general purpose buckets: 3 to 63 lower-case
// letters, digits, dots and hyphens, of which the last two are not at an end.
func isBucketName(s string) bool {
	const alphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"
	return len(s) >= 3 && len(s) <= 63 &&
		strings.Trim(s, alphanumeric+".-") == "" &&
		strings.ContainsRune(alphanumeric, rune(s[0])) &&
		strings.ContainsRune(alphanumeric, rune(s[len(s)-1]))
}

// Gzip tells whether a result of that name is compressed, as pandas would: it ends
// in .gz, in letters of any case.
func (u URI) Gzip() bool { return strings.EqualFold(path.Ext(u.Key), ".gz") }

// ParseURI reads an S3 URI that a user gave in a field; the error is a
// ValidationError that says what is wrong with it.
func ParseURI(field, s string) (URI, error) {
	invalid := func(why string) (URI, error) {
		return URI{}, Invalid("Invalid S3 URI in %s: %q: %s", field, s, why).
			WithHint("Write s3://bucket/path/to/object")
	}
	rest, ok := strings.CutPrefix(s, "s3://")
	if !ok {
		return invalid("it does not start with s3://")
	}
	bucket, key, _ := strings.Cut(rest, "/")
	switch {
	case bucket == "":
		return invalid("the bucket is missing")
	case !isBucketName(bucket):
		return invalid("the bucket's name is not valid")
	case key == "":
		return invalid("the key is missing")
	case strings.HasSuffix(key, "/"):
		return invalid("it names a folder, not an object")
	case len(key) > MaxKey:
		return invalid("the key is longer than 1,024 bytes")
	case strings.ContainsRune(key, 0):
		return invalid("the key holds a zero byte")
	}
	return URI{bucket, key}, nil
}
