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
	"strings"
	"sync"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"congso/store/model"
)

// What is kept of a picture.
const (
	maxPictureWidth  = 1600
	maxPictureHeight = 16_000
	jpegQuality      = 82
)

// AddPicture takes a JPEG, PNG, WebP or GIF within Options.Limits, turns it as its EXIF orientation says, re-encodes it at most 1600
// pixels wide, which drops all metadata with the place where it was taken, makes its smaller sizes and records it. Of a moving GIF the
// first frame is kept, and m.Still set. It reads Name, Alt, Caption and Credit of m and completes the rest; a picture that is known
// already makes m its record, and an archived one is offered again. What cannot be taken is model.Invalid for the field "file" or the
// words' field; a full disk is model.ErrDiskFull. What fails leaves no file behind.
func (s *Store) AddPicture(ctx context.Context, by model.Actor, m *model.Media, data io.Reader) error {
	f, err := s.spool(data, s.limits.PhotoBytes)
	if err == nil {
		var files []sizedFile
		files, err = s.encodePicture(f, m)
		err = errors.Join(err, s.discard(f))
		if err == nil {
			err = s.keepSizes(ctx, by, m, files)
		}
	}
	if err != nil {
		return fmt.Errorf("picture %q: %w", m.Name, err)
	}
	return nil
}

// sizedFile is a picture in one of its sizes.
type sizedFile struct {
	variant string // as mediaPath has it
	ending  string
	content []byte
}

// keepSizes puts the files in their places, the main one last, and records them.
func (s *Store) keepSizes(ctx context.Context, by model.Actor, m *model.Media, sizes []sizedFile) (err error) {
	var files []incoming
	defer func() {
		for _, file := range files {
			err = errors.Join(err, s.discard(file.spooled))
		}
	}()
	for _, size := range slices.Backward(sizes) {
		f, err := s.spool(bytes.NewReader(size.content), int64(len(size.content)))
		if err != nil {
			return err
		}
		files = append(files, incoming{f, mediaPath(m.Hash, size.variant, size.ending)})
	}
	return s.keepRecorded(ctx, by, m, files)
}

// encodePicture makes the sizes of the picture in f, the main one first, and completes m; one picture at a time, for a decoded one takes
// up to 400 MB.
func (s *Store) encodePicture(f *spooled, m *model.Media) ([]sizedFile, error) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	img, lossless, err := s.decodePicture(f)
	if err != nil {
		return nil, err
	}
	encode, ending := encodeJPEG, ".jpg"
	if m.MIME = "image/jpeg"; lossless && jpegSpoils(img) {
		encode, ending, m.MIME = encodePNG, ".png", "image/png"
	}
	orientation, err := orientationOf(f)
	if err != nil {
		return nil, err
	}
	if m.Still, err = moves(f); err != nil {
		return nil, err
	}
	img = upright(img, orientation)
	files, err := encodeSizes(img, encode, ending)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(files[0].content)
	m.Hash, m.Bytes = hex.EncodeToString(sum[:]), int64(len(files[0].content))
	m.Width, m.Height = img.Bounds().Dx(), img.Bounds().Dy()
	return files, m.Validate()
}

// encodeSizes makes img itself and its smaller sizes, each from the one before: the eye sees no difference to one made from img itself
// (above 40 dB on the demo's pictures), and it takes half the time. A size is encoded while the next one is scaled.
func encodeSizes(img image.Image, encode func(image.Image) ([]byte, error), ending string) ([]sizedFile, error) {
	widths := slices.DeleteFunc(model.Widths(), func(width int) bool { return width >= img.Bounds().Dx() })
	files, failed := make([]sizedFile, 1+len(widths)), make([]error, 1+len(widths))
	var encoding sync.WaitGroup
	begin := func(i int, variant string, img image.Image) {
		encoding.Go(func() {
			files[i] = sizedFile{variant: variant, ending: ending}
			files[i].content, failed[i] = encode(img)
		})
	}
	begin(0, "", img)
	for i, width := range slices.Backward(widths) {
		img = scaled(img, width, draw.BiLinear)
		begin(len(widths)-i, strconv.Itoa(width), img)
	}
	encoding.Wait()
	return files, errors.Join(failed...)
}

// pictureFormat is how a file is read.
type pictureFormat struct {
	config   func(io.Reader) (image.Config, error)
	decode   func(io.Reader) (image.Image, error)
	lossless bool
}

// decodePicture reads the picture in f after its header has been found harmless.
func (s *Store) decodePicture(f io.ReadSeeker) (img image.Image, lossless bool, err error) {
	format, err := formatOf(f)
	if err != nil {
		return nil, false, err
	}
	size, err := format.config(f)
	if err != nil {
		return nil, false, invalidFile("Ảnh hỏng, không đọc được.")
	}
	if size.Width <= 0 || size.Height <= 0 || int64(size.Width)*int64(size.Height) > s.limits.Pixels {
		return nil, false, invalidFile(fmt.Sprintf("Ảnh lớn quá %s triệu điểm ảnh.", model.Group(s.limits.Pixels/1_000_000)))
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
	case kind.Is("image/webp"):
		return pictureFormat{webp.DecodeConfig, webp.Decode, true}, nil
	}
	return pictureFormat{}, noPicture(kind)
}

// noPicture says why a file of that kind is not taken as a picture.
func noPicture(kind *mimetype.MIME) error {
	if err := dangerous(kind); err != nil {
		return err
	}
	if kind.Is("image/heic") || kind.Is("image/heif") || kind.Is("image/avif") || kind.Is("image/tiff") || kind.Is("image/bmp") {
		name := strings.ToUpper(strings.TrimPrefix(kind.Extension(), "."))
		return invalidFile("Chưa nhận ảnh " + name + ". Xin lưu ảnh thành JPEG rồi gửi lại.")
	}
	return invalidFile("Nội dung tệp không phải là ảnh JPEG, PNG, WebP hoặc GIF.")
}

// jpegSpoils reports whether JPEG would spoil img: it is transparent, or a drawing of few colours.
func jpegSpoils(img image.Image) bool {
	if _, photo := img.(*image.YCbCr); photo { // from a WebP that has lost as much already
		return false
	}
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

// fitted is img at its own size, or scaled down until it is no larger than asked.
func fitted(img image.Image, maxWidth, maxHeight int) image.Image {
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	target := max(1, min(width, maxWidth, width*maxHeight/height))
	if target == width {
		return img
	}
	return scaled(plain(img), target, draw.CatmullRom)
}

// plain is img with its colours ready to be weighed: a scaler would turn those of a JPEG once for each pixel that they weigh into, which
// takes twice as long in all. A huge picture is left as it is, for the memory's sake.
func plain(img image.Image) image.Image {
	const huge = 16_000_000
	b := img.Bounds()
	if _, jpeg := img.(*image.YCbCr); !jpeg || b.Dx()*b.Dy() > huge {
		return img
	}
	ready := image.NewRGBA(b)
	draw.Draw(ready, b, img, b.Min, draw.Src)
	return ready
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
