package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strconv"

	"golang.org/x/image/draw"

	"congso/store/model"
)

// Limits of a picture that is handed in, and of the size that is kept of it.
const (
	maxPictureBytes  = 25 << 20
	maxPicturePixels = 50_000_000
	maxPictureWidth  = 1600
	maxPictureHeight = 16_000
	jpegQuality      = 82
)

// AddPicture takes a JPEG, PNG or GIF of at most 25 MB and 50 megapixels, re-encodes it (which also drops its metadata) at most 1600
// pixels wide, makes its smaller sizes and records it. It reads Name, Alt, Caption and Credit of m and completes the rest; a picture that
// is known already makes m its record. What cannot be taken is model.Invalid for the field "file".
func (s *Store) AddPicture(ctx context.Context, by model.Actor, m *model.Media, data io.Reader) error {
	f, err := s.spool(data, maxPictureBytes)
	if err == nil {
		err = errors.Join(s.keepPicture(f, m), s.discard(f))
	}
	if err == nil {
		err = s.insertMedia(ctx, by, m)
	}
	if err != nil {
		return fmt.Errorf("picture %q: %w", m.Name, err)
	}
	return nil
}

// keepPicture makes the sizes of the picture in f and puts them in their places, one picture at a time: a decoded one takes up to 400 MB.
func (s *Store) keepPicture(f *spooled, m *model.Media) error {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	img, lossless, err := decodePicture(f)
	if err != nil {
		return err
	}
	encode, ending := encodeJPEG, ".jpg"
	if m.MIME = "image/jpeg"; lossless && jpegSpoils(img) {
		encode, ending, m.MIME = encodePNG, ".png", "image/png"
	}
	img = fitted(img)
	content, err := encode(img)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	m.Hash, m.Bytes = hex.EncodeToString(sum[:]), int64(len(content))
	m.Width, m.Height = img.Bounds().Dx(), img.Bounds().Dy()
	if err := m.Validate(); err != nil {
		return err
	}
	if err := s.keepSmaller(img, m, encode, ending); err != nil {
		return err
	}
	return s.keepBytes(content, mediaPath(m.Hash, "", ending))
}

// keepSmaller puts the smaller sizes of img in their places, each made from the one before: the eye sees no difference to one made from
// img itself (above 40 dB on the demo's pictures), and it takes half the time.
func (s *Store) keepSmaller(img image.Image, m *model.Media, encode func(image.Image) ([]byte, error), ending string) error {
	for _, width := range slices.Backward(model.Widths()) {
		if width >= m.Width {
			continue
		}
		img = scaled(img, width, draw.BiLinear)
		smaller, err := encode(img)
		if err == nil {
			err = s.keepBytes(smaller, mediaPath(m.Hash, strconv.Itoa(width), ending))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pictureFormat is how a file is read.
type pictureFormat struct {
	config   func(io.Reader) (image.Config, error)
	decode   func(io.Reader) (image.Image, error)
	lossless bool
}

// decodePicture reads the picture in f after its header has been found harmless.
func decodePicture(f io.ReadSeeker) (img image.Image, lossless bool, err error) {
	format, err := formatOf(f)
	if err != nil {
		return nil, false, err
	}
	size, err := format.config(f)
	if err != nil {
		return nil, false, invalidFile("Ảnh hỏng, không đọc được.")
	}
	if size.Width <= 0 || size.Height <= 0 || int64(size.Width)*int64(size.Height) > maxPicturePixels {
		return nil, false, invalidFile("Ảnh lớn quá 50 triệu điểm ảnh.")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, false, err
	}
	if img, err = format.decode(f); err != nil {
		return nil, false, invalidFile("Ảnh hỏng hoặc chưa gửi hết.")
	}
	return img, format.lossless, nil
}

// formatOf tells by the content how f is to be read, whatever its name says, and leaves f at its start.
func formatOf(f io.ReadSeeker) (pictureFormat, error) {
	kind, err := sniff(f)
	if err != nil {
		return pictureFormat{}, err
	}
	switch {
	case kind.Is("image/jpeg"):
		return pictureFormat{jpeg.DecodeConfig, jpeg.Decode, false}, nil
	case kind.Is("image/png"):
		return pictureFormat{png.DecodeConfig, png.Decode, true}, nil
	case kind.Is("image/gif"):
		return pictureFormat{gif.DecodeConfig, gif.Decode, true}, nil
	}
	return pictureFormat{}, invalidFile("Chỉ nhận ảnh JPEG, PNG hoặc GIF.")
}

// jpegSpoils reports whether JPEG would spoil img: it is transparent, or a drawing of few colours.
func jpegSpoils(img image.Image) bool {
	if opaque, ok := img.(interface{ Opaque() bool }); ok && !opaque.Opaque() {
		return true
	}
	return fewColours(img)
}

// fewColours reports whether img has at most 256 colours, judged by at most about two million of its pixels.
func fewColours(img image.Image) bool {
	const samples = 2_000_000
	b := img.Bounds()
	step := 1
	for b.Dx()/step*(b.Dy()/step) > samples {
		step++
	}
	seen := map[color.Color]bool{}
	for y := b.Min.Y; y < b.Max.Y; y += step {
		for x := b.Min.X; x < b.Max.X; x += step {
			if seen[img.At(x, y)] = true; len(seen) > 256 {
				return false
			}
		}
	}
	return true
}

// fitted is img at its own size, or scaled down to what is kept.
func fitted(img image.Image) image.Image {
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	target := min(width, maxPictureWidth)
	if height > maxPictureHeight {
		target = max(1, min(target, width*maxPictureHeight/height))
	}
	if target == width {
		return img
	}
	return scaled(img, target, draw.CatmullRom)
}

// scaled is img at the given width.
func scaled(img image.Image, width int, by draw.Scaler) image.Image {
	b := img.Bounds()
	height := max(1, (b.Dy()*width+b.Dx()/2)/b.Dx())
	smaller := image.NewRGBA(image.Rect(0, 0, width, height))
	by.Scale(smaller, smaller.Bounds(), img, b, draw.Src, nil)
	return smaller
}

func encodeJPEG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality})
	return b.Bytes(), err
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	return b.Bytes(), err
}
