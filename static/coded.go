package static

import (
	"bytes"
	"compress/gzip"
	"embed"
)

// brotlis holds the files as the program in pack has compressed them: brotli/css/site.css.br.
//
//go:embed brotli
var brotlis embed.FS

// Codings are the content codings that files are kept in, the smaller first. The style sheet of 25.2 KB becomes 5.3 KB with Brotli's
// strongest level (48 ms, so it is done before the program is built) and 6.1 KB with gzip's (0.8 ms, done when it is first asked for);
// Brotli of a level fit for that first use (5, 1 ms) makes 5.8 KB, zstd's best 6.1 KB.
func Codings() []string { return []string{"br", "gzip"} }

// Coded is the file in one of Codings; nil when that saves less than a tenth.
func (f *File) Coded(coding string) []byte {
	switch coding {
	case "br":
		return f.brotli()
	case "gzip":
		return f.gzip()
	}
	return nil
}

func (f *File) packed() []byte {
	data, err := brotlis.ReadFile("brotli/" + f.Name + ".br")
	if err != nil {
		return nil // a test holds that all are there
	}
	return f.ifSmaller(data)
}

func (f *File) gzipped() []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	if _, err := w.Write(f.Data); err != nil {
		panic(err) // memory: cannot fail
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return f.ifSmaller(b.Bytes())
}

func (f *File) ifSmaller(data []byte) []byte {
	if len(data) < len(f.Data)*9/10 {
		return data
	}
	return nil
}
