package store

import (
	"bufio"
	"errors"
	"image"
	"io"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
)

// orientationOf is the EXIF orientation of the picture in f, 1 to 8; 1 where the picture says nothing, or nothing that can be read.
// The values are those of the Exif standard (CIPA DC-008), tag 0112.
func orientationOf(f io.ReadSeeker) (int, error) {
	kind, err := sniff(f)
	if err != nil {
		return 0, err
	}
	format, ok := map[string]imagemeta.ImageFormat{
		"image/jpeg": imagemeta.JPEG, "image/png": imagemeta.PNG, "image/webp": imagemeta.WebP,
	}[kind.String()]
	if !ok {
		return 1, nil
	}
	orientation := 1
	_, err = imagemeta.Decode(imagemeta.Options{
		R: f, ImageFormat: format, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if value, ok := tag.Value.(uint16); ok && value >= 1 && value <= 8 {
				orientation = int(value)
			}
			return imagemeta.ErrStopWalking
		},
	})
	if err != nil { // broken metadata: the picture itself is well
		return 1, nil
	}
	return orientation, nil
}

// upright is img as it is to be looked at, no larger than what is kept.
func upright(img image.Image, orientation int) image.Image {
	if orientation < 5 {
		return turned(fitted(img, maxPictureWidth, maxPictureHeight), orientation)
	}
	return turned(fitted(img, maxPictureHeight, maxPictureWidth), orientation)
}

// turned is img as the orientation says that it is to be shown.
func turned(img image.Image, orientation int) image.Image {
	if orientation == 1 {
		return img
	}
	from := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(from, from.Bounds(), img, img.Bounds().Min, draw.Src)
	width, height := from.Rect.Dx(), from.Rect.Dy()
	to := image.NewRGBA(from.Rect)
	if orientation >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, height, width))
	}
	for y := range height {
		for x := range width {
			toX, toY := shownAt(orientation, x, y, width, height)
			copy(to.Pix[to.PixOffset(toX, toY):], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

// shownAt is where the pixel of a picture of that size is shown.
func shownAt(orientation, x, y, width, height int) (toX, toY int) {
	switch orientation {
	case 2:
		return width - 1 - x, y
	case 3:
		return width - 1 - x, height - 1 - y
	case 4:
		return x, height - 1 - y
	case 5:
		return y, x
	case 6:
		return height - 1 - y, x
	case 7:
		return height - 1 - y, width - 1 - x
	case 8:
		return y, width - 1 - x
	}
	return x, y
}

// moves reports whether f is a GIF of more than one frame. It decodes none, and believes one that breaks off to stand still.
func moves(f io.ReadSeeker) (bool, error) {
	kind, err := sniff(f)
	if err != nil || !kind.Is("image/gif") {
		return false, err
	}
	walk := gifWalk{bufio.NewReader(f)}
	frames := 0
	err = walk.header()
	for err == nil && frames < 2 {
		var frame bool
		if frame, err = walk.block(); frame {
			frames++
		}
	}
	return frames > 1, nil
}

// gifWalk steps through the blocks of a GIF (CompuServe, "GIF89a Specification").
type gifWalk struct{ *bufio.Reader }

// skip passes n bytes.
func (w gifWalk) skip(n int) error {
	_, err := w.Discard(n)
	return err
}

// header passes the signature, the screen's size and the colours that all frames share.
func (w gifWalk) header() error {
	head := make([]byte, 13)
	if _, err := io.ReadFull(w, head); err != nil {
		return err
	}
	return w.skip(colours(head[10]))
}

// colours is the size in bytes of the colour table that the packed field announces.
func colours(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

var errGIFEnd = errors.New("end of the GIF")

// block passes one block and reports whether it is a frame.
func (w gifWalk) block() (frame bool, err error) {
	kind, err := w.ReadByte()
	if err != nil {
		return false, err
	}
	switch kind {
	case 0x21: // an extension
		return false, errors.Join(w.skip(1), w.chain())
	case 0x2c:
		head := make([]byte, 9)
		if _, err := io.ReadFull(w, head); err != nil {
			return false, err
		}
		return true, errors.Join(w.skip(colours(head[8])+1), w.chain())
	}
	return false, errGIFEnd
}

// chain passes blocks of data up to the empty one that ends them.
func (w gifWalk) chain() error {
	for {
		size, err := w.ReadByte()
		if err != nil || size == 0 {
			return err
		}
		if err := w.skip(int(size)); err != nil {
			return err
		}
	}
}
