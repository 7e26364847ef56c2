// Zip packs a Lambda's bootstrap so that the same binary always gives the same
// zip, byte for byte: no times, one mode.
//
//	go run ./infra/zip OUT.zip BOOTSTRAP
package main

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: zip OUT.zip BOOTSTRAP")
		os.Exit(2)
	}
	size, err := pack(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "zip:", err)
		os.Exit(1)
	}
	fmt.Printf("%s  %.2f MB\n", os.Args[1], float64(size)/1e6)
}

// pack writes the zip and returns its size.
func pack(out, bootstrap string) (int64, error) {
	binary, err := os.Open(bootstrap)
	if err != nil {
		return 0, err
	}
	defer binary.Close()
	file, err := os.Create(out)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	z := zip.NewWriter(file)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(w, binary); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), file.Close()
}
