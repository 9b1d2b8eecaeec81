package content

import (
	"regexp"
	"strings"

	"congso/store/model"
)

var (
	personForm = regexp.MustCompile(`^(?:-\s*|\+\s*|•\s*|\d+[.)]\s*)?((?:các\s+)?(?i:đồng chí|đ/c|ông|bà|ts\.|ths\.)\s*:?\s*)*(\p{Lu}[\p{L}\p{M}'’]*(?:\s\p{Lu}[\p{L}\p{M}'’]*){1,5})`)
	honorific  = regexp.MustCompile(`(?:^|[\s(,:])(?:[Đđ]ồng chí|[Đđ]/c|[Ôô]ng|[Bb]à)\s*:?\s+\p{Lu}`)
	postStart  = regexp.MustCompile(`^(?:Phó|Giám đốc|Trưởng|Chủ tịch|Chủ nhiệm|Chánh|Bí thư|Ủy viên|Uỷ viên|Thứ trưởng|Bộ trưởng|Vụ trưởng|Cục trưởng|Chi cục trưởng|Chuyên viên|Viên chức|Cán bộ|Công chức|Hiệu trưởng|Viện trưởng|Tổ trưởng|Đội trưởng|Kế toán|Quyền|Nguyên|Thành viên|Lãnh đạo|Đại diện|Thanh tra viên|Lưu trữ viên|Văn thư|Thư ký|Tổng|Thường trực|phó|giám đốc|trưởng|chủ tịch|chánh|chuyên viên|đại diện|lãnh đạo|nguyên|quyền)`)
	postEnd    = regexp.MustCompile(`(?:^|\s)(?:chủ trì|chủ tọa|chủ toạ|đồng chủ trì|làm thư ký|ghi biên bản|thư ký hội nghị|thư ký cuộc họp|phát biểu|cho biết|nhấn mạnh|kết luận|yêu cầu|đề nghị|trình bày|báo cáo|tham dự|dự|cùng|đã|cũng|vừa|điều hành|ghi nhận|khẳng định|đánh giá|nêu|và)(?:[\s,.]|$)`)

	roleLabels = []struct {
		form *regexp.Regexp
		role model.ParticipantRole
	}{
		{regexp.MustCompile(`(?i)^[-+•\d.)IVX\s]*(?:đồng\s)?(?:người\s)?(?:chủ trì|chủ tọa|chủ toạ)[^:\n]{0,40}:\s*`), model.Chair},
		{regexp.MustCompile(`(?i)^[-+•\d.)IVX\s]*(?:thư ký|người ghi biên bản)[^:\n]{0,40}:\s*`), model.Secretary},
		{regexp.MustCompile(`(?i)^[-+•\d.)IVX\s]*(?:đại diện (?:các bên )?ký(?: kết)?|người ký)[^:\n]{0,40}:\s*`), model.Signer},
		{regexp.MustCompile(`(?i)^[-+•\d.)IVX\s]*(?:thành phần|tham dự|dự họp|đại biểu|khách mời|có mặt|người dự)[^:\n]{0,40}:\s*`), model.Attendee},
	}

	chairBefore = regexp.MustCompile(`(?:chủ trì|chủ tọa|chủ toạ)(?: hội nghị| cuộc họp)?(?: của| là|:)?\s*(?:có\s+)?(?:các\s+)?$|\bdo\s+(?:các\s+)?$`)
	chairAfter  = regexp.MustCompile(`^[\s,]*(?:đồng\s|làm\s)?(?:chủ trì|chủ tọa|chủ toạ)`)
	scribeAfter = regexp.MustCompile(`^[\s,]*(?:làm thư ký|ghi biên bản|thư ký (?:hội nghị|cuộc họp))`)
	present     = regexp.MustCompile(`(?i)(?:tham dự|(?:^|\s)dự\s|có mặt|phát biểu|trình bày)`)
)

// readPeople takes the people after labels such as "Chủ trì:" and those of sentences that say what they did.
func readPeople(text string) []Found[model.Participant] {
	r := peopleReader{text: text, at: map[string]int{}}
	r.labels()
	for _, s := range reportLines(text) {
		r.prose(s)
	}
	return r.list
}

// peopleReader collects people, each once, in the highest of the roles they are named in.
type peopleReader struct {
	text string
	list []Found[model.Participant]
	at   map[string]int // in list, by folded name
}

func roleRank(role model.ParticipantRole) int {
	return map[model.ParticipantRole]int{model.Chair: 3, model.Secretary: 2, model.Signer: 1}[role]
}

func (r *peopleReader) add(p Found[model.Participant]) {
	key := model.Fold(p.Value.Name)
	i, named := r.at[key]
	switch {
	case !named && len(r.list) < maxRows:
		r.at[key] = len(r.list)
		r.list = append(r.list, p)
	case named && roleRank(p.Value.Role) > roleRank(r.list[i].Value.Role):
		if p.Value.Position == "" && r.list[i].Value.Position != "" {
			r.list[i].Value.Role = p.Value.Role // the earlier place says more
			return
		}
		r.list[i] = p
	}
}

// labels reads the lines "Chủ trì: …" and the bulleted lines under one that has nothing after its colon.
func (r *peopleReader) labels() {
	var role model.ParticipantRole
	for _, s := range reportLines(r.text) {
		line := r.text[s.start:s.end]
		labelled := false
		for _, l := range roleLabels {
			if m := l.form.FindString(line); m != "" {
				role, labelled = l.role, true
				s.start += len(m)
				break
			}
		}
		switch {
		case labelled:
			if r.people(s, role); s.start < s.end {
				role = ""
			}
		case role != "" && listNumber.MatchString(line):
			s.start += len(listNumber.FindString(line))
			r.people(s, role)
		default:
			role = ""
		}
	}
}

// prose reads the people after each honorific of a line, and what the words around them say of their part.
func (r *peopleReader) prose(line span) {
	at := line.start
	for at < line.end {
		m := honorific.FindStringIndex(r.text[at:line.end])
		if m == nil {
			return
		}
		start := at + m[0]
		start += len(r.text[start:line.end]) - len(strings.TrimLeft(r.text[start:line.end], " (,:"))
		before := r.text[line.start:start]
		group, end := r.group(span{start, line.end})
		if role := r.role(before, r.text[end:line.end]); role != "" {
			for _, p := range group {
				p.Value.Role = role
				r.add(p)
			}
		}
		at = max(end, at+m[1])
	}
}

// role is what the words of the sentence before and after people say that they did, "" when they say nothing.
func (r *peopleReader) role(before, after string) model.ParticipantRole {
	before, after = tail(before, 200), head(after, 200)
	before = before[strings.LastIndexAny(before, ".;")+1:]
	if stop := strings.IndexAny(after, ".;"); stop >= 0 {
		after = after[:stop]
	}
	named := chairBefore.MatchString(before)
	switch {
	case scribeAfter.MatchString(after):
		return model.Secretary
	case chairAfter.MatchString(after), named && !strings.HasSuffix(strings.TrimRight(before, " "), "do"):
		return model.Chair
	case present.MatchString(before), present.MatchString(head(after, 60)):
		return model.Attendee
	}
	return ""
}

// people adds those that a labelled line names, one after the other.
func (r *peopleReader) people(s span, role model.ParticipantRole) {
	for s.start < s.end {
		group, end := r.group(s)
		for _, p := range group {
			p.Value.Role = role
			r.add(p)
		}
		next := strings.IndexAny(r.text[end:s.end], ";")
		if next < 0 {
			return
		}
		s.start = end + next + 1
		s.start += len(r.text[s.start:s.end]) - len(strings.TrimLeft(r.text[s.start:s.end], " "))
	}
}

// group reads people from the beginning of s, and where they end: "đồng chí: A, Giám đốc Sở; B, Phó Giám đốc", "ông A và bà B".
func (r *peopleReader) group(s span) (list []Found[model.Participant], end int) {
	end = s.start
	for at := s.start; at < s.end; {
		p, stop, ok := r.person(span{at, s.end})
		if !ok {
			break
		}
		list, end = append(list, p), stop
		gap := peopleGap.FindString(head(r.text[stop:s.end], 40))
		if gap == "" {
			break
		}
		at = stop + len(gap)
	}
	return list, end
}

var peopleGap = regexp.MustCompile(`^\s*(?:[,;]\s*(?:và\s+|cùng\s+)?|và\s+|cùng\s+)`)

// maxPerson is the bytes that a name with its positions may have.
const maxPerson = 500

// person reads one name with the positions after it.
func (r *peopleReader) person(s span) (p Found[model.Participant], end int, ok bool) {
	part := head(r.text[s.start:s.end], maxPerson)
	m := personForm.FindStringSubmatchIndex(part)
	if m == nil || !personName(part[m[4]:m[5]]) {
		return p, s.start, false
	}
	end = m[5]
	position := span{end, end}
	if open := positionOpen.FindString(part[end:]); open != "" {
		position = positionSpan(part, end+len(open))
		if position.end > position.start {
			end = position.end
			if strings.Contains(open, "(") && strings.HasPrefix(part[end:], ")") {
				end++
			}
		}
	}
	p = found(model.Participant{Name: part[m[4]:m[5]], Position: part[position.start:position.end]}, span{s.start, s.start + end})
	return p, s.start + end, true
}

var positionOpen = regexp.MustCompile(`^\s*(?:,|[-–]|:|\()\s*`)

// personName reports whether capitals that stand together are somebody's name and not an office or a post.
func personName(name string) bool {
	return !postStart.MatchString(name) && len(agencies(name)) == 0 && !strings.HasPrefix(name, "Ban ") && !strings.HasPrefix(name, "Các ")
}

// positionSpan is the position that starts at a byte of part: it ends where something else is said than another post or its office.
func positionSpan(part string, start int) span {
	end := start
	for at := start; at < len(part); {
		stop := at + strings.IndexAny(part[at:]+";", ",;.()\n")
		piece := part[at:min(stop, len(part))]
		if !postStart.MatchString(piece) && (at == start || !carriesPostOn(part[start:end], piece)) {
			break
		}
		for _, cut := range postEnd.FindAllStringIndex(piece, -1) {
			if cut[0] > 0 && !andWithinPost(piece, cut) {
				return span{start, at + len(strings.TrimRight(piece[:cut[0]], " "))}
			}
		}
		end = at + len(strings.TrimRight(piece, " "))
		if stop >= len(part) || part[stop] != ',' {
			break
		}
		at = stop + 1
		at += len(part[at:]) - len(strings.TrimLeft(part[at:], " "))
	}
	return span{start, end}
}

// carriesPostOn reports whether piece, after a comma, still belongs to the post: it is an office, or the rest of an office's name.
func carriesPostOn(post, piece string) bool {
	last := post[strings.LastIndexByte(post, ' ')+1:]
	first, _, _ := strings.Cut(piece, " ")
	_, office := (&agencyScan{words: wordsOf(piece)}).headAt(0)
	return office > 0 || afterComma[last+"-"+first]
}

// andWithinPost reports whether the word that would end a position is the "và" within the name of an office: "Giáo dục và Đào tạo".
func andWithinPost(piece string, cut []int) bool {
	next := strings.TrimSpace(piece[cut[1]:])
	first, _, _ := strings.Cut(next, " ")
	return strings.TrimSpace(piece[cut[0]:cut[1]]) == "và" && afterAnd[first]
}
