package content_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

func newGuard() *content.Guard {
	return content.NewGuard(content.PlantedWords(), "so.example.vn", func(host string) bool { return host == "approved.example" })
}

// plantedIn are findings as "kind value @line".
func plantedIn(list []model.Planted) []string {
	out := make([]string, 0, len(list))
	for _, p := range list {
		text := string(p.Kind) + " " + p.Value
		if p.Line > 0 {
			text += fmt.Sprint(" @", p.Line)
		}
		out = append(out, text)
	}
	return out
}

func TestGuardSeesInHTML(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"display none", `<p>a</p><div style="display: none"><a href="/x">b</a></div>`, "hidden display:none: b"},
		{"important", `<div style="Display:NONE !important">lời giấu</div>`, "hidden display:none: lời giấu"},
		{"display none behind a remark", `<div style="display:/**/none">lời giấu</div>`, "hidden display:none: lời giấu"},
		{"visibility", `<p style="visibility:hidden">lời giấu</p>`, "hidden visibility:hidden: lời giấu"},
		{"font size", `<span style="font-size:0">lời giấu</span>`, "hidden font-size:0: lời giấu"},
		{"small font", `<span style="font-size: 1px">lời giấu</span>`, "hidden font-size:1px: lời giấu"},
		{"off-screen", `<div style="position:absolute;left:-9999px">lời giấu</div>`, "hidden off-screen: lời giấu"},
		{"indent", `<div style="text-indent:-9999px">lời giấu</div>`, "hidden off-screen: lời giấu"},
		{"same colour", `<span style="color:#FFF;background:white">lời giấu</span>`, "hidden color:#fff: lời giấu"},
		{"white on paper", `<span style="color:rgb(255, 255, 255)">lời giấu</span>`, "hidden color:rgb(255, 255, 255): lời giấu"},
		{"font colour", `<font color="white">lời giấu</font>`, "hidden color: lời giấu"},
		{"opacity", `<div style="opacity:0">lời giấu</div>`, "hidden opacity:0: lời giấu"},
		{"tiny", `<div style="width:1px;height:1px;overflow:hidden">lời giấu</div>`, "hidden tiny: lời giấu"},
		{"attribute", `<p hidden>lời giấu</p>`, "hidden hidden: lời giấu"},
		{"escaped style", `<div style="d\69splay:none">lời giấu</div>`, "hidden style d\\69splay: lời giấu"},
		{"font", `<div style="font:0/0 a">lời giấu</div>`, "hidden style font: lời giấu"},
		{"far to the right", `<div style="position:absolute;left:9999px">lời giấu</div>`, "hidden off-screen: lời giấu"},
		{"inset", `<div style="position:absolute;inset:-9999px auto auto">lời giấu</div>`, "hidden style inset: lời giấu"},
		{"filter", `<div style="filter:opacity(0)">lời giấu</div>`, "hidden style filter: lời giấu"},
		{"colour without alpha", `<div style="color:#00000000">lời giấu</div>`, "hidden style color: lời giấu"},
		{"dialog", `<dialog>lời giấu</dialog>`, "hidden closed: lời giấu"},
		{"harmless style", `<p style="text-align: center; font-size: 14pt; color: #1f497d; mso-list: Ignore">lời thấy</p>`, ""},
		{"picture of a style", `<p style="background:url('//evil.example/a.png')">x</p>`, "host evil.example"},
		{"text for other browsers", `<noembed><a href="https://evil.example">x</a></noembed>`, "script noembed"},
		{"our class", `<p class="hide">lời giấu</p>`, "hidden class hide: lời giấu"},
		{"script", `<script>alert(1)</script>`, "script script"},
		{"script from elsewhere", `<script src="//cdn.evil.example/x.js"></script>`, "script cdn.evil.example"},
		{"our own script in a text", `<script src="/static/js/site.js"></script>`, "script /static/js/site.js"},
		{"style", `<style>a{display:none}</style>`, "script style"},
		{"svg", `<svg><a xlink:href="javascript:alert(1)"></a></svg>`, "script svg|address javascript:"},
		{"frame", `<iframe src="https://evil.example/x" width="0"></iframe>`, "frame evil.example"},
		{"object", `<object data="https://evil.example/x.swf"></object>`, "host evil.example|frame evil.example"},
		{"form", `<form action="https://evil.example/login"><input name=a></form>`, "form evil.example"},
		{"event", `<img src="/media/x.jpg" onerror="alert(1)">`, "event onerror alert(1)"},
		{"javascript", `<a href=" java&#10;script:alert(1)">a</a>`, "address javascript:"},
		{"data", `<a href="data:text/html,x">a</a>`, "address data:"},
		{"refresh", `<meta http-equiv="Refresh" content="0;url=//evil.example">`, "refresh 0;url=//evil.example"},
		{"host", `<p><a href="https://WWW.Evil.example:443/a">xem</a></p>`, "host evil.example"},
		{"host without scheme", `<a href="//evil.example">xem</a>`, "host evil.example"},
		{"host behind backslashes", `<a href="/\evil.example">xem</a>`, "host evil.example"},
		{"host behind a user", `<a href="https://so.example.vn@evil.example/">xem</a>`, "host evil.example"},
		{"picture from elsewhere", `<img src="https://evil.example/a.png">`, "host evil.example"},
		{"comment", `<!-- <a href="https://evil.example">x</a> -->`, "host evil.example"},
		{"word across elements", `<p>Vào <b>nhà</b> <i>cái uy</i> tín</p>`, "word nhà cái uy tín"},
		{"word in an attribute", `<img alt="mua viagra" src="/media/a.jpg">`, "word mua viagra"},
		{"word in an address", `<a href="/tin-tuc/keo-nha-cai-hom-nay">a</a>`, "word kèo nhà cái"},
		{"our pages", `<p>Xem <a href="/tin-tuc">tin</a>, <a href="https://so.example.vn/a">a</a>, <a href="https://www.approved.example/b">b</a>, <a href="tel:+842573000101">gọi</a>, <a href="mailto:a@b.vn">thư</a></p>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(plantedIn(newGuard().HTML(c.html)), "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestGuardLeavesPagesOfOurs(t *testing.T) {
	page := `<!doctype html><html lang="vi"><head><meta charset="utf-8"><link rel="stylesheet" href="/static/site.css"><link rel="canonical" href="https://so.example.vn/">
<script src="/static/js/site.js" defer></script></head><body><a class="skip" href="#noi-dung">Sang nội dung</a><h1 class="hide">Cổng</h1>
<form action="/tim-kiem"><label class="hide" for="q">Tìm</label><input type="hidden" name="ve" value="/"></form><button type="button" data-print hidden>In</button></body></html>`
	if got := plantedIn(newGuard().Page(page)); len(got) > 0 {
		t.Errorf("found %q", got)
	}
	cut := strings.Replace(page, "</body>", `<p>Mức phạt hành vi đánh bạc, cá độ bóng…</p></body>`, 1)
	if got := plantedIn(newGuard().Page(cut)); len(got) > 0 {
		t.Errorf("of the beginning of a text: %q", got)
	}
	planted := strings.Replace(page, "</body>", `<p class="hide"><a href="https://evil.example">a</a></p><script>x()</script></body>`, 1)
	want := []string{"hidden class hide: a", "host evil.example", "script script"}
	if diff := cmp.Diff(want, plantedIn(newGuard().Page(planted))); diff != "" {
		t.Error(diff)
	}
}

func TestGuardReadsMarkdown(t *testing.T) {
	text := "\n\n# Thông báo\n\nXem [ở đây](https://evil.example/a).\n\n- <script>alert(1)</script>\n- Dùng `<script>` và https://bare.example/x\n\n```\n<iframe src=https://code.example>\n```\n\nSoi kèo hôm nay tại [x](javascript:alert)\n"
	want := []string{"script script @7", "host bare.example @8", "word soi kèo hôm nay @14", "host evil.example @5", "address javascript: @14"}
	if diff := cmp.Diff(want, plantedIn(newGuard().Markdown(text))); diff != "" {
		t.Error(diff)
	}
}

func TestGuardKnowsWords(t *testing.T) {
	for text, want := range map[string]string{
		"Nhà cái uy tín số một Việt Nam":                 "nhà cái uy tín",
		"nha cai uy tin so mot viet nam":                 "nhà cái uy tín",
		"Khanh thanh nha cai nghien ma tuy huyen X.docx": "",
		"NHA CAI UY TIN, KEO NHA CAI hom nay":            "nhà cái uy tín|kèo nhà cái",
		"Nhà\u200b cái u\u00ady tín":                     "nhà cái uy tín|nhà cái",
		"𝗡𝗵à 𝗰á𝗶 𝘂𝘆 𝘁í𝗻, ｗ８８":                            "nhà cái uy tín|w88",
		"nhа̀ сái uy tín, саsіnо uy tín":                 "nhà cái uy tín|casino uy tín",
		"Nhà\u00adcái uy\u2063tín, n\u034fhà cái":        "nhà cái|nhà cái uy tín",
		"Chơi t à i x ỉ u, c.á đ.ộ, V I A G R A":         "cá độ|tài xỉu|viagra",
		"Vào n.hà c.ái u.y t.ín":                         "nhà cái uy tín",
		"Vào nhà.cái, nhacai":                            "nhà cái|nhacai",
		"Môi trường nuôi cá, độ mặn; sửa nhà. Cái cổng":  "",
		"Vắc xin cá: độ an toàn cao; về nhà.Cái ao làng": "",
		"N. V. A. và P. T. H. học a, b, c, d, đ, e":      "",
		"Trong nhà cái gì cũng ngăn nắp":                 "",
		"Nghị định về kinh doanh casino":                 "",
		"Buy cheap Viagra online":                        "cheap viagra|viagra online",
		"Game bài đổi thưởng, tải app":                   "game bài đổi thưởng",
		"Casino lớn nhất":                                "casino",
		"Công an triệt phá đường dây cá độ online":       "",
		"Cảnh báo thuốc cường dương giả trên mạng":       "",
		"Kết quả xổ số kiến thiết tỉnh ngày 05 tháng 7":  "",
		"Ba ca do chị Hoa trực, mọi người nhớ giờ":       "",
		"Nó hư rồi, đổi thưởng bằng hiện vật":            "",
		"Danh bạ các đơn vị trực thuộc Sở":               "",
		"Nhà cải tạo xong, cái uy tín còn lại":           "",
		"Soi kỹ mép vải trước khi may":                   "",
		"":                                               "",
	} {
		var got []string
		for _, p := range newGuard().Text(text) {
			got = append(got, p.Value)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}

func TestGuardTakesAnEditedList(t *testing.T) {
	g := content.NewGuard("bánh mì giá rẻ # lời nhắc\n\n! cấm\nkẹo lạc ?\n", "", func(string) bool { return true })
	for text, want := range map[string]int{"Bánh mì giá rẻ đây": 1, "bánh mì giá": 0, "Kẹo lạc": 1, "Cấm bán kẹo lạc": 0, "nhà cái uy tín": 0} {
		if got := g.Text(text); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// BenchmarkGuard looks at an item of some 4 KB as a text, and at its page.
func BenchmarkGuard(b *testing.B) {
	body := strings.Repeat("Sở Nội vụ tỉnh Tân Giang tiếp nhận hồ sơ qua **một cửa** tại [đây](/tin-tuc/mot-cua), trả kết quả đúng hạn.\n\n", 30)
	rendered, err := content.Renderer().Render(body)
	if err != nil {
		b.Fatal(err)
	}
	g := newGuard()
	for name, look := range map[string]func() []model.Planted{
		"markdown": func() []model.Planted { return g.Markdown(body) },
		"html":     func() []model.Planted { return g.HTML(rendered.HTML) },
		"page":     func() []model.Planted { return g.Page("<!doctype html><body>" + rendered.HTML) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(rendered.HTML)))
			b.ReportAllocs()
			for b.Loop() {
				if found := look(); len(found) > 0 {
					b.Fatal(found)
				}
			}
		})
	}
}
