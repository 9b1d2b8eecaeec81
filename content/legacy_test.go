package content_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"

	"congso/content"
)

func TestRepairLegacy(t *testing.T) {
	for _, c := range []struct {
		encoding     content.Encoding
		legacy, want string
	}{
		{content.TCVN3, "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"},
		{content.TCVN3, "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"},
		{content.TCVN3, "Uû ban nh©n d©n tØnh, n\u00ad\u00edc, \u00adu tiªn, \u00aeêng", "Uỷ ban nhân dân tỉnh, nước, ưu tiên, đờng"},
		{content.TCVN3, "C\uf0e9ng ho\u03bc", "Cộng hoà"},
		{content.TCVN3, "¾ ½ ¼ » Æ Ç È É Ê Ë Ì Î Ï Ð Ñ", "ắ ẵ ẳ ằ ặ ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ"},
		{content.VNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"},
		{content.VNI, "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"},
		{content.VNI, "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{content.VNI, "nöôùc, ñöôøng, thuyû, kyõ, lyù, tæ, thò, Yeâu, baèng, naêm", "nước, đường, thuỷ, kỹ, lý, tỉ, thị, Yêu, bằng, năm"},
		{"", "nguyên vẹn", "nguyên vẹn"},
	} {
		if got := content.RepairLegacy(c.legacy, c.encoding); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.encoding, c.legacy, got, c.want)
		}
	}
}

func TestDetectLegacy(t *testing.T) {
	for _, c := range []struct {
		text string
		want content.Encoding
	}{
		{"Céng hoµ x· héi chñ nghÜa ViÖt Nam", content.TCVN3},
		{"B¸o c¸o kÕt qu¶ c«ng t¸c 6 th¸ng ®Çu n¨m vµ ph\u00ad¬ng h\u00adíng, nhiÖm vô 6 th¸ng cuèi n¨m", content.TCVN3},
		{"Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", content.VNI},
		{"Baùo caùo keát quaû coâng taùc saùu thaùng ñaàu naêm, phöông höôùng nhieäm vuï", content.VNI},
		{"Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc", ""},
		{"Cá là cá, hà và bà: ôn hòa, là ô tô, là ý", ""},
		{norm.NFD.String("Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc"), ""},
		{"L'été dernier, où étaient les élèves de l'école à côté de la forêt ? Ça dépend du père et de la mère, déjà âgés.", ""},
		{"The naïve café owner's résumé: a façade, the rôle of coöperation, 25 °C, §5, ±3 µm, « quote ».", ""},
		{"El niño comió más jamón aquí; él está en España, ¿qué tal? Mañana será otro día.", ""},
		{"Über die Größe der Straße möchte ich später ausführlich schreiben, schöne Grüße aus München.", ""},
		{"São Paulo não é a capital; a informação está em português, às vezes também há razões.", ""},
		{"m² 5 §§ © ® ™ ½", ""},
		{"", ""},
	} {
		if got := content.DetectLegacy(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestLegacyFont(t *testing.T) {
	for font, want := range map[string]content.Encoding{
		".VnTime": content.TCVN3, ".VnArial Narrow": content.TCVN3, `".VnTimeH"`: content.TCVN3, "VNI-Times": content.VNI, "VNI-Helve": content.VNI,
		"Times New Roman": "", "Vni": "", "": "",
	} {
		got, capitals := content.LegacyFont(font)
		if got != want || capitals != (font == `".VnTimeH"`) {
			t.Errorf("%s: %q, capitals %v", font, got, capitals)
		}
	}
}

func FuzzLegacy(f *testing.F) {
	for _, s := range []string{"Céng hoµ x· héi", "Coäng hoøa xaõ", "Cộng hòa", "e\u0301", "\xff", "ïïï", "ôùôù", "\uf0e9", "\u0338"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range []content.Encoding{content.TCVN3, content.VNI} {
			if got := content.RepairLegacy(s, e); !norm.NFC.IsNormalString(got) {
				t.Errorf("%s %q: %q is not NFC", e, s, got)
			}
		}
		if e := content.DetectLegacy(s); e != "" && content.DetectLegacy(content.RepairLegacy(s, e)) == e {
			t.Errorf("%q is %s again after its repair", s, e)
		}
	})
}
