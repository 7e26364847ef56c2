package pickle

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

// array is the start of a pickle that has numpy's names in its memo: 0 is
// numpy.dtype, 1 is _reconstruct, 2 is numpy.ndarray, 3 is dtype('f8').
const array = "\x80\x02" +
	"cnumpy\ndtype\nq\x00" +
	"cnumpy.core.multiarray\n_reconstruct\nq\x01" +
	"cnumpy\nndarray\nq\x02" +
	"h\x00X\x02\x00\x00\x00f8K\x00K\x01\x87Rq\x03(K\x03X\x01\x00\x00\x00<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb" +
	"0000"

// wrapper is an array wrapper of joblib's with the given shape, one dimension
// as four bytes, and without alignment.
func wrapper(dim string) string {
	return array + "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" +
		"X\x05\x00\x00\x00shapeJ" + dim + "\x85X\x05\x00\x00\x00dtypeh\x03X\x05\x00\x00\x00orderX\x01\x00\x00\x00Cub"
}

// TestHostile: nothing of these files is run or resolved, whatever would be
// called is named, and the names met are listed beside the error.
func TestHostile(t *testing.T) {
	tests := []struct {
		name, pickle, want, globals string
	}{
		{"REDUCE", "cposix\nsystem\n(Vid\ntR.", "would have called posix.system; nothing was run", "posix.system"},
		{"OBJ", "(cos\nsystem\nVid\no.", "would have called os.system;", "os.system"},
		{"INST", "(Vid\nios\nsystem\n.", "would have called os.system;", "os.system"},
		{"STACK_GLOBAL", "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.", "would have called posix.system;", "posix.system"},
		{"STACK_GLOBAL from the memo", "\x80\x04\x8c\x06system\x94\x8c\x02nt\x94h\x01h\x00\x93\x8c\x02id\x85R.", "would have called nt.system;", "nt.system"},
		{"STACK_GLOBAL through an attribute", "\x80\x04\x8c\x05numpy\x8c\x0eTestCase.f.sys\x93)R.", "would have called numpy.TestCase.f.sys;", "numpy.TestCase.f.sys"},
		{"STACK_GLOBAL of no text", "\x80\x04K\x01K\x02\x93.", "byte 6 (STACK_GLOBAL): a name that is no text", ""},
		{"Python 2 names", "c__builtin__\neval\n(V1\ntR.", "would have called builtins.eval;", "builtins.eval"},
		{"Python 2 names in protocol 4", "\x80\x04c__builtin__\neval\n(V1\ntR.", "would have called __builtin__.eval;", "__builtin__.eval"},
		{"several", "(cbuiltins\nexec\n(V1\ntRcbuiltins\nopen\n(V2\ntRcbuiltins\n__import__\n(V3\ntRl.",
			"would have called builtins.exec, builtins.open, builtins.__import__;", "builtins.exec builtins.open builtins.__import__"},
		{"corrupt behind a call", "cposix\nsystem\n(Vid\ntR\xff", "would have called posix.system;", "posix.system"},
		{"getattr", "cbuiltins\ngetattr\n(cos\npath\nVsystem\ntR(Vid\ntR.", "would have called builtins.getattr;", "builtins.getattr os.path"},
		{"getattr of Python's own", "cbuiltins\ngetattr\n(c__main__\nX\n)\x81V__class__\ntR.", "would have called builtins.getattr;", "builtins.getattr __main__.X"},
		{"call of a bound method", "cbuiltins\ngetattr\n(c__main__\nX\n)\x81Vrun\ntR)R.", "would have called builtins.getattr;", "builtins.getattr __main__.X"},
		{"call of a made object", "cfunctools\npartial\n(cos\nsystem\nVid\ntR)R.", "would have called functools.partial;", "functools.partial os.system"},
		{"call of text", "Vid\n)R.", "byte 5 (REDUCE): a call of text or bytes", ""},
		{"joblib.load", "cjoblib\nload\n(Vx\ntR.", "would have called joblib.load;", "joblib.load"},
		{"pickle.loads", "cpickle\nloads\n(Vx\ntR.", "would have called pickle.loads;", "pickle.loads"},
		{"joblib's loader", "cjoblib.numpy_pickle\n_unpickle\n(Vx\ntR.", "would have called joblib.numpy_pickle._unpickle;", "joblib.numpy_pickle._unpickle"},
		{"numpy.load", "cnumpy\nload\n(Vx\ntR.", "would have called numpy.load;", "numpy.load"},
		{"numpy's runstring", "cnumpy.testing._private.utils\nrunstring\n(Vx\n}tR.", "would have called numpy.testing._private.utils.runstring;", "numpy.testing._private.utils.runstring"},
		{"pandas.read_pickle", "cpandas\nread_pickle\n(Vx\ntR.", "would have called pandas.read_pickle;", "pandas.read_pickle"},
		{"a module like numpy", "cnumpyx\nThing\n)R.", "would have called numpyx.Thing;", "numpyx.Thing"},
		{"_ufunc_reconstruct", "cnumpy.core\n_ufunc_reconstruct\n(Vos\nVsystem\ntR(Vid\ntR.", "would have called os.system;", "numpy.core._ufunc_reconstruct os.system"},
		{"_reconstructor's base", "ccopyreg\n_reconstructor\n(c__main__\nX\ncsubprocess\nPopen\nVid\ntR.", "would have called subprocess.Popen;", "copyreg._reconstructor __main__.X subprocess.Popen"},
		{"nested in an array of objects", strings.Replace(wrapper("\x01\x00\x00\x00"), "h\x03", "h\x00X\x02\x00\x00\x00O8\x85R", 1) + "\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R..",
			"would have called posix.system;", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray joblib.numpy_pickle.NumpyArrayWrapper posix.system"},
		{"BUILD on a class", "csklearn.svm\nSVC\n}Vpredict\ncos\nsystem\nsb.", "(BUILD): state for the name sklearn.svm.SVC", "sklearn.svm.SVC os.system"},
		{"BUILD on a list", "]}b.", "(BUILD): state for a list", ""},
		{"BUILD twice", "c__main__\nX\n)\x81}b}b.", "gets state twice", "__main__.X"},
		{"SETITEM on a class", "csklearn.svm\nSVC\nVa\nVb\ns.", "(SETITEM): items for the name sklearn.svm.SVC", "sklearn.svm.SVC"},
		{"APPEND to an array", array + "h\x01h\x02K\x00\x85C\x01b\x87RNa.", "(APPEND): items for an array", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray"},
		{"persistent id", "P1\n.", "(PERSID): it refers to an object outside the file", ""},
		{"extension", "\x80\x02\x82\x01.", "(EXT1): it uses copyreg's extension registry", ""},
		{"out-of-band", "\x80\x05\x97.", "(NEXT_BUFFER): its arrays lie outside the file", ""},
		{"unset memo", "\x80\x02h\x00.", "byte 2 (BINGET): memo index 0 was never set", ""},
		{"hole in the memo", "\x80\x02Nq\x01h\x00.", "byte 5 (BINGET): memo index 0 was never set", ""},
		{"memo index", "\x80\x02Nr\xff\xff\xff\xff.", "byte 3 (LONG_BINPUT): memo index 4294967295 is out of bounds", ""},
		{"memo index in text", "Np99999999999999\n.", "byte 1 (PUT): memo index 99999999999999 is out of bounds", ""},
		{"BINUNICODE8 length", "\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffx.", "byte 2 (BINUNICODE8): 18446744073709551615 bytes expected, 2 left", ""},
		{"BINBYTES length", "\x80\x03B\xff\xff\xff\x7fx.", "byte 2 (BINBYTES): 2147483647 bytes expected, 2 left", ""},
		{"BYTEARRAY8 length", "\x80\x05\x96\x00\x00\x00\x00\x00\x00\x00\x80x.", "(BYTEARRAY8): 9223372036854775808 bytes expected, 2 left", ""},
		{"LONG4 length", "\x80\x02\x8b\xff\xff\xff\xff.", "(LONG4): 4294967295 bytes expected, 1 left", ""},
		{"FRAME length", "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff.", "(FRAME): a frame of 18446744073709551615 bytes, 1 left", ""},
		{"array length", wrapper("\xff\xff\xff\x7f") + ".", "an array of shape [2147483647] and 8 bytes an element is larger than the file", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray joblib.numpy_pickle.NumpyArrayWrapper"},
		{"array length below zero", wrapper("\xff\xff\xff\xff") + ".", "an array's dimension is no whole number", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray joblib.numpy_pickle.NumpyArrayWrapper"},
		{"array cut off", wrapper("\x02\x00\x00\x00") + "123456789", "16 bytes expected, 9 left", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray joblib.numpy_pickle.NumpyArrayWrapper"},
		{"array state too short", array + "h\x01h\x02K\x00\x85C\x01b\x87R(K\x01K\x02\x85h\x03\x89C\x0812345678tb.", "an array of shape [2] and 8 bytes an element is not 8 bytes long", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray"},
		{"many elements of no size", strings.ReplaceAll(array, "f8", "U0") + "h\x01h\x02K\x00\x85C\x01b\x87R(K\x01J\xff\xff\xff\x7f\x85h\x03\x89C\x00tb.", "is larger than the file", "numpy.dtype numpy.core.multiarray._reconstruct numpy.ndarray"},
		{"number of many digits", "L" + strings.Repeat("9", 5000) + "L\n.", "(LONG): a number of 5000 digits", ""},
		{"long name", "c" + strings.Repeat("x", 600) + "\ny\n.", "(GLOBAL): a name of 601 bytes", ""},
		{"deep stack", strings.Repeat("N", maxStack+1) + ".", "(NONE): more than 1048576 values wait", ""},
		{"many marks", strings.Repeat("(", maxStack+1) + ".", "(MARK): more than 1048576 marks", ""},
		{"shared text encoded", "\x80\x02c_codecs\nencode\nq\x00X\x00\x04\x00\x00" + strings.Repeat("x", 1024) + "X\x06\x00\x00\x00latin1\x86q\x01" + strings.Repeat("h\x00h\x01R0", 2000) + "N.", "unfolds to far more than its size", "_codecs.encode"},
		{"empty stack", ".", "byte 0 (STOP): a value is missing on the stack", ""},
		{"below a mark", "N(.", "byte 2 (STOP): a value is missing on the stack", ""},
		{"no mark", "Nt.", "(TUPLE): there is no mark", ""},
		{"odd dict", "(Vx\nd.", "(DICT): a dict's value is missing", ""},
		{"unhashable key", "(]Nd.", "(DICT): a list as a dict's key", ""},
		{"text to be encoded as a key", "\x80\x02(Nc_codecs\nencode\nX\x03\x00\x00\x00abcNd.", "(DICT): text or bytes as a dict's key", "_codecs.encode"},
		{"unknown opcode", "\x80\x02\xfe.", "byte 2: 0xfe is no pickle opcode", ""},
		{"unknown protocol", "\x80\x06N.", "(PROTO): protocol 6 is unknown", ""},
		{"no STOP", "\x80\x02N", "the file ends before the pickle does: it is truncated", ""},
		{"not UTF-8", "\x80\x02X\x01\x00\x00\x00\xff.", "(BINUNICODE): text that is not UTF-8", ""},
		{"Python 2 text", "\x80\x02U\x01\xff.", "(SHORT_BINSTRING): a Python 2 string that is not ASCII", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, err := Decode([]byte(tt.pickle))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v\nwant %s", err, tt.want)
			}
			if job.TypeOf(err) != job.ValidationError {
				t.Errorf("type %s", job.TypeOf(err))
			}
			if file.Root != nil {
				t.Error("a root beside the error")
			}
			var globals []string
			for _, g := range file.Globals {
				globals = append(globals, g.String())
			}
			if got := strings.Join(globals, " "); got != tt.globals {
				t.Errorf("globals %s\nwant %s", got, tt.globals)
			}
		})
	}
}

// TestWork: what a pickle shares is copied, hashed or looked up again at most 64
// times its bytes.
func TestWork(t *testing.T) {
	const text = "X\x00\x04\x00\x00"
	long := text + strings.Repeat("x", 1024)
	items := "(" + strings.Repeat("N", 1024)
	dict := "("
	for i := range 1024 {
		dict += string([]byte{'M', byte(i), byte(i >> 8), 'N'})
	}
	tests := []struct{ name, shared, again string }{
		{"a key hashed", "}q\x00" + long + "q\x01", "h\x00h\x01Ns0"},
		{"a list made a set", "cbuiltins\nset\nq\x00" + items + "l\x85q\x01", "h\x00h\x01R0"},
		{"a list made a list of a class", "ccopyreg\n_reconstructor\nq\x00c__main__\nX\ncbuiltins\nlist\n" + items + "l\x87q\x01", "h\x00h\x01R0"},
		{"a dict made a dict of a class", "ccopyreg\n_reconstructor\nq\x00c__main__\nX\ncbuiltins\ndict\n" + dict + "d\x87q\x01", "h\x00h\x01R0"},
		{"arguments beside keywords", "ccopyreg\n__newobj_ex__\nq\x00c__main__\nX\n" + items + "t(NNd\x87q\x01", "h\x00h\x01R0"},
		{"text encoded", "c_codecs\nencode\nq\x00" + long + "X\x06\x00\x00\x00latin1\x86q\x01", "h\x00h\x01R0"},
		{"text of numpy's", array + "cnumpy.core.multiarray\nscalar\nq\x04h\x00X\x04\x00\x00\x00U256\x85RB\x00\x04\x00\x00" + strings.Repeat("x\x00\x00\x00", 256) + "\x86q\x05", "h\x04h\x05R0"},
		{"the fields of a dtype", array + "X\x02\x00\x00\x00V8\x85q\x04" +
			"(K\x03X\x01\x00\x00\x00|N(X\x01\x00\x00\x00aq\x05" + strings.Repeat("h\x05", 1024) + "t}h\x05h\x03K\x00\x86sK\x08K\x01K\x00tq\x06", "h\x00h\x04Rh\x06b0"},
		{"the long name of a field", array + "X\x02\x00\x00\x00V8\x85q\x04" +
			"(K\x03X\x01\x00\x00\x00|N(" + long + "q\x05t}h\x05h\x03K\x00\x86sK\x08K\x01K\x00tq\x06", "h\x00h\x04Rh\x06b0"},
	}
	for _, tt := range tests {
		file := func(times int) error {
			_, err := Decode([]byte("\x80\x02" + tt.shared + strings.Repeat(tt.again, times) + "N."))
			return err
		}
		if err := file(1); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err := file(2000); err == nil || !strings.Contains(err.Error(), "unfolds to far more than its size") {
			t.Errorf("%s again and again: got %v", tt.name, err)
		}
	}
}

// TestOpcodes covers what no pickler of Python 3 writes, but unpicklers take.
func TestOpcodes(t *testing.T) {
	tests := []struct{ name, pickle, want string }{
		{"STRING", `S'a\'\\\n\t\x41"'` + "\n.", `"a'\\\n\u0009A\""`},
		{"BINSTRING", "T\x02\x00\x00\x00ab.", `"ab"`},
		{"UNICODE", `V\u6771\\u0041 \U0001f600` + "\xe9\\x\n.", `"\u6771\\\\u0041 \ud83d\ude00\u00e9\\x"`},
		{"POP of a mark", "N(0.", "None"},
		{"POP_MARK", "N(K\x01K\x021.", "None"},
		{"DUP", "](K\x012l.", "[1, 1]"},
		{"INST", "(Vx\nisklearn.svm\nSVC\n.", `sklearn.svm.SVC("x")`},
		{"OBJ", "(csklearn.svm\nSVC\nVx\no.", `sklearn.svm.SVC("x")`},
		{"READONLY_BUFFER", "\x80\x05C\x01a\x98.", "b61"},
		{"last of equal keys", "}(Va\nI1\nVb\nI2\nVa\nI3\nu.", `{"a": 3, "b": 2}`},
		{"equal numbers as keys", "}(I1\nVa\nF1.0\nVb\nI01\nVc\nu.", `{1: "c"}`},
		{"LONG1 of no bytes", "\x80\x02\x8a\x00.", "0"},
		{"INT of 70 bits", "I1180591620717411303424\n.", "1180591620717411303424"},
		{"MEMOIZE counts entries", "\x80\x04K\x07q\x01K\x08\x94\x86h\x01\x86.", "((7, 8), 8)"},
		{"bound method", "cbuiltins\ngetattr\n(c__main__\nX\n)\x81Vrun\ntR.", `builtins.getattr(__main__.X(), "run")`},
		{"__newobj__", "ccopyreg\n__newobj__\n(c__main__\nX\nI1\ntR.", "__main__.X(1)"},
		{"__newobj_ex__", "ccopyreg\n__newobj_ex__\n(c__main__\nX\n(I1\nt(Vk\nI2\ndtR.", `__main__.X(1, {"k": 2})`},
		{"frozenset", "cbuiltins\nfrozenset\n((I1\nI2\nltR.", "set(1, 2)"},
		{"bytearray of text", "cbuiltins\nbytearray\n(Vé\nVlatin-1\ntR.", "bc3a9"},
		{"_ufunc_reconstruct", "cnumpy.core\n_ufunc_reconstruct\n(Vnumpy\nVexp\ntR.", "numpy.exp"},
		{"trailing data", "N.\xff\xff", "None"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, err := Decode([]byte(tt.pickle))
			if err != nil {
				t.Fatal(err)
			}
			if got := render(file.Root); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestSharing: what the pickle shares is one value, and cycles hold.
func TestSharing(t *testing.T) {
	file, err := Decode([]byte("\x80\x02]q\x00h\x00ah\x00a."))
	if err != nil {
		t.Fatal(err)
	}
	list := file.Root.(*List)
	if len(list.Items) != 2 || list.Items[0] != any(list) || list.Items[1] != any(list) {
		t.Errorf("got %v", list.Items)
	}
}

// TestNotPickle says what the file looks like instead.
func TestNotPickle(t *testing.T) {
	tests := []struct{ data, want string }{
		{"", "the model file is empty"},
		{"PK\x03\x04rest", "a zip archive"},
		{"\x89HDF\r\n\x1a\nrest", "an HDF5 file"},
		{`{"learner": 1}`, "a JSON document"},
		{"\x08\x07\x12\x07skl2onnx", "an ONNX model"},
		{"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"},
		{"<html>", "an XML or HTML document"},
		{"PAR1....", "a Parquet table"},
		{"ZF0x21", "a compressed dump of joblib before 0.10"},
		{"id,feature\n1,2\n", "a table or another text file"},
		{"a,b\n1,2\n", "a table or another text file"},
		{"\xff\xfeabc", "something unknown"},
	}
	for _, tt := range tests {
		_, err := Decode([]byte(tt.data))
		if err == nil || !strings.Contains(err.Error(), tt.want) || job.TypeOf(err) != job.ValidationError {
			t.Errorf("%q: got %v, want %s", tt.data, err, tt.want)
		}
	}
}

// TestCompressed refuses what is cut off, spoilt, or unfolds beyond the limit.
func TestCompressed(t *testing.T) {
	for _, path := range glob(t, "testdata/arrays-joblib-[zgblx]*[a-z24p].pkl") {
		data := readFile(t, path)
		file, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		want := "the " + file.Compression + "-compressed model file "
		for _, cut := range []int{len(data) / 2, len(data) - 12} {
			if _, err := Decode(data[:cut]); err == nil || !strings.HasPrefix(err.Error(), want+"is truncated or corrupt") {
				t.Errorf("%s cut at %d: %v", path, cut, err)
			}
		}
		if _, _, err := decompress(data, 2000); err == nil || !strings.HasPrefix(err.Error(), want+"unfolds to more than") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestXZWindow refuses a block that asks for a window of 4 GiB, wherever it is,
// and a thousand blocks that ask for the largest that one may have.
func TestXZWindow(t *testing.T) {
	data := readFile(t, "testdata/arrays-joblib-xz.pkl")
	const header = 12 // of the stream; the first block's header follows
	size := 4 * (int(data[header]) + 1)
	block := bytes.Clone(data[header : header+size])
	block[4] = 40 // 4 GiB - 1
	binary.LittleEndian.PutUint32(block[size-4:], crc32.ChecksumIEEE(block[:size-4]))
	for _, spoilt := range [][]byte{
		append(append(bytes.Clone(data[:header]), block...), data[header+size:]...),
		append(bytes.Clone(data), block...),
	} {
		if _, err := Decode(spoilt); err == nil || !strings.Contains(err.Error(), "more than 64 MiB") {
			t.Errorf("got %v", err)
		}
	}
	block[4] = 28 // 64 MiB
	binary.LittleEndian.PutUint32(block[size-4:], crc32.ChecksumIEEE(block[:size-4]))
	many := append(bytes.Clone(data), bytes.Repeat(block, 1000)...)
	if _, err := openXZ(many); err == nil || !strings.Contains(err.Error(), "larger windows than it may unfold to") {
		t.Errorf("got %v", err)
	}
}

// TestBomb unfolds 64 MiB from 64 KiB and stops at the limit.
func TestBomb(t *testing.T) {
	var zlibbed, gzipped bytes.Buffer
	for name, bomb := range map[string]struct {
		data *bytes.Buffer
		io.WriteCloser
	}{
		"zlib": {&zlibbed, zlib.NewWriter(&zlibbed)},
		"gzip": {&gzipped, gzip.NewWriter(&gzipped)},
	} {
		for range 64 {
			if _, err := bomb.Write(make([]byte, 1<<20)); err != nil {
				t.Fatal(err)
			}
		}
		if err := bomb.Close(); err != nil {
			t.Fatal(err)
		}
		const limit = 4 << 20
		allocated := measure(func() {
			if _, got, err := decompress(bomb.data.Bytes(), limit); err == nil || got != name || !strings.Contains(err.Error(), "unfolds to more than 4 MiB") {
				t.Errorf("%s: %v", name, err)
			}
		})
		if allocated > 3*limit {
			t.Errorf("%s: %d bytes allocated for a limit of %d", name, allocated, limit)
		}
	}
}

// TestBombOfAnyFormat: 16 KB that would unfold to 10 GB end at 64 MiB.
func TestBombOfAnyFormat(t *testing.T) {
	const bz2 = "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x0e\x09\xe2\xdf\x01\x5f\x8e\x40\x00\xc0\x00\x00\x08\x20\x00\x30\x80\x4d\x46\x42\xa0\x25\xa9\x0a\x80\x97\x31\x41\x59\x26\x53\x59\xf8\x7d\xd9\x0d\x00\x00\x01\x40\x00\xc0\x00\x00\x08\x20\x00\x21\x00\x82\x60\x71\x77\x24\x53\x85\x09\x0e\x46\xe1\xcb\x30" // 45.9 MB of zeros
	bomb := bytes.Repeat([]byte(bz2), 220)
	allocated := measure(func() {
		if _, err := Decode(bomb); err == nil || !strings.Contains(err.Error(), "the bz2-compressed model file unfolds to more than 64 MiB") {
			t.Errorf("got %v", err)
		}
	})
	if allocated > 2*smallLimit+80<<20 {
		t.Errorf("%d bytes allocated for a file of %d", allocated, len(bomb))
	}
	for _, tt := range []struct{ size, want int }{
		{1, 64 << 20}, {1 << 20, 1032 << 20}, {1 << 30, MaxSize},
	} {
		if got := unfoldLimit(tt.size); got != tt.want {
			t.Errorf("a file of %d bytes may unfold to %d, want %d", tt.size, got, tt.want)
		}
	}
}

// TestPythonMade refuses what Python itself pickled (testdata/hostile.py): every
// name that loading would have called is in the error.
func TestPythonMade(t *testing.T) {
	var all []struct {
		Name, Pickle string
		Calls        []string
	}
	if err := json.Unmarshal(readFile(t, "testdata/hostile.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, tt := range all {
		data, err := base64.StdEncoding.DecodeString(tt.Pickle)
		if err != nil {
			t.Fatal(err)
		}
		file, err := Decode(data)
		if err == nil || file.Root != nil || job.TypeOf(err) != job.ValidationError || !strings.Contains(err.Error(), "nothing was run") {
			t.Errorf("%s: got %v", tt.Name, err)
			continue
		}
		for _, call := range tt.Calls {
			if !strings.Contains(err.Error(), call) {
				t.Errorf("%s: %s is not named in %v", tt.Name, call, err)
			}
		}
	}
	if len(all) < 200 {
		t.Errorf("only %d pickles", len(all))
	}
}
