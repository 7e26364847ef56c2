package s3store

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"strings"

	"brine/functions/internal/job"
)

// isOf reports whether an object with this ETag and checksum was made of parts.
// S3 makes both of those of the parts, and writes the number of parts behind a
// hyphen. Where S3 encrypts with KMS, an ETag is no sum of anything: then only
// the checksum tells.
func isOf(parts []job.Part, etag, checksum string) bool {
	md5s := composite(parts, md5.New(), func(p job.Part) ([]byte, error) { return hex.DecodeString(strings.Trim(p.ETag, `"`)) })
	if md5s != nil && strings.HasPrefix(etag, `"`+hex.EncodeToString(md5s)+"-") {
		return true
	}
	crcs := composite(parts, crc32.NewIEEE(), func(p job.Part) ([]byte, error) { return base64.StdEncoding.DecodeString(p.CRC32) })
	got, _, _ := strings.Cut(checksum, "-")
	return crcs != nil && got == base64.StdEncoding.EncodeToString(crcs)
}

// composite is the sum of the parts' sums, or nil if one of them has none.
func composite(parts []job.Part, h hash.Hash, sum func(job.Part) ([]byte, error)) []byte {
	for _, p := range parts {
		of, err := sum(p)
		if err != nil || len(of) != h.Size() {
			return nil
		}
		h.Write(of)
	}
	return h.Sum(nil)
}
