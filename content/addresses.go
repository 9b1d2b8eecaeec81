package content

import (
	"net/url"
	"path"
	"strings"

	"congso/store/model"
)

// picture finds a picture beside the article; an English article may also use the one at the same place in the Vietnamese folder.
func (b *bodyCompiler) picture(pos int, address string) (model.Picture, bool) {
	var uses media
	if p, ok := uses.picture(address); ok {
		return p, true
	}
	name, ok := b.neighbour(address)
	if strings.Contains(address, ":") || strings.HasPrefix(address, "/") || !ok || pictureType(name) == "" {
		b.out.fault(b.line(pos), "ảnh phải nằm cạnh bài viết (.jpg, .png, .gif, .webp): "+address)
		return model.Picture{}, false
	}
	return b.neighbourPicture(pos, name)
}

func (b *bodyCompiler) neighbourPicture(pos int, name string) (model.Picture, bool) {
	s, found := b.tree.pictures[name]
	b.out.pictures[name] = s
	if rest, english := strings.CutPrefix(name, "en/"); english && !found {
		name = "vi/" + rest
		s, found = b.tree.pictures[name]
		b.out.pictures[name] = s
	}
	if !found {
		b.out.fault(b.line(pos), "không tìm thấy ảnh "+name)
		return model.Picture{}, false
	}
	width, height, err := pictureSize(b.layer(s), name)
	if err != nil {
		b.out.fault(b.line(pos), name+": "+err.Error())
		return model.Picture{}, false
	}
	return model.Picture{Src: pictureAddress(name), Width: width, Height: height}, true
}

// link turns the relative address of another article's file into the article's own.
func (b *bodyCompiler) link(pos int, address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || !allowedLink(address) {
		b.out.fault(b.line(pos), "liên kết không dùng được: "+address)
		return "", false
	}
	if u.Scheme != "" || strings.HasPrefix(address, "/") {
		return address, true
	}
	if u.Path == "" {
		return address, b.refer(pos, b.out.name, u.Fragment)
	}
	name, ok := b.neighbour(u.Path)
	if ok && pictureType(name) != "" {
		p, ok := b.neighbourPicture(pos, name)
		return p.Src, ok
	}
	if !ok || path.Ext(name) != ".md" {
		b.out.fault(b.line(pos), "liên kết tương đối phải dẫn tới một tệp .md của cùng ngôn ngữ: "+address)
		return "", false
	}
	return articleAddress(name, u.Fragment), b.refer(pos, name, u.Fragment)
}

// refer notes a link to an article. A shipped article must do with links to articles that the folder hides: ok is false, and the link
// becomes text.
func (b *bodyCompiler) refer(pos int, name, anchor string) (ok bool) {
	b.out.refs = append(b.out.refs, reference{file: name, anchor: anchor, line: b.line(pos)})
	if !b.out.stamp.shipped {
		return true
	}
	b.out.absent[name] = b.absent(name)
	return !b.out.absent[name]
}

// articleAddress is where the site shows the article of a file: /bai-viet/gioi-thieu#muc, under /en for an English one.
func articleAddress(name, anchor string) string {
	lang, rest, _ := strings.Cut(name, "/")
	u := url.URL{Path: langPrefix(lang) + "/bai-viet/" + strings.TrimSuffix(rest, ".md"), Fragment: anchor}
	return u.String()
}
