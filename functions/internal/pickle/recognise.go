package pickle

import (
	"bytes"

	"brine/functions/internal/job"
)

// others are files that are taken for models by mistake, by how they begin. No
// pickle and no compression of joblib's begins like any of them.
var others = []struct{ magic, what string }{
	{"PK\x03\x04", "a zip archive (an Excel workbook, a skops or a PyTorch file)"},
	{"\x89HDF\r\n\x1a\n", "an HDF5 file (Keras)"},
	{"PAR1", "a Parquet table"},
	{"CBM1", "a CatBoost model in its own format"},
	{"ZF", "a compressed dump of joblib before 0.10"},
	{"%PDF", "a PDF document"},
	{"\x28\xb5\x2f\xfd", "compressed with Zstandard"},
	{"\x7fELF", "a program"},
	{"version https://git-lfs", "a Git LFS pointer, not the file it stands for"},
	{"tree\nversion=", "a LightGBM model in its own format"},
	{"<", "an XML or HTML document"},
	{"{", "a JSON document"},
	{"\xef\xbb\xbf", "a text file"},
}

// recognise refuses an empty file and what is plainly something else.
func recognise(data []byte) error {
	if len(data) == 0 {
		return job.Invalid("the model file is empty")
	}
	for _, o := range others {
		if bytes.HasPrefix(data, []byte(o.magic)) {
			return notPickle(o.what)
		}
	}
	// A protobuf message: field 1 (ir_version), then field 2 (producer_name).
	if len(data) > 3 && data[0] == 0x08 && data[1] < 0x80 && data[2] == 0x12 {
		return notPickle("an ONNX model")
	}
	if opcodes[data[0]].name == "" {
		return notPickle("something unknown")
	}
	return nil
}

// isTable reports whether what failed as a pickle of protocol 0 begins with a
// line of several cells.
func isTable(data []byte) bool {
	line, _, found := bytes.Cut(data, []byte("\n"))
	return found && bytes.ContainsAny(line, ",;\t ")
}

func notPickle(what string) error {
	return job.Invalid("the model file is not a pickle: it looks like %s", what).
		WithHint("Save the fitted model with joblib.dump(model, \"model.pkl\")")
}
