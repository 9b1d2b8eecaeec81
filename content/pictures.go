package content

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // size of GIF
	_ "image/jpeg" // size of JPEG
	_ "image/png"  // size of PNG
	"io"
	"io/fs"
	"path"
	"strings"
)

// pictureType is the media type of a picture's file by its ending, "" when it is none.
func pictureType(name string) string {
	switch path.Ext(name) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	}
	return ""
}

var errPicture = errors.New("tệp không phải là ảnh đúng loại như đuôi tên tệp")

// pictureSize reads the size in pixels from the head of a picture, whose bytes must be of the type that its name says.
func pictureSize(fsys fs.FS, name string) (width, height int, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return 0, 0, errors.New(reason(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if pictureType(name) == "image/webp" {
		return webpSize(f)
	}
	config, format, err := image.DecodeConfig(f)
	if err != nil || "image/"+format != pictureType(name) {
		return 0, 0, errPicture
	}
	return config.Width, config.Height, nil
}

// webpSize reads the size from the head of a WebP file: RIFF, its length, WEBP, then a chunk of one of three kinds (Google, "WebP
// Container Specification" and RFC 6386, section 9.1).
func webpSize(r io.Reader) (width, height int, err error) {
	h := make([]byte, 30)
	if _, err := io.ReadFull(r, h); err != nil || string(h[:4]) != "RIFF" || string(h[8:12]) != "WEBP" {
		return 0, 0, errPicture
	}
	switch string(h[12:16]) {
	case "VP8X": // sizes less one, of three bytes each
		return 1 + (int(h[24]) | int(h[25])<<8 | int(h[26])<<16), 1 + (int(h[27]) | int(h[28])<<8 | int(h[29])<<16), nil
	case "VP8L": // sizes less one, of 14 bits each
		bits := binary.LittleEndian.Uint32(h[21:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff), nil
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(h[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(h[28:]) & 0x3fff), nil
	}
	return 0, 0, errPicture
}

// pictureAddress is where the site serves a picture: /bai-viet/so-tay/anh.png, under /en for one of the English folder.
func pictureAddress(name string) string {
	lang, rest, _ := strings.Cut(name, "/")
	return fmt.Sprintf("%s/bai-viet/%s", langPrefix(lang), rest)
}

func langPrefix(lang string) string {
	if lang == "en" {
		return "/en"
	}
	return ""
}
