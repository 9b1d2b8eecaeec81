package store

// jsonForm is the number of the form in which ExportJSON writes a portal and ImportJSON reads one.
const jsonForm = 1

// jsonShape is how a value stands in an exported line.
type jsonShape string

const (
	jsonWords  jsonShape = "words"  // a text in Unicode NFC
	jsonExact  jsonShape = "exact"  // a text that is carried byte by byte
	jsonWhole  jsonShape = "whole"  // a whole number
	jsonFlag   jsonShape = "flag"   // true or false
	jsonTime   jsonShape = "time"   // RFC 3339 with its zone, null for none; Unix seconds where the calendar ends
	jsonDay    jsonShape = "day"    // YYYY-MM-DD, null for none
	jsonRef    jsonShape = "ref"    // the number of another record, null for none
	jsonNested jsonShape = "nested" // an object or a list as it is kept, or a text
	jsonLabel  jsonShape = "label"  // names the record of a jsonRef, for whoever reads; nothing is read from it
)

// jsonField is a field of an exported line.
type jsonField struct {
	name   string
	column string // "" for the name
	as     jsonShape
	about  string   // for README.md and the schema
	may    []string // the only values, nil for any
	must   bool     // a line without it is a fault
	plain  bool     // of a jsonWhole: it is neither negative nor more than jsonMost
	listed bool     // in a list, a line without it has its place there
	secret bool     // goes only where secrets go
	from   string   // of a jsonLabel: the table and column that the label is read from, "section.slug"
}

// jsonTable is a table whose rows are lines of a file, or a list within each line of another one.
type jsonTable struct {
	name   string // of the file without its ending, or of the list
	table  string
	about  string
	fields []jsonField
	parts  []jsonTable

	owner   string            // of a part: the column with the number of the record
	above   map[string]string // of a part of a part: more columns, each with the field's column above that it is the same as
	order   []string          // of a part: the columns by which its list goes
	fixed   map[string]any    // columns that are the same in all of its rows
	made    []string          // columns that the import makes itself
	where   string            // condition of rows that are exported, "" for all
	secret  bool              // goes only where secrets go
	check   func(l *jsonLoad, row jsonRow) error
	prepare func(l *jsonLoad, row jsonRow) error
}

// jsonMost is the most that is counted: sums of it do not overflow.
const jsonMost = 1 << 54

// jsonRow is a row by its columns.
type jsonRow map[string]any

func (r jsonRow) text(column string) string { s, _ := r[column].(string); return s }
func (r jsonRow) whole(column string) int64 { n, _ := r[column].(int64); return n }

// in is the column of the field.
func (f jsonField) in() string {
	if f.column != "" {
		return f.column
	}
	return f.name
}

func asField(as jsonShape, name, about string) jsonField {
	return jsonField{name: name, as: as, about: about}
}

func asWords(name, about string) jsonField  { return asField(jsonWords, name, about) }
func asExact(name, about string) jsonField  { return asField(jsonExact, name, about) }
func asWhole(name, about string) jsonField  { return asField(jsonWhole, name, about) }
func asFlag(name, about string) jsonField   { return asField(jsonFlag, name, about) }
func asTime(name, about string) jsonField   { return asField(jsonTime, name, about) }
func asDay(name, about string) jsonField    { return asField(jsonDay, name, about) }
func asRef(name, about string) jsonField    { return asField(jsonRef, name, about) }
func asNested(name, about string) jsonField { return asField(jsonNested, name, about) }

// asLabel names the record that a jsonRef of that column leads to.
func asLabel(name, column, from string) jsonField {
	return jsonField{name: name, column: column, as: jsonLabel, from: from, about: "Để người đọc dễ hiểu; khi nhập lại chỉ xem " + column + "."}
}

func (f jsonField) needed() jsonField                { f.must = true; return f }
func (f jsonField) oneOf(values ...string) jsonField { f.may = values; return f }
func (f jsonField) hidden() jsonField                { f.secret = true; return f }
func (f jsonField) natural() jsonField               { f.plain = true; return f }

// asNumber is the number of a record.
func asNumber() jsonField {
	return asWhole("id", "Số của bản ghi; các tệp khác dẫn tới nó bằng số này.").needed()
}

// asPlace is the place of a row in its list.
func asPlace() jsonField {
	f := asWhole("position", "Thứ tự trong danh sách; thiếu thì theo thứ tự đang đứng.")
	f.listed = true
	return f
}

// jsonLeftOut are the tables that an export leaves out, each with why; those of leftOut besides.
func jsonLeftOut() map[string]string {
	return map[string]string{
		"contact_import": "a file between its preview and its import, for a day",
		"hit_flush":      "how far the journals in the data folder were read",
		"hit_online":     "who is online now",
		"hit_salt":       "secrets of a day",
		"hit_visitor":    "hashes that only the salt of their day could tell",
		"login_failure":  "what slows down whoever guesses passwords",
		"login_known":    "what slows down whoever guesses passwords",
	}
}

// jsonSettings is the condition of settings that are records: neither secret nor about one database.
const jsonSettings = `name NOT IN ('` + movingSetting + `', '` + staleSearch + `', 'setup', 'program', '` + backupStateSetting + `') AND name NOT LIKE '%\_key' ESCAPE '\'`

// jsonTables are the files of an export, in an order in which each comes after those that the checks of its lines look at.
func jsonTables() []jsonTable {
	list := []jsonTable{jsonSetting(), jsonUsers(), jsonSection(), jsonMedia(), jsonTag(), jsonUnits(), jsonPeople(), jsonMeetingKinds(), jsonNews(), jsonMeetings()}
	list = append(list, jsonFrame()...)
	list = append(list, jsonHistory()...)
	return append(list, jsonStatistics()...)
}
