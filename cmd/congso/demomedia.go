package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"regexp"
	"slices"
	"strings"

	"congso/cmd/congso/drawing"
	"congso/store/model"
)

var demoPictureTarget = regexp.MustCompile(`\(picture:([a-z0-9-]+) `)

// body puts the addresses of pictures in the place of their names.
func (l *demoLoader) body(markdown string) (string, error) {
	var missing string
	text := demoPictureTarget.ReplaceAllStringFunc(markdown, func(target string) string {
		name := demoPictureTarget.FindStringSubmatch(target)[1]
		media, ok := l.pictures[name]
		if !ok {
			missing = name
		}
		return "(" + media.URL() + " "
	})
	if missing != "" {
		return "", fmt.Errorf("no picture %s", missing)
	}
	return text, nil
}

func (l *demoLoader) photo(p demoPhoto) model.Photo {
	return model.Photo{Media: l.pictures[p.Picture], Alt: p.Alt, Caption: p.Caption}
}

func (l *demoLoader) attachments(ctx context.Context, list []demoAttachment) ([]model.Attachment, error) {
	var attachments []model.Attachment
	for _, a := range list {
		data := demoCSV(a.Rows)
		if strings.HasSuffix(a.File, ".docx") {
			var err error
			if data, err = demoDocx(a.Title, a.Text); err != nil {
				return nil, err
			}
		}
		media := model.Media{Name: a.File}
		if err := l.store.AddAttachment(ctx, demoActor, &media, bytes.NewReader(data)); err != nil {
			return nil, fmt.Errorf("attachment %s: %w", a.File, err)
		}
		attachments = append(attachments, model.Attachment{Media: media, Title: a.Title})
	}
	return attachments, nil
}

// onBoard is a picture on its way from the drawing board to the store.
type onBoard struct {
	name    string
	picture image.Image
	err     error
}

// drawAll draws the pictures that the records use; one is onBoard while the one before is stored.
func (l *demoLoader) drawAll(ctx context.Context, news []demoNews, meetings []demoMeeting) error {
	words := map[string]demoPhoto{}
	for _, n := range news {
		if n.Cover != nil {
			words[n.Cover.Picture] = *n.Cover
		}
		for _, match := range demoPictureTarget.FindAllStringSubmatch(n.body, -1) {
			words[match[1]] = cmp.Or(words[match[1]], demoPhoto{Picture: match[1]})
		}
	}
	for _, m := range meetings {
		for _, p := range m.Photos {
			words[p.Picture] = p
		}
	}
	board := make(chan onBoard, 2)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer close(board)
		for _, name := range slices.Sorted(maps.Keys(words)) {
			picture, err := drawing.Draw(name)
			select {
			case board <- onBoard{name, picture, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	for d := range board {
		if d.err != nil {
			return d.err
		}
		var data bytes.Buffer
		if err := jpeg.Encode(&data, d.picture, &jpeg.Options{Quality: 92}); err != nil {
			return err
		}
		media := model.Media{Name: d.name + ".jpg", Alt: words[d.name].Alt, Credit: ""}
		if err := l.store.AddPicture(ctx, demoActor, &media, &data); err != nil {
			return fmt.Errorf("picture %s: %w", d.name, err)
		}
		l.pictures[d.name] = media
	}
	return ctx.Err()
}
