package content

import (
	"strconv"
	"strings"
)

// symbols are the signs of Word's symbol fonts that offices use, by the number within the font.
var symbols = map[string]map[int64]string{
	"wingdings": {
		0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x4A: "☺", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x76: "❖",
		0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
	},
	"wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "□"},
	"symbol": {
		0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×",
		0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xDE: "⇒", 0xE5: "∑", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x57: "Ω", 0x44: "Δ",
	},
}

// symbol adds w:sym: a sign of a font, given by a number in the private area or below 256.
func (p *wordParagraph) symbol(font, char string, style textStyle) {
	n, err := strconv.ParseInt(char, 16, 32)
	if err != nil {
		return
	}
	if n >= 0xF000 && n <= 0xF0FF {
		n -= 0xF000
	}
	if sign, ok := symbols[strings.ToLower(font)][n]; ok {
		p.add(textRun(sign), style)
		return
	}
	if !strings.Contains(strings.ToLower(font), "dings") && n > 0x20 && (n < 0xE000 || n > 0xF8FF) {
		p.add(textRun(string(rune(n))), style)
		return
	}
	p.reader.doc.remarks.add(noteSymbol)
}

var (
	superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻", "n", "ⁿ")
	subscripts   = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋")
)

// raise writes raised or lowered figures as such, since Markdown has no other sign for m² and H₂O. Other text stays on the line.
func raise(s, position string) string {
	switch {
	case position == "superscript" && s != "" && strings.Trim(s, "0123456789+-n") == "":
		return superscripts.Replace(s)
	case position == "subscript" && s != "" && strings.Trim(s, "0123456789+-") == "":
		return subscripts.Replace(s)
	}
	return s
}
