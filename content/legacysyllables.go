package content

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// onsets are what a Vietnamese syllable may begin with, the longest first where one begins another.
var onsets = strings.Fields("ngh ng nh n ch c kh k gh gi g ph p th tr t qu b d đ h l m r s v x")

// rimes are what may follow, without tones.
var rimes = func() map[string]bool {
	set := map[string]bool{}
	for _, r := range strings.Fields(`a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
		e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
		i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
		o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong op ot
		ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
		u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu
		ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
		y ych yêm yên yêng yêt yêu ynh yt`) {
		set[r] = true
	}
	return set
}()

// isSyllable reports whether a word is spelt as a Vietnamese syllable may be.
func isSyllable(word string) bool {
	bare, tone, ok := splitTone(strings.ToLower(word))
	if !ok {
		return false
	}
	if isRime(bare, tone) {
		return true
	}
	for _, onset := range onsets {
		if rest, found := strings.CutPrefix(bare, onset); found && isRime(rest, tone) {
			return true
		}
	}
	return false
}

// isRime reports whether a rime may have the tone: those that end in a stop have the acute or the dot.
func isRime(rime string, tone rune) bool {
	if !rimes[rime] {
		return false
	}
	stop := strings.HasSuffix(rime, "c") || strings.HasSuffix(rime, "ch") || strings.HasSuffix(rime, "p") || strings.HasSuffix(rime, "t")
	return !stop || tone == '\u0301' || tone == '\u0323'
}

// splitTone takes the tone, 0 for the level one, from a syllable; one with two is none.
func splitTone(word string) (bare string, tone rune, ok bool) {
	tones := 0
	bare = strings.Map(func(r rune) rune {
		switch r {
		case '\u0300', '\u0301', '\u0303', '\u0309', '\u0323':
			tone = r
			tones++
			return -1
		}
		return r
	}, norm.NFD.String(word))
	return norm.NFC.String(bare), tone, tones < 2
}
